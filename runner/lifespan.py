"""The app's lifespan: startup before the first request, shutdown after the last.

uvicorn takes any exception during startup for "this app has no lifespan" and serves on. Here the difference is made by
whether the app took the startup event: one that raises without having asked for it does not know the protocol (a bare
ASGI function that expects `http`) and is served; one that raises after that has failed.
"""

import asyncio
from pathlib import Path
from typing import Any

from .asgi import App, Message
from .deadline import Deadline
from .failure import StartTimeout, from_error, plain, timed_out

SETTLE_SECONDS = 1.0


class NotLifespan(RuntimeError):
    """What an app gets that answers the lifespan as if it were a request."""


class Lifespan:
    """Runs the app's lifespan in a task of its own. uvicorn's Server takes it in place of its own class.

    `state` is what the app put into the scope's state at startup; every request sees a copy.
    """

    should_exit = False

    def __init__(self, app: App, root: Path, deadline: Deadline) -> None:
        self._app, self._root, self._deadline = app, root, deadline
        self.state: dict[str, Any] = {}
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._asked = False
        self._known = False
        self._exit: BaseException | None = None
        self._answer: asyncio.Future[Message] | None = None
        self._task: asyncio.Task[None] | None = None

    async def startup(self) -> None:
        """Returns once the app has started, or has shown that it has no lifespan. Raises StartFailed."""
        self._answer = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name="lifespan")
        self._events.put_nowait({"type": "lifespan.startup"})
        await self._either(self._answer, self._task, self._deadline.left())
        if self._answer.done():
            await self._answered(self._answer.result())
        elif self._task.done():
            self._ended(self._task)
        else:
            await self._too_slow(self._task)

    async def shutdown(self, seconds: float = 10.0) -> None:
        """Tell the app to shut down and wait for it, that long. Raises what the app raises."""
        if not self._known or self._task is None or self._task.done():
            return
        self._answer = asyncio.get_running_loop().create_future()
        self._events.put_nowait({"type": "lifespan.shutdown"})
        await self._either(self._answer, self._task, seconds)
        await asyncio.wait({self._task}, timeout=SETTLE_SECONDS)
        if self._task.done() and not self._task.cancelled() and (error := self._task.exception()) is not None:
            raise error

    async def _either(self, answer: asyncio.Future[Message], task: asyncio.Task[None], seconds: float) -> None:
        waited: set[asyncio.Future[Any]] = {answer, task}
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await self._app(scope, self._receive, self._send)
        except (SystemExit, KeyboardInterrupt) as error:
            # Raised out of a task they would end the event loop.
            self._exit = error

    async def _receive(self) -> Message:
        self._asked = True
        return await self._events.get()

    async def _send(self, message: Message) -> None:
        if not str(message["type"]).startswith("lifespan."):
            self._asked = False
            raise NotLifespan("this is the lifespan scope, not a request")
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(message)

    async def _answered(self, message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            self._known = True
            return
        assert self._task is not None
        # Starlette raises the exception once it has told us: that one knows the line.
        await asyncio.wait({self._task}, timeout=SETTLE_SECONDS)
        if self._task.done():
            self._ended(self._task, failed=True)
        lines = str(message.get("message") or "the app said that its startup failed").strip().splitlines()
        raise plain("startup_failed", lines[-1])

    def _ended(self, task: asyncio.Task[None], *, failed: bool = False) -> None:
        error = self._exit or (None if task.cancelled() else task.exception())
        if isinstance(error, StartTimeout):
            raise timed_out(error, self._root, self._deadline.seconds, "starting the app (lifespan)")
        if error is not None and (self._asked or failed):
            raise from_error("startup_failed", error, self._root)

    async def _too_slow(self, task: asyncio.Task[None]) -> None:
        """Cancelled, the task shows the line it waited at."""
        self._deadline.disarm()
        task.cancel()
        await asyncio.wait({task}, timeout=SETTLE_SECONDS)
        error: BaseException = StartTimeout()
        if task.done():
            try:
                task.result()
            except BaseException as shown:  # whatever it made of the cancellation, its traceback counts
                error = shown
        raise timed_out(error, self._root, self._deadline.seconds, "starting the app (lifespan)")
