"""One connection to the node: calls go out, a single task reads what comes back and puts it into each call's mailbox.

A connection is used until it breaks and is then thrown away; `LocalCluster` makes the next one.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from cluster import base
from cluster.local import wire

MAX_WAITING = 100_000
"""Messages that a stream's reader may be behind; one that is further behind is cut off, and lists again."""


class Mailbox:
    """What the node said to one call and nobody read yet."""

    def __init__(self) -> None:
        self._messages: deque[wire.Item | wire.End | base.ClusterError] = deque()
        self._filled = asyncio.Event()
        self.ended = False

    def put(self, message: wire.Item | wire.End | base.ClusterError) -> None:
        """Add a message; the last one of a call is an End or an error."""
        if self.ended:
            return
        self.ended = not isinstance(message, wire.Item)
        if len(self._messages) >= MAX_WAITING:
            self.ended = True
            self._messages.clear()
            message = base.Unavailable("this reader is too far behind")
        self._messages.append(message)
        self._filled.set()

    async def get(self) -> wire.Item | wire.End:
        """The next message; raises the error that the node told."""
        while not self._messages:
            self._filled.clear()
            await self._filled.wait()
        message = self._messages.popleft()
        if isinstance(message, base.ClusterError):
            raise message
        return message


class Connection:
    """An authenticated connection. `broken` once it can take no more calls."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._mailboxes: dict[int, Mailbox] = {}
        self._ids = itertools.count(1)
        self.broken = False
        self._task = asyncio.create_task(self._read(), name="cluster.local connection")

    @classmethod
    async def open(cls, address: tuple[str, int], token: str, seconds: float) -> Self:
        """Connect and show the token; raises Unavailable."""
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_connection(*address)
                writer.write(wire.frame(wire.Hello(token)))
                await wire.read_from_node(reader)
        except (OSError, EOFError, ValueError) as error:
            if writer is not None:
                writer.close()
            why = "it refused the token" if isinstance(error, EOFError) else str(error) or "no answer"
            raise base.Unavailable(f"the node at port {address[1]} cannot be reached: {why}") from error
        return cls(reader, writer)

    @contextmanager
    def call(self, verb: wire.Verb) -> Iterator[Mailbox]:
        """Send a call and give its mailbox; a call left before its end is cancelled at the node."""
        number = next(self._ids)
        data = wire.frame(wire.Call(number, verb))
        if self.broken:
            raise base.Unavailable("the connection to the node broke")
        mailbox = self._mailboxes[number] = Mailbox()
        self._writer.write(data)
        try:
            yield mailbox
        finally:
            del self._mailboxes[number]
            if not mailbox.ended and not self.broken:
                self._writer.write(wire.frame(wire.Cancel(number)))

    async def aclose(self) -> None:
        """Close; calls under way raise Unavailable."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while True:
                self._deliver(await wire.read_from_node(self._reader))
        except (OSError, EOFError, ValueError):
            pass
        finally:
            self.broken = True
            self._writer.close()
            for mailbox in self._mailboxes.values():
                mailbox.put(base.Unavailable("the connection to the node broke"))

    def _deliver(self, message: wire.FromNode) -> None:
        if isinstance(message, wire.Welcome):
            return
        # None: the caller left, and its cancellation crossed this answer.
        mailbox = self._mailboxes.get(message.id)
        if mailbox is not None:
            mailbox.put(wire.error(message) if isinstance(message, wire.Fault) else message)
