"""Server-sent events: frames out of an iterator of events, a comment when nothing happens, an end when the process stops.

The comment every 15 s keeps proxies from closing a quiet stream and finds out that a reader is gone.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import msgspec

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
KEEP_ALIVE_SECONDS = 15.0
_KEEP_ALIVE = b": keep-alive\n\n"
_RETRY = b"retry: 1000\n\n"


class Event(msgspec.Struct, frozen=True):
    """`data` is one line of JSON."""

    id: str
    name: str
    data: bytes

    def frame(self) -> bytes:
        return b"id: %s\nevent: %s\ndata: %s\n\n" % (self.id.encode(), self.name.encode(), self.data)


async def stream(
    events: AsyncIterator[Event], stopping: asyncio.Event, keep_alive_seconds: float = KEEP_ALIVE_SECONDS
) -> AsyncGenerator[bytes, None]:
    """The events as frames, until they end or `stopping` is set. Closes `events` whichever way it ends."""
    stop: asyncio.Future[Any] = asyncio.ensure_future(stopping.wait())
    following: asyncio.Future[Any] = asyncio.ensure_future(anext(events, None))
    try:
        yield _RETRY
        while True:
            done, _ = await asyncio.wait(
                {stop, following}, timeout=keep_alive_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if following in done:
                event: Event | None = following.result()
                if event is None:
                    return
                following = asyncio.ensure_future(anext(events, None))
                yield event.frame()
            elif stop in done:
                return
            else:
                yield _KEEP_ALIVE
    finally:
        await _end(events, stop, following)


async def _end(events: Any, *tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await events.aclose()
