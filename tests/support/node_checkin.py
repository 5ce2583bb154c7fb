"""The activator's part towards runners, and no more: takes their check-ins and passes on what they say to a Cluster.

A real listener that speaks the frames of docs/protocols.md; with it the contract suite needs a Cluster and nothing else.
"""

import asyncio
import json
import struct
from contextlib import suppress
from typing import Any

import msgspec

from cluster.base import Cluster, Failure, InstanceReport, Unavailable, UnknownTicket

_LENGTH = struct.Struct(">I")
RETRY_SECONDS = 0.05


class CheckIn:
    """Listens on `port` (0: any) of `host` for the runners of `cluster`.

    `hold`: while it is cleared, what runners say is not passed on. `reported`: every report that was.
    """

    def __init__(self, cluster: Cluster, host: str = "127.0.0.1") -> None:
        self._cluster = cluster
        self._host = host
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.hold = asyncio.Event()
        self.hold.set()
        self.reported: list[InstanceReport] = []
        self.refused: list[str] = []

    async def start(self, port: int = 0) -> int:
        """Listen; gives the port."""
        self._server = await asyncio.start_server(self._accept, self._host, port)
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    async def aclose(self) -> None:
        """Stop listening and let go of every runner; they serve on."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await _receive(reader)
        if hello["serving"]:
            _send(writer, {"type": "welcome"})
        else:
            try:
                peer = writer.get_extra_info("peername")[0]
                bundle = await self._cluster.bundle(hello["ticket"], hello["instance"], peer)
            except UnknownTicket as error:
                self.refused.append(hello["instance"])
                _send(writer, {"type": "refused", "reason": str(error)})
                return
            except Unavailable:
                return
            _send(writer, {"type": "bundle", **msgspec.to_builtins(bundle)})
        try:
            await self._pass_on(hello, reader, writer)
        except (OSError, EOFError):
            await self._report(InstanceReport(hello["instance"], "lost"))
            raise

    async def _pass_on(self, hello: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            message = await _receive(reader)
            await self.hold.wait()
            if message["type"] == "ready":
                host = writer.get_extra_info("peername")[0]
                address = f"{host}:{hello['port']}"
                await self._report(InstanceReport(hello["instance"], "ready", address, phases=message["phases"]))
            elif message["type"] == "failed":
                failure = msgspec.convert(message["failure"], Failure)
                await self._report(InstanceReport(hello["instance"], "failed", failure=failure))
                return

    async def _report(self, report: InstanceReport) -> None:
        if report.phase != "lost":
            self.reported.append(report)  # first: whatever comes of it is seen after it
        while True:
            with suppress(Unavailable):
                await self._cluster.report(report)
                return
            await asyncio.sleep(RETRY_SECONDS)


async def _receive(reader: asyncio.StreamReader) -> dict[str, Any]:
    (size,) = _LENGTH.unpack(await reader.readexactly(4))
    message: dict[str, Any] = json.loads(await reader.readexactly(size))
    return message


def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    body = json.dumps(message).encode()
    writer.write(_LENGTH.pack(len(body)) + body)
