"""A listener that says that this process lives and its event loop turns, for who may end and start it anew; and its figures."""

import asyncio

from control.figures import CONTENT_TYPE, FIGURES

_HEAD_SECONDS = 2.0


async def say_alive(bind: str, port: int) -> asyncio.Server:
    """Answers the process's figures at /metrics and 200 to whatever else is asked, until it is closed."""
    return await asyncio.start_server(_answer, bind, port)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(_HEAD_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        figures = head.startswith((b"GET /metrics ", b"GET /metrics?"))
        writer.write(_said(FIGURES.text(), CONTENT_TYPE) if figures else _said(b"ok\n", b"text/plain"))
        await writer.drain()
    except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


def _said(body: bytes, kind: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    return head % (kind, len(body)) + body
