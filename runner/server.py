"""uvicorn as we run it: on our socket, with our lifespan, without its signals, main loop and access log.

uvicorn's Server is driven step by step (`startup`, `on_tick`, the connections in `server_state`), so that `ready` can be
told at the right moment and the end can be a lame duck. That is also all of its inside that we rely on.
"""

import asyncio
import contextlib
import logging
import socket
import time

import uvicorn

from .activity import Activity
from .lifespan import Lifespan
from .recorder import Recorder
from .reserved import Reserved

# Longer than the data plane keeps its idle connections (60 s), so that it is never us who close one under a request.
KEEP_ALIVE_SECONDS = 90
QUIET_SECONDS = 0.25
LOOK_SECONDS = 0.02
LAST_SECONDS = 1.0


class _Untold(logging.Filter):
    """Lets an exception pass only when no request record carries it already."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def filter(self, record: logging.LogRecord) -> bool:
        told = self._recorder.told
        return told is None or record.exc_info is None or record.exc_info[1] is not told


class Server:
    """Serves `front`, behind which `recorder` stands; `trusted`: see Settings.

    `sockets`: the first is ours alone. Others listen with us too: those we let go of the moment we are to end, and whoever
    comes to them from then on is theirs.
    """

    def __init__(
        self, front: Reserved, recorder: Recorder, lifespan: Lifespan, sockets: list[socket.socket], trusted: str
    ) -> None:
        config = uvicorn.Config(
            front,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=trusted,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        logger = logging.getLogger("uvicorn.error")
        logger.setLevel(logging.ERROR)
        logger.addFilter(_Untold(recorder))
        config.load()
        self._sockets = sockets
        self._recorder = recorder
        self._activity: Activity = recorder.activity
        self._lifespan = lifespan
        self._uvicorn = uvicorn.Server(config)
        self._uvicorn.lifespan = lifespan

    async def start(self) -> None:
        """Run the lifespan's startup, then accept. Raises StartFailed."""
        await self.tick()
        await self._uvicorn.startup(sockets=self._sockets)
        self._activity.last = time.monotonic()

    async def tick(self) -> None:
        """Once a second: renew the Date header."""
        await self._uvicorn.on_tick(0)

    async def drain(self, grace: float) -> None:
        """The lame duck: returns when all that was in flight has ended, or `grace` seconds are over, and all is closed.

        New requests are served as long as they come; each answer ends its connection. Idle connections stay open
        until the end: the other side may just be sending on one.
        """
        ends = time.monotonic() + grace
        self._recorder.closing = True
        for shared in self._uvicorn.servers[1:]:
            shared.close()
        for connection in self._uvicorn.server_state.connections:
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and not cycle.response_complete:
                cycle.keep_alive = False
        await self._quiet(ends)
        self._close()
        await self._empty(max(ends, time.monotonic() + LAST_SECONDS))

    async def _quiet(self, ends: float) -> None:
        """Until so many looks in a row saw no request that they make QUIET_SECONDS, or it is `ends`.

        Looks are counted, not time: a process that was not given the processor has not heard who came meanwhile.
        """
        quiet, served = 0, self._activity.served
        while time.monotonic() < ends and quiet * LOOK_SECONDS < QUIET_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            busy = self._activity.in_flight or self._activity.served != served
            quiet, served = 0 if busy else quiet + 1, self._activity.served

    def _close(self) -> None:
        for server in self._uvicorn.servers:
            server.close()
        for connection in list(self._uvicorn.server_state.connections):
            connection.shutdown()

    async def _empty(self, ends: float) -> None:
        state = self._uvicorn.server_state
        while (state.connections or state.tasks) and time.monotonic() < ends:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(LOOK_SECONDS)
        for task in list(state.tasks):
            task.cancel()
        if state.tasks:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait(state.tasks, timeout=LAST_SECONDS)
