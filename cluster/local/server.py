"""The node's listener: authenticates a connection and answers its calls, each in a task of its own.

A caller that goes away ends only its streams. What it asked for goes on, because the node owns that work (see `node`).
"""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, cast

import structlog

from cluster import base
from cluster.local import wire
from cluster.local.node import Node

HELLO_SECONDS = 5.0
log = structlog.get_logger(__name__)


class Server:
    """Serves a node to clients that show `token`."""

    def __init__(self, node: Node, token: str) -> None:
        self._node = node
        self._token = token.encode()
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> None:
        """Listen on loopback. Raises OSError when the port is taken."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, backlog=256)

    async def aclose(self) -> None:
        """Stop listening and cut every client off."""
        if self._server is not None:
            self._server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._clients.add(task)
        try:
            if await self._authenticated(reader):
                writer.write(wire.frame(wire.Welcome()))
                await _Client(self._node, writer).serve(reader)
        except (OSError, EOFError, ValueError, asyncio.CancelledError):
            # A cancelled accept is `aclose`; letting it out would only have asyncio log it.
            pass
        finally:
            self._clients.discard(task)
            writer.close()

    async def _authenticated(self, reader: asyncio.StreamReader) -> bool:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = await wire.read_from_client(reader)
        if not isinstance(hello, wire.Hello) or not hmac.compare_digest(hello.token.encode(), self._token):
            log.warning("client refused", reason="wrong token")
            return False
        return hello.protocol == wire.PROTOCOL


class _Client:
    def __init__(self, node: Node, writer: asyncio.StreamWriter) -> None:
        self._node = node
        self._writer = writer
        self._calls: dict[int, asyncio.Task[None]] = {}

    async def serve(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                message = await wire.read_from_client(reader)
                if isinstance(message, wire.Call):
                    self._begin(message)
                elif isinstance(message, wire.Cancel) and message.id in self._calls:
                    self._calls[message.id].cancel()
        finally:
            calls = list(self._calls.values())
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

    def _begin(self, call: wire.Call) -> None:
        task = asyncio.create_task(self._answer(call), name=f"call {type(call.verb).__name__}")
        self._calls[call.id] = task
        task.add_done_callback(lambda _: self._calls.pop(call.id, None))

    async def _answer(self, call: wire.Call) -> None:
        try:
            value = await self._perform(call)
            answer: wire.End | wire.Fault = wire.End(call.id, wire.raw(value))
        except base.ClusterError as error:
            answer = wire.fault(call.id, error)
        except Exception:
            log.exception("call failed", verb=type(call.verb).__name__)
            answer = wire.fault(call.id, base.ClusterError("the node made a mistake; its log has the traceback"))
        with suppress(OSError):
            await self._send(answer)

    async def _perform(self, call: wire.Call) -> base.Bundle | base.ClusterStats | bool | None:
        match call.verb:
            case wire.Apply(workload):
                await self._relay(call.id, self._node.apply(workload))
            case wire.Watch():
                await self._relay(call.id, self._node.watch())
            case wire.Abandon(app, version):
                await self._node.abandon(app, version)
            case wire.Configure(app, idle_minutes, hosts, blocked):
                await self._node.configure(app, idle_minutes=idle_minutes, hosts=hosts, blocked=blocked)
            case wire.Scale(app, replicas):
                return await self._node.scale(app, replicas)
            case wire.Gate(app, closed):
                await self._node.gate(app, closed=closed)
            case wire.Report(report):
                await self._node.report(report)
            case wire.Delete(app):
                await self._node.delete(app)
            case wire.GetBundle(ticket, instance):
                return await self._node.bundle(ticket, instance)
            case wire.Stats():
                return await self._node.stats()
        return None

    async def _relay(self, call: int, stream: AsyncIterator[Any]) -> None:
        async with aclosing(cast("Any", stream)) as items:
            async for item in items:
                value = item if isinstance(item, base.Checkpoint) else wire.to_event(item)
                await self._send(wire.Item(call, wire.raw(value)))

    async def _send(self, message: wire.FromNode) -> None:
        self._writer.write(wire.frame(message))
        await self._writer.drain()
