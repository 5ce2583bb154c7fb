"""A streamed answer's generator is closed when the answer is over, and not when Python finds the time to collect it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from litestar import get
from litestar.app import Litestar
from litestar.response import Stream

from control.api.streams import streamed

SCOPE: dict[str, Any] = {
    "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "root_path": "",
    "http_version": "1.1", "scheme": "http", "server": ("x", 80), "client": ("x", 1),
}  # fmt: skip


@pytest.mark.parametrize("ends", ["in order", "by the reader", "by a failure"])
async def test_the_chunks_are_closed_however_the_answer_ends(ends: str) -> None:
    closed, read = asyncio.Event(), asyncio.Event()
    kept: list[AsyncGenerator[bytes, None]] = []

    async def chunks() -> AsyncGenerator[bytes, None]:
        try:
            yield b"first"
            if ends == "by a failure":
                raise RuntimeError("half way")
            yield b"second"
        finally:
            closed.set()

    @get("/")
    async def answer() -> Stream:
        kept.append(chunks())  # who holds it on keeps Python from closing it
        return streamed(kept[0], "text/plain", {"X-Mine": "1"})

    async def receive() -> Any:
        await read.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body" and message["body"] == b"first" and ends == "by the reader":
            read.set()
            await asyncio.Event().wait()
        elif not message.get("more_body", True):
            read.set()

    app: Any = Litestar([answer], openapi_config=None)
    try:
        async with asyncio.timeout(5):
            await app(SCOPE | {"app": app}, receive, send)
    except BaseException as error:
        assert ends == "by a failure", error
    assert closed.is_set()
