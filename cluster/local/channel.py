"""The node's end of a zygote's socket: lines both ways, and descriptors that travel beside the lines that go out.

asyncio's streams cannot carry descriptors, so this speaks to the socket itself. A line and its descriptors are handed to the
system in one call; what the socket does not take at once waits in order, with copies of the descriptors, so that callers may
close theirs. Both ends count: the other one matches descriptors to lines by their order, because one read may return several
lines at once.
"""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

READ_BYTES = 65536


class Channel:
    """`sock`: one end of a stream socket pair; it is the channel's from now on."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._read = bytearray()
        self._waiting: deque[tuple[bytes, list[int]]] = deque()

    def send(self, line: bytes, descriptors: Sequence[int] = ()) -> None:
        """Send `line`, which has no newline, and copies of `descriptors` with it. Never waits and raises nothing.

        That the other end is gone is told by `readline`.
        """
        self._waiting.append((line + b"\n", [os.dup(descriptor) for descriptor in descriptors]))
        if len(self._waiting) == 1:
            self._flush()

    async def readline(self) -> bytes:
        """The next line without its newline; empty once the other end is gone."""
        loop = asyncio.get_running_loop()
        while (end := self._read.find(b"\n")) < 0:
            data = await loop.sock_recv(self._sock, READ_BYTES)
            if not data:
                return b""
            self._read += data
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line

    def finish(self) -> None:
        """Say that nothing more will come; what the other end has still to say can be read."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close this end; what has not been sent is dropped."""
        if self._sock.fileno() >= 0:
            asyncio.get_running_loop().remove_writer(self._sock)
            self._drop()
            self._sock.close()

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                self._send_some(*self._waiting[0])
        except BlockingIOError:
            loop.add_writer(self._sock, self._flush)
            return
        except OSError:
            self._drop()
        loop.remove_writer(self._sock)

    def _send_some(self, data: bytes, descriptors: list[int]) -> None:
        sent = socket.send_fds(self._sock, [data], descriptors) if descriptors else self._sock.send(data)
        _close(descriptors)
        self._waiting.popleft()
        if sent < len(data):
            # The descriptors went with the first byte.
            self._waiting.appendleft((data[sent:], []))

    def _drop(self) -> None:
        for _, descriptors in self._waiting:
            _close(descriptors)
        self._waiting.clear()


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
