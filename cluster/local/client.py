"""`LocalCluster`: the Cluster protocol, asked of the node over one connection.

The connection is made by the first call and made again by the first call after it broke, so there is nothing to start or to
watch over. What was under way when it broke raises Unavailable, because nobody knows how it ended; every verb may be asked
again.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from types import TracebackType
from typing import Literal, Self, TypeVar

import msgspec

from cluster import base
from cluster.local import wire
from cluster.local.connection import Connection

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 15.0
DELETE_SECONDS = 60.0

T = TypeVar("T")


class LocalCluster:
    """A client of the node at `port`; close it with `aclose`, or use it as a context manager."""

    def __init__(self, port: int, token: str, *, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._token = token
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection; calls under way and later ones raise Unavailable."""
        self._closed = True
        async with self._connecting:
            if self._connection is not None:
                await self._connection.aclose()

    async def apply(self, workload: base.Workload) -> AsyncIterator[base.Checkpoint]:
        """See Cluster.apply."""
        async with aclosing(self._stream(wire.Apply(workload), base.Checkpoint)) as checkpoints:
            async for checkpoint in checkpoints:
                yield checkpoint

    async def abandon(self, app: str, version: str) -> None:
        """See Cluster.abandon."""
        await self._call(wire.Abandon(app, version), type(None))

    async def configure(self, app: str, *, idle_minutes: int, hosts: list[str], blocked: base.Blocked) -> None:
        """See Cluster.configure."""
        await self._call(wire.Configure(app, idle_minutes, hosts, blocked), type(None))

    async def scale(self, app: str, replicas: Literal[0, 1]) -> bool:
        """See Cluster.scale."""
        return await self._call(wire.Scale(app, replicas), bool)

    async def gate(self, app: str, *, closed: bool) -> None:
        """See Cluster.gate."""
        await self._call(wire.Gate(app, closed), type(None))

    async def bundle(self, ticket: str, instance: str, peer: str = "") -> base.Bundle:
        """See Cluster.bundle."""
        return await self._call(wire.GetBundle(ticket, instance), base.Bundle)

    async def report(self, report: base.InstanceReport) -> None:
        """See Cluster.report."""
        await self._call(wire.Report(report), type(None))

    async def delete(self, app: str) -> None:
        """See Cluster.delete."""
        await self._call(wire.Delete(app), type(None), DELETE_SECONDS)

    async def watch(self) -> AsyncIterator[base.WatchEvent]:
        """See Cluster.watch."""
        async with aclosing(self._stream(wire.Watch(), wire.Event)) as events:
            async for event in events:
                yield wire.from_event(event)
        raise base.Unavailable("the node ended the watch")

    async def stats(self) -> base.ClusterStats:
        """See Cluster.stats."""
        return await self._call(wire.Stats(), base.ClusterStats)

    async def _call(self, verb: wire.Verb, answer: type[T], seconds: float = ANSWER_SECONDS) -> T:
        connection = await self._connected()
        try:
            with connection.call(verb) as mailbox:
                async with asyncio.timeout(seconds):
                    message = await mailbox.get()
        except TimeoutError:
            raise base.Unavailable(f"the node did not answer within {seconds:g} s") from None
        return msgspec.msgpack.decode(message.value, type=answer)

    async def _stream(self, verb: wire.Verb, item: type[T]) -> AsyncGenerator[T, None]:
        connection = await self._connected()
        with connection.call(verb) as mailbox:
            while isinstance(message := await mailbox.get(), wire.Item):
                yield msgspec.msgpack.decode(message.value, type=item)

    async def _connected(self) -> Connection:
        if (connection := self._usable()) is not None:
            return connection
        async with self._connecting:
            if (connection := self._usable()) is None:
                if self._closed:
                    raise base.Unavailable("this client is closed")
                connection = self._connection = await Connection.open(self._address, self._token, CONNECT_SECONDS)
            return connection

    def _usable(self) -> Connection | None:
        return None if self._connection is None or self._connection.broken else self._connection
