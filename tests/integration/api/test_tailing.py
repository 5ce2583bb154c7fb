"""What a tail tells, without the connection around it."""

import asyncio

import pytest

from control.api.tailing import Tail
from control.domain.clock import utc_now
from control.domain.filtering import LogFilter
from control.domain.ids import new_id
from control.store import Store
from fp.api.see import LogLine
from fp.api.tail import TailPing

SECONDS = 10.0


async def test_a_tail_that_is_cancelled_ends_also_where_a_line_arrives_at_that_moment(opened_store: Store) -> None:
    """It waits for a ring; the ring and the end come in one step of the event loop, as where the listener has just begun."""
    app_id = new_id()
    waits = asyncio.Event()

    async def follow() -> None:
        async for message in Tail(opened_store.logs, app_id, 0, LogFilter(), ping_seconds=0.5).messages():
            # Behind a ping it waits, and looks for nothing before.
            if isinstance(message, TailPing):
                waits.set()

    following = asyncio.create_task(follow())
    await waits.wait()
    line = LogLine(id=new_id(), time=utc_now(), level="info", text="a line", request_id=None)
    await opened_store.logs.add(app_id, [line])
    following.cancel()
    ended, _ = await asyncio.wait([following], timeout=SECONDS)
    assert ended, "it goes on as if nobody had cancelled it"
    with pytest.raises(asyncio.CancelledError):
        following.result()
    await opened_store.logs.delete_of_app(app_id)
