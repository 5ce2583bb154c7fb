"""Control's part towards the shipper, and no more: a real HTTP listener that keeps what is posted to `/ingest`."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cluster.credentials import ingest_credential


class Ingest:
    """`answer`: the status to answer; `posts`, `refused`: how many were taken and were not; `lines`: (query, record) taken."""

    def __init__(self, token: str, host: str = "127.0.0.1") -> None:
        self._token = token
        self._host = host
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.answer = 204
        self.posts = 0
        self.refused = 0
        self.largest = 0
        self.lines: list[tuple[dict[str, str], dict[str, Any]]] = []

    async def start(self, port: int = 0) -> int:
        """Listen; gives the port."""
        self._server = await asyncio.start_server(self._accept, self._host, port)
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    async def aclose(self) -> None:
        """Be away: nobody listens any more."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def texts(self, instance: str) -> list[str]:
        """The log lines of an instance, in the order they came."""
        return [line["text"] for query, line in self.lines if query["instance"] == instance and line["kind"] == "log"]

    def of(self, app: str) -> list[dict[str, Any]]:
        """Every record of an app, in the order they came."""
        return [line for query, line in self.lines if query["app"] == app]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
                body = await reader.readexactly(int(headers["content-length"]))
                status = self._take(head.split(" ", 2), headers, body)
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    def _take(self, request: list[str], headers: dict[str, str], body: bytes) -> int:
        target = urlsplit(request[1])
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        if headers.get("authorization") not in self._credentials(query):
            return 401
        if request[0] != "POST" or target.path != "/ingest" or headers["content-type"] != "application/x-ndjson":
            return 404
        if self.answer != 204:
            self.refused += 1
            return self.answer
        self.lines += [(query, json.loads(line)) for line in body.splitlines()]
        self.posts += 1
        self.largest = max(self.largest, len(body))
        return 204

    def _credentials(self, query: dict[str, str]) -> tuple[str, ...]:
        own = ingest_credential(self._token, query["app"], int(query["version"]), query["instance"])
        return f"bearer {self._token.lower()}", f"bearer {own}"


async def until(condition: Any, seconds: float = 10.0, every: float = 0.02) -> None:
    """Wait for `condition()` to be true; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(every)


async def ended(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
