"""What keeps an app awake and what does not: long requests, streams, its own setting; and a sleep that is asked for by force."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door
from tests.support.raw_http import Wire, request

TICKER = {
    "app.py": """
import asyncio
import os


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await receive()
    event_stream = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": event_stream})
    for number in range(int(scope["query_string"] or b"1")):
        await send({"type": "http.response.body", "body": b"data: %d\\n\\n" % os.getpid(), "more_body": True})
        await asyncio.sleep(0.2)
    await send({"type": "http.response.body", "body": b""})
"""
}


@pytest.fixture(scope="module")
async def drowsy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A data plane where a minute of idleness is three tenths of a second."""
    folder = tmp_path_factory.mktemp("drowsy") / "data"
    async with Door(folder, FP_IDLE_SECONDS_PER_MINUTE="0.3") as running:
        yield running


async def events(door: Door, app: str, count: int) -> list[bytes]:
    """All events of a stream of `count`, however long it takes."""
    async with door.client(app) as client, client.stream("GET", f"/?{count}") as answer:
        return [line.encode() async for line in answer.aiter_lines() if line]


async def sleeps(door: Door, app: str) -> None:
    """Wait until an app sleeps by itself."""
    await door.until_view(app, replicas=0, upstream=None)


async def test_a_stream_of_events_keeps_its_app_awake_to_its_end_and_no_longer(drowsy: Door) -> None:
    """Eight idle minutes long, with another app beside it that does fall asleep meanwhile, twice."""
    await drowsy.deploy("ticker", TICKER, idle_minutes=1)
    await drowsy.deploy("beside", ECHO, idle_minutes=1)
    stream = asyncio.create_task(events(drowsy, "ticker", 12))
    async with drowsy.client("beside") as client:
        for _ in range(2):
            await sleeps(drowsy, "beside")
            assert (await client.get("/")).status_code == 200
    assert not stream.done()
    told = await stream
    assert len(told) == 12
    assert len(set(told)) == 1
    await sleeps(drowsy, "ticker")


async def test_a_long_request_is_answered_by_the_process_that_took_it(drowsy: Door) -> None:
    """It lasts for more than three idle minutes and is not noticed by anybody's idleness."""
    await drowsy.deploy("long", ECHO, idle_minutes=1)
    async with drowsy.client("long") as client:
        # The deploy may have been so long ago that it sleeps already.
        assert (await client.get("/")).status_code == 200
        instance = (await drowsy.view("long")).instance
        answers = await asyncio.gather(*(client.get("/slow") for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200] * 3
    assert (await drowsy.view("long")).instance == instance
    await sleeps(drowsy, "long")


async def test_a_body_that_is_still_coming_keeps_its_app_awake(drowsy: Door) -> None:
    """An upload slower than the idle time, of which the app has not heard the end yet."""
    await drowsy.deploy("upload", ECHO, idle_minutes=1)
    instance = (await drowsy.view("upload")).instance
    wire = await Wire.to(drowsy.port)
    wire.send(b"POST / HTTP/1.1\r\nHost: upload.localhost\r\nContent-Length: 12\r\n\r\n")
    for _ in range(12):
        wire.send(b"u")
        await asyncio.sleep(0.1)  # the slowness is what is tried
    answer = await wire.answer()
    wire.close()
    assert (answer.status, answer.json()["size"]) == (200, 12)
    assert (await drowsy.view("upload")).instance == instance


async def test_a_forced_sleep_waits_for_a_stream_and_what_came_meanwhile_is_answered_after_it(drowsy: Door) -> None:
    """New visitors wait while the old instance says its last words, and are then answered by a new one."""
    await drowsy.deploy("forced", TICKER, idle_minutes=0, grace=20.0)
    stream = asyncio.create_task(events(drowsy, "forced", 8))
    async with drowsy.client("forced") as client:
        before = (await client.get("/")).text
        sleeping = asyncio.create_task(drowsy.internal.post("/apps/forced/sleep"))
        await drowsy.until_view("forced", closed=True)
        held = [asyncio.create_task(client.get("/")) for _ in range(5)]
        told = await stream
        after = {(await one).text for one in held}
    assert (await sleeping).json() == {"status": "sleeping"}
    assert told == [before.strip().encode()] * 8
    assert len(after) == 1
    assert before not in after


async def test_an_app_told_to_sleep_never_does_not_and_once_told_otherwise_it_does(drowsy: Door) -> None:
    """0 is never, and the setting counts from the moment it changes, in both directions."""
    await drowsy.deploy("changed", ECHO, idle_minutes=0)
    await drowsy.deploy("meter", ECHO, idle_minutes=1)
    await sleeps(drowsy, "meter")
    assert (await drowsy.view("changed")).upstream is not None
    await drowsy.cluster.configure("changed", idle_minutes=1, blocked="", hosts=["changed.localhost"])
    await sleeps(drowsy, "changed")
    await drowsy.cluster.configure("changed", idle_minutes=0, blocked="", hosts=["changed.localhost"])
    async with drowsy.client("changed") as changed, drowsy.client("meter") as meter:
        assert (await changed.get("/")).status_code == 200
        for _ in range(2):
            assert (await meter.get("/")).status_code == 200
            await sleeps(drowsy, "meter")
    assert (await drowsy.view("changed")).upstream is not None


async def test_longer_idle_minutes_are_longer(drowsy: Door) -> None:
    """Of two apps used at the same moment the one with fewer idle minutes sleeps first."""
    await drowsy.deploy("short", ECHO, idle_minutes=1)
    await drowsy.deploy("longer", ECHO, idle_minutes=6)
    await asyncio.gather(*(_visit(drowsy, app) for app in ("short", "longer")))
    await sleeps(drowsy, "short")
    assert (await drowsy.view("longer")).upstream is not None
    await sleeps(drowsy, "longer")


async def _visit(door: Door, app: str) -> None:
    wire = await Wire.to(door.port)
    assert (await wire.ask(request(f"{app}.localhost"))).status == 200
    wire.close()
