"""Everybody at once: so many clients, each with a connection of its own that is open before, send in the same moment.

Raw sockets and a parser of a dozen lines, so that a thousand clients cost the machine little beside what is measured. Every
answer is read whole; who sent what is the caller's to check.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """`ms`: from the moment all sent to this answer's last byte. `status` 0: there was none, `body` says why."""

    status: int
    body: bytes
    ms: float


def burst(port: int, requests: Sequence[tuple[str, str]], seconds: float = 60.0) -> list[Reply]:
    """Send a GET for each `(host, path)` at the same moment; the replies, in the order of the requests."""
    return asyncio.run(_burst(port, requests, seconds))


async def _burst(port: int, requests: Sequence[tuple[str, str]], seconds: float) -> list[Reply]:
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in requests]
    began = time.perf_counter()
    for (host, path), (_, writer) in zip(requests, connections, strict=True):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    replies = await asyncio.gather(*(_reply(reader, began, seconds) for reader, _ in connections))
    for _, writer in connections:
        writer.close()
    return replies


async def _reply(reader: asyncio.StreamReader, began: float, seconds: float) -> Reply:
    try:
        async with asyncio.timeout(seconds):
            head = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
            length = fields.get(b"content-length")
            body = await (reader.readexactly(int(length)) if length is not None else reader.read())
    except (OSError, EOFError, TimeoutError) as error:
        return Reply(0, repr(error).encode(), (time.perf_counter() - began) * 1000)
    return Reply(int(head.split(b" ", 2)[1]), body, (time.perf_counter() - began) * 1000)
