"""Streams of events: framing, comments while nothing happens, and an end when the process stops."""

import asyncio
from collections.abc import AsyncIterator

from control.api import sse

EVENT = sse.Event(id="7", name="deploy", data=b'{"seq":7}')


class Source:
    """Events that the test puts in; `closed` tells that the stream let go."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[sse.Event | None] = asyncio.Queue()
        self.closed = asyncio.Event()

    async def events(self) -> AsyncIterator[sse.Event]:
        try:
            while (event := await self.queue.get()) is not None:
                yield event
        finally:
            self.closed.set()


def test_a_frame_is_what_browsers_parse() -> None:
    assert EVENT.frame() == b'id: 7\nevent: deploy\ndata: {"seq":7}\n\n'


async def test_events_pass_in_order_and_the_end_ends_it() -> None:
    source = Source()
    for event in (EVENT, EVENT, None):
        source.queue.put_nowait(event)
    frames = [frame async for frame in sse.stream(source.events(), asyncio.Event())]
    assert frames[0].startswith(b"retry:")
    assert frames[1:] == [EVENT.frame(), EVENT.frame()]
    assert source.closed.is_set()


async def test_a_quiet_stream_is_kept_alive_and_loses_nothing() -> None:
    source = Source()
    stream = sse.stream(source.events(), asyncio.Event(), keep_alive_seconds=0.005)
    await anext(stream)
    assert (await anext(stream)).startswith(b":")
    assert (await anext(stream)).startswith(b":")
    source.queue.put_nowait(EVENT)
    while (frame := await anext(stream)).startswith(b":"):
        pass
    assert frame == EVENT.frame()
    await stream.aclose()
    assert source.closed.is_set()


async def test_a_stopping_process_ends_the_stream() -> None:
    source, stopping = Source(), asyncio.Event()
    stream = sse.stream(source.events(), stopping)
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream, None))
    stopping.set()
    assert await asyncio.wait_for(waiting, 5) is None
    assert source.closed.is_set()


async def test_a_reader_that_leaves_closes_the_source() -> None:
    source = Source()
    stream = sse.stream(source.events(), asyncio.Event())
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(source.closed.wait(), 5)
