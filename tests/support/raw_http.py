"""A visitor with nothing between it and the socket: it says exactly the bytes it is told to, at the speed it is told to.

HTTP clients are polite; visitors are not. One `Wire` is one connection, its requests are bytes, and its answers are read
with no more knowledge than a client must have: lengths, chunks, or the end of the connection.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager
from typing import Any, Self

import msgspec

PATIENCE = 60.0
"""Seconds until an answer that does not come fails the test; above the longest that the door may hold a request."""


class Answer(msgspec.Struct, frozen=True):
    """One answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


def request(
    host: str,
    method: str = "GET",
    path: str = "/",
    *,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes | None = None,
) -> bytes:
    """A whole HTTP/1.1 request; `Content-Length` where there is a body."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
    lines += [] if body is None else [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


class Wire:
    """One TCP connection to a port of loopback."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int, *, receive_buffer: int | None = None) -> Self:
        """Connect. `receive_buffer`: bytes that the kernel takes for a reader that does not read."""
        sock = socket.socket()
        sock.setblocking(False)
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=sock, limit=1 << 16))

    def send(self, data: bytes) -> None:
        """Say these bytes."""
        self._writer.write(data)

    async def sent(self) -> None:
        """Wait until the kernel has them."""
        await self._writer.drain()

    async def ask(self, data: bytes, *, method: str = "GET") -> Answer:
        """Say a request and hear its answer."""
        self.send(data)
        return await self.answer(method=method)

    async def answer(self, *, method: str = "GET") -> Answer:
        """The next answer, interim ones passed over. Raises EOFError when the connection ends before it is whole."""
        async with asyncio.timeout(PATIENCE):
            status, headers = await self._head()
            while status // 100 == 1:
                status, headers = await self._head()
            return Answer(status, headers, b"" if method == "HEAD" or status == 204 else await self._body(headers))

    async def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the next answer, which may be an interim one; its body is left to `read`."""
        async with asyncio.timeout(PATIENCE):
            return await self._head()

    async def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; empty at the end."""
        async with asyncio.timeout(PATIENCE):
            return await self._reader.read(size)

    async def cut_off(self) -> bool:
        """Wait for the other side to close the connection, whatever it says first; then close it too."""
        async with asyncio.timeout(PATIENCE):
            try:
                while await self._reader.read(65536):
                    pass
            except ConnectionError:
                pass
        self.abort()
        return True

    def abort(self) -> None:
        """Be gone at once."""
        self._writer.transport.abort()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def _head(self) -> tuple[int, dict[str, str]]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in pairs}

    async def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            parts = []
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                parts.append(await self._reader.readexactly(size + 2))
            await self._reader.readexactly(2)
            return b"".join(part[:-2] for part in parts)
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        return await self._reader.read()


@asynccontextmanager
async def wires(port: int, count: int) -> AsyncIterator[list[Wire]]:
    """That many connections at once, all closed in the end."""
    opened: list[Wire] = []
    with ExitStack() as stack:
        for _ in range(count):
            opened.append(await Wire.to(port))
            stack.callback(opened[-1].abort)
        yield opened
