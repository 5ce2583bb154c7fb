"""The outermost layer: every answer has a request id and the safe headers, every request leaves one log line.

`/api` goes to Litestar, everything else to the web page. It is also the last safety net: whatever goes wrong below becomes
a problem, and once an answer has begun the connection is cut, so that no client takes half an answer for a whole one.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any

import structlog
from litestar.types import ASGIApp, Receive, Send

from control.api.problems import LOG, to_answer
from control.domain.ids import new_id
from control.figures import FIGURES

_COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_DISCARD_BYTES = 16 * 1024 * 1024
_DISCARD_SECONDS = 5.0
_API_POLICY = b"default-src 'none'; frame-ancestors 'none'"


class Front:
    """An ASGI application over the API and the web page. WebSockets are the API's alone."""

    def __init__(self, api: ASGIApp, web: ASGIApp) -> None:
        self._api = api
        self._web = web
        self._running: set[asyncio.Task[Any]] = set()
        self._sockets: set[asyncio.Task[Any]] = set()

    async def drain(self, seconds: float) -> None:
        """Returns when no request is in flight; those still there after that many seconds are cancelled."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in self._running:
            task.cancel()

    async def sockets_closed(self, seconds: float) -> None:
        """Returns when every WebSocket said good-bye, after that many seconds at the latest: a server that stops cuts them."""
        if self._sockets:
            await asyncio.wait(self._sockets, timeout=seconds)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if (task := asyncio.current_task()) is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        if scope["type"] == "websocket":
            if task is not None:
                self._sockets.add(task)
                task.add_done_callback(self._sockets.discard)
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)

    async def _socket(self, scope: Any, receive: Receive, send: Send) -> None:
        """What is no WebSocket of the API's is refused, and so is what fails before it was taken."""
        scope["fp_request_id"] = new_id()
        if self._target(scope) is not self._api:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        with structlog.contextvars.bound_contextvars(request_id=scope["fp_request_id"]):
            LOG.debug("websocket", path=scope["path"])
            await self._api(scope, receive, send)

    async def _request(self, scope: Any, receive: Receive, send: Send) -> None:
        body = _Body(receive)
        answer = _Answer(send, body, blank=scope["method"] == "HEAD")
        scope["fp_request_id"] = answer.request_id
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=answer.request_id):
            try:
                await self._target(scope)(_as_get(scope), body.receive, answer.send)
            except Exception as error:
                await answer.fail(error)
            finally:
                seconds = time.perf_counter() - began
                FIGURES.answered(scope["method"], _route(scope), answer.status, seconds)
                _log(scope, answer.status, seconds)

    def _target(self, scope: Any) -> ASGIApp:
        path = scope["path"]
        return self._api if path == "/api" or path.startswith("/api/") else self._web


class _Body:
    """A request's body on its way in; knows whether all of it was read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._over = False

    async def receive(self) -> Any:
        message: Any = await self._receive()
        self._over = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def discard(self) -> None:
        """Reads what is left, within reason: a connection closed over unread bytes takes the answer with it."""
        left = _DISCARD_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while not self._over and left > 0:
                    left -= len((await self.receive()).get("body", b""))


class _Answer:
    """Sends one answer; adds what every answer has, and leaves the body out when `blank`."""

    def __init__(self, send: Send, body: _Body, *, blank: bool) -> None:
        self._send = send
        self._body = body
        self._blank = blank
        self.request_id = new_id()
        self.status: int | None = None

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= 400:
                await self._body.discard()
            self.status = message["status"]
            message = {**message, "headers": self._headers(list(message.get("headers", ())))}
        elif self._blank and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _headers(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name.lower() for name, _ in headers}
        headers += [(name, value) for name, value in _COMMON if name not in names]
        if b"content-security-policy" not in names:
            headers.append((b"content-security-policy", _API_POLICY))
        headers.append((b"x-request-id", self.request_id.encode()))
        return headers

    async def fail(self, error: Exception) -> None:
        """Answers the error; raises it again when another answer has begun."""
        status, headers, body = to_answer(error, self.request_id)
        if self.status is not None:
            raise error
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        raw.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": raw})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})


def _as_get(scope: Any) -> Any:
    """HEAD is answered as GET without a body, but not below /api/, where a GET may be a stream."""
    is_head = scope["method"] == "HEAD" and not scope["path"].startswith("/api/")
    return {**scope, "method": "GET"} if is_head else scope


def _route(scope: Any) -> str:
    """The template of the route that answered, as Litestar notes it: of those there are only so many."""
    if not scope["path"].startswith("/api"):
        return "web"
    return str(scope.get("path_template") or "none")


def _log(scope: Any, status: int | None, seconds: float) -> None:
    line = LOG.bind(method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 2))
    if (status is None or status >= 500) and scope["path"] != "/api/ready":
        line.warning("request")
    elif scope["method"] in {"GET", "HEAD"}:
        line.debug("request")
    else:
        line.info("request")
