"""Peers that take their time: those who never finish a sentence hold nobody up, those who read slowly get all of it.

Traefik's listener is not ours: there the promise is that others are served meanwhile. Where we listen ourselves, for wake calls
and for runners that check in, a caller that does not say what it wants is cut off.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door
from tests.support.node_ingest import ended
from tests.support.raw_http import Wire, request, wires

SLOW = 300
HEAD = b"GET / HTTP/1.1\r\nHost: served.localhost\r\nX-Long: "
BODY = b"POST / HTTP/1.1\r\nHost: dribbled.localhost\r\nContent-Length: 9999\r\n\r\n"
LARGE = 24 << 20

LARGE_ANSWERS = {
    "app.py": f"""
PART = bytes(range(256)) * 256


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"{LARGE}")]}})
    if scope["path"] == "/parts":
        for _ in range({LARGE} // len(PART)):
            await send({{"type": "http.response.body", "body": PART, "more_body": True}})
        await send({{"type": "http.response.body", "body": b""}})
    else:
        await send({{"type": "http.response.body", "body": PART * ({LARGE} // len(PART))}})
"""
}


@pytest.fixture(scope="module")
async def hasty(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A data plane whose activator waits for two seconds for what a caller wants, with two apps that are awake."""
    async with Door(tmp_path_factory.mktemp("hasty") / "data", FP_SLOW_SECONDS="2") as running:
        await running.deploy("served", ECHO)
        await running.deploy("dribbled", ECHO)
        yield running


@asynccontextmanager
async def dribbling(port: int, beginning: bytes, letter: bytes) -> AsyncIterator[Sequence[Wire]]:
    """Hundreds of connections that said `beginning` and then say one `letter` now and then, as long as this lasts."""

    async def dribble(callers: Sequence[Wire]) -> None:
        while True:
            for caller in callers:
                caller.send(letter)
            await asyncio.sleep(0.2)

    async with wires(port, SLOW) as callers:
        for caller in callers:
            caller.send(beginning)
        dribbles = asyncio.create_task(dribble(callers))
        try:
            yield callers
        finally:
            await ended(dribbles)


async def serves(door: Door) -> None:
    """An awake app answers and a sleeping one wakes, from one sleep to the next."""
    async with door.client("served") as client:
        assert (await client.get("/")).status_code == 200
        await door.sleep("served")
        assert (await client.post("/", content=b"woken")).json()["size"] == 5


@pytest.mark.parametrize("beginning", [b"G", HEAD, BODY], ids=["one letter", "half a head", "half a body"])
async def test_others_are_served_while_hundreds_of_visitors_dribble(hasty: Door, beginning: bytes) -> None:
    async with dribbling(hasty.port, beginning, b"e"):
        for _ in range(3):
            await serves(hasty)


@pytest.mark.parametrize("beginning", [b"", b"G", HEAD], ids=["silent", "one letter", "half a head"])
async def test_callers_of_the_activator_that_dribble_are_cut_off(hasty: Door, beginning: bytes) -> None:
    async with dribbling(hasty.activator_port, beginning, b"e" if beginning else b"") as callers:
        await serves(hasty)
        assert all(await asyncio.gather(*(caller.cut_off() for caller in callers)))
        await serves(hasty)


@pytest.mark.parametrize(
    "beginning", [b"", b"\x00\x00", b"\x00\x00\xff\x00{"], ids=["silent", "half a size", "half a frame"]
)
async def test_runners_that_never_say_who_they_are_are_cut_off(hasty: Door, beginning: bytes) -> None:
    async with dribbling(hasty.checkin_port, beginning, b"\x00" if beginning else b"") as callers:
        await serves(hasty)
        assert all(await asyncio.gather(*(caller.cut_off() for caller in callers)))
        await serves(hasty)


@pytest.mark.parametrize("path", ["/parts", "/whole"])
async def test_a_slow_reader_gets_all_of_a_large_answer_though_its_app_is_put_to_sleep(hasty: Door, path: str) -> None:
    """In parts the app feels that the reader is slow; whole, it is done at once and only its server and the door know."""
    await hasty.deploy("large", LARGE_ANSWERS, grace=30.0)
    reader = await Wire.to(hasty.port, receive_buffer=16384)
    reader.send(request("large.localhost", path=path))
    status, headers = await reader.head()
    sleeping = asyncio.create_task(hasty.internal.post("/apps/large/sleep"))
    await hasty.until_view("large", closed=True)
    digest, size = hashlib.sha256(), 0
    while size < LARGE and (part := await reader.read(65536)):
        digest.update(part)
        size += len(part)
        await asyncio.sleep(0.001)  # the slowness is what is tried
    reader.close()
    assert (status, headers["content-length"], size) == (200, str(LARGE), LARGE)
    assert digest.hexdigest() == hashlib.sha256(bytes(range(256)) * (LARGE // 256)).hexdigest()
    assert (await sleeping).status_code == 200
    await hasty.until_view("large", replicas=0, upstream=None)


async def test_a_slow_reader_of_many_small_answers_keeps_its_order(hasty: Door) -> None:
    """Hundreds of requests sent ahead on one connection, whose answers are read only once all were sent."""
    wire = await Wire.to(hasty.port, receive_buffer=4096)
    for number in range(200):
        wire.send(request("served.localhost", "POST", f"/{number}", body=b"b" * 100))
    paths = [(await wire.answer()).json()["path"] for _ in range(200)]
    wire.close()
    assert paths == [f"/{number}" for number in range(200)]
