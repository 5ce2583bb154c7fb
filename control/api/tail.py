"""`WS /api/apps/{app}/logs/stream`: one reader's connection to the live tail of an app's log.

A WebSocket, because the platform must notice that a reader is gone or slow, and a browser's page needs no polling beside it.
A browser cannot read why a handshake was refused, so every connection is taken, and one that may not be is told a problem and
closed with 4000 plus its status. Who asks is known as everywhere else: by the bearer token, or by the cookie, which here
counts only from a page of our own origin, for a page of any site may open a WebSocket; never by the address, which ends up in
logs.

Beside the reader, these end a connection: the process stops (1012: come back), the session is over or the app gone (a problem;
looked for every few seconds), a message cannot be handed over in time, or the reader sends something, which nobody would read.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import Any

import msgspec
from litestar import Router, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from control.api.filters import TailStart
from control.api.lookup import app_of
from control.api.problems import ApiError, problem, told
from control.api.security import Caller, caller_of
from control.api.services import Services
from control.api.tailing import Tail
from control.domain.apps import App
from control.domain.errors import StoreUnavailable
from control.store.logs import place_of
from fp.api.tail import TailMessage, TailProblem

CHECK_SECONDS = 2.0
SEND_SECONDS = 30.0
MAX_STREAMS = 32
"""Of one user, in one process: each keeps a connection that others would need."""
_ENDED, _NOT_READ, _RESTART = 1000, 1003, 1012
_OPEN: Counter[str] = Counter()
Socket = WebSocket[Any, Any, Any]


@websocket("/apps/{key:str}/logs/stream")
async def log_stream(socket: Socket) -> None:
    """The live tail of an app's log."""
    await socket.accept()
    code = _ENDED
    with suppress(WebSocketDisconnect, TimeoutError):
        try:
            code = await _serve(socket)
        except (WebSocketDisconnect, TimeoutError):
            raise
        except Exception as error:
            request_id = str(socket.scope.get("fp_request_id", ""))
            body = problem(told(error, request_id), request_id)
            code = 4000 + body.status
            await _send(socket, TailProblem(body))
        await socket.close(code)


async def _serve(socket: Socket) -> int:
    """Tells until something ends it; answers the code to close with. Raises what is to be told as a problem."""
    services: Services = socket.app.state.services
    caller = await caller_of(socket)
    app = await app_of(str(socket.path_params["key"]), caller, services)
    start = TailStart(socket.query_params)
    with _one_more(caller.user.id):
        return await _first(
            _tell(socket, services, app, start),
            _watch(services, caller, app),
            _listen(socket),
            _stop(services),
        )


@contextmanager
def _one_more(user_id: str) -> Iterator[None]:
    """Raises ApiError `rate_limited` when the user has enough streams."""
    if _OPEN[user_id] >= MAX_STREAMS:
        hint = "Close one of the pages or commands that follow a log."
        raise ApiError("rate_limited", f"You follow {MAX_STREAMS} logs already.", hint=hint)
    _OPEN[user_id] += 1
    try:
        yield
    finally:
        _OPEN[user_id] -= 1
        if not _OPEN[user_id]:
            del _OPEN[user_id]


async def _first(*works: Coroutine[Any, Any, int]) -> int:
    """What the first one answers or raises; the others are cancelled. An error goes before an answer."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return sorted(done, key=lambda task: task.exception() is None)[0].result()


async def _tell(socket: Socket, services: Services, app: App, start: TailStart) -> int:
    logs = services.store.logs
    if start.after is None:
        place = await logs.place_before(app.id, start.only, start.lines)
    else:
        # One from beyond the end (a database that was restored) would wait for ever.
        place = min(place_of(start.after), await logs.newest(app.id))
    async with aclosing(Tail(logs, app.id, place, start.only).messages()) as messages:
        async for message in messages:
            await _send(socket, message)
    return _ENDED


async def _send(socket: Socket, message: TailMessage) -> None:
    """Raises TimeoutError when the reader does not take it, WebSocketDisconnect when it is gone."""
    async with asyncio.timeout(SEND_SECONDS):
        try:
            await socket.send_data(msgspec.json.encode(message).decode())
        except RuntimeError as error:
            # How the server says that its write met a broken connection before its read did.
            raise WebSocketDisconnect(detail=str(error)) from None


async def _watch(services: Services, caller: Caller, app: App) -> int:
    """Raises once the caller may not read on."""
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        with suppress(StoreUnavailable):
            if await services.store.sessions.get(caller.session.id, services.clock()) is None:
                raise ApiError("not_logged_in", "The session is over.", hint="Log in again.")
            await services.store.apps.get(app.id)


async def _listen(socket: Socket) -> int:
    message: Any = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(detail="the reader left")
    return _NOT_READ


async def _stop(services: Services) -> int:
    await services.stopping.wait()
    return _RESTART


ROUTER = Router("/", route_handlers=[log_stream])
