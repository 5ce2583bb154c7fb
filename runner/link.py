"""The check-in connection after the start: it answers `ask`, tells what there is to tell, and comes back when it was lost.

Nothing that happens here may disturb the app, so whatever goes wrong ends the connection, not the process. A runner that
comes back says `serving: true`: an activator that was restarted learns from that who it is and that it is ready.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable

from . import wire
from .activity import Activity

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
ANSWER_SECONDS = 5.0

log = logging.getLogger("fp.runner")


class Link:
    """`address`: the activator's; `greeting`: makes the `hello` that says we serve."""

    def __init__(self, address: tuple[str, int], activity: Activity, greeting: Callable[[], wire.Message]) -> None:
        self._address = address
        self._activity = activity
        self._greeting = greeting
        self._writer: asyncio.StreamWriter | None = None
        self._untold: list[bytes] = []

    def tell(self, message: wire.Message) -> None:
        """Send a frame that nobody asked for: now, or on the next connection."""
        self._untold.append(wire.encode(message))
        if self._writer is not None:
            self._send_untold(self._writer)

    def _send_untold(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(self._untold))
        self._untold.clear()

    async def run(self, sock: socket.socket | None) -> None:
        """For ever. `sock`: the connection of the check-in, null when it is gone already."""
        pause = FIRST_PAUSE
        while True:
            try:
                reader, writer = await (self._adopt(sock) if sock else self._connect())
                pause = FIRST_PAUSE
                await self._answer(reader, writer)
            except (OSError, EOFError, wire.WireError, TimeoutError) as error:
                log.debug("the check-in connection was lost: %s", error)
            except Exception:
                log.exception("the check-in connection failed")
            sock = None
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _adopt(self, sock: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        sock.setblocking(False)
        return await asyncio.open_connection(sock=sock)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(*self._address)
            try:
                writer.write(wire.encode(self._greeting()))
                await writer.drain()
                answer = await _read(reader)
                if answer["type"] != "welcome":
                    raise wire.WireError(f"{answer['type']} where welcome was expected")
            except BaseException:
                writer.close()
                raise
        return reader, writer

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._send_untold(writer)
        try:
            while True:
                message = await _read(reader)
                if message["type"] == "ask":
                    report = {"type": "activity", "id": message.get("id"), **self._activity.report()}
                    writer.write(wire.encode(report))
                    await writer.drain()
        finally:
            self._writer = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> wire.Message:
    header = await reader.readexactly(wire.HEADER.size)
    return wire.decode(await reader.readexactly(wire.body_length(header)))
