"""Sleep loses nothing: under load, with streams open, by idleness and by force."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door


@pytest.fixture(scope="module")
async def drowsy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A data plane where a minute of idleness is half a second."""
    folder = tmp_path_factory.mktemp("drowsy") / "data"
    async with Door(folder, FP_IDLE_SECONDS_PER_MINUTE="0.5") as running:
        yield running


async def load(door: Door, app: str, stop: asyncio.Event) -> list[int]:
    """One client that asks again and again; the statuses it saw.

    Traefik's own proxy cuts about one answer in a thousand to a request with a body, asleep or awake (docs/data-plane.md), so
    in the data plane `routes` there is none.
    """
    statuses: list[int] = []
    body = b"x" * 1000 if door.plane == "plugin" else b""
    async with door.client(app) as client:
        while not stop.is_set():
            answer = await client.request("POST" if body else "GET", "/", content=body)
            statuses.append(answer.status_code if answer.json()["size"] == len(body) else 0)
    return statuses


async def test_sleeping_again_and_again_under_constant_load_loses_no_request(door: Door) -> None:
    await door.deploy("busy", ECHO)
    stop = asyncio.Event()
    clients = [asyncio.create_task(load(door, "busy", stop)) for _ in range(8)]
    sleeps = await door.metric("fp_sleeps_total")
    for _ in range(12):
        async with asyncio.timeout(30):
            while (
                await door.view("busy")
            ).upstream is None:  # one that still wakes is not put to sleep but not started
                await asyncio.sleep(0.01)
        answer = await door.internal.post("/apps/busy/sleep")
        assert answer.status_code == 200, answer.text
    stop.set()
    statuses = [status for client in clients for status in await client]
    assert await door.metric("fp_sleeps_total") - sleeps == 12
    assert len(statuses) > 50
    assert set(statuses) == {200}


async def test_a_forced_sleep_lets_what_is_in_flight_end(door: Door) -> None:
    await door.deploy("inflight", ECHO)
    async with door.client("inflight") as client:
        await client.get("/")
        slow = asyncio.create_task(client.get("/slow"))
        async with asyncio.timeout(10):
            while (await door.view("inflight")).closed is False:
                forced = asyncio.create_task(door.internal.post("/apps/inflight/sleep"))
                await asyncio.sleep(0.1)
        assert (await slow).status_code == 200
        assert (await forced).json() == {"status": "sleeping"}
    assert (await door.view("inflight")).replicas == 0


async def test_an_idle_app_falls_asleep_by_itself_and_wakes_again(drowsy: Door) -> None:
    await drowsy.deploy("idle", ECHO, idle_minutes=1)
    await drowsy.until_view("idle", replicas=0, upstream=None)
    async with drowsy.client("idle") as client:
        assert (await client.get("/")).status_code == 200
    await drowsy.until_view("idle", replicas=0, upstream=None)


async def test_an_app_that_is_used_or_never_sleeps_stays_awake(drowsy: Door) -> None:
    await drowsy.deploy("never", ECHO, idle_minutes=0)
    await drowsy.deploy("used", ECHO, idle_minutes=2)
    await drowsy.deploy("control", ECHO, idle_minutes=1)
    instance = (await drowsy.view("used")).instance
    async with drowsy.client("used") as client:
        for _ in range(2):
            before = await drowsy.metric("fp_sleeps_total")
            while await drowsy.metric("fp_sleeps_total") == before:
                assert (await client.get("/")).status_code == 200
                await asyncio.sleep(0.05)
            async with drowsy.client("control") as other:
                await other.get("/")
    assert (await drowsy.view("used")).instance == instance
    assert (await drowsy.view("never")).upstream is not None


async def test_a_download_that_its_client_gave_up_does_not_keep_an_app_awake(drowsy: Door) -> None:
    await drowsy.deploy("dropped", ECHO, idle_minutes=1)
    for _ in range(3):
        async with drowsy.client("dropped") as client, client.stream("GET", "/endless") as answer:
            async for _chunk in answer.aiter_raw():
                break
    await drowsy.until_view("dropped", replicas=0, upstream=None)


async def test_an_app_that_dies_while_it_answers_cuts_the_answer_and_wakes_again(drowsy: Door) -> None:
    await drowsy.deploy("cut", ECHO, idle_minutes=1)
    async with drowsy.client("cut") as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/cut")
        answer = await client.get("/")
        assert answer.status_code == 200, answer.text
    await drowsy.until_view("cut", replicas=0, upstream=None)


async def test_an_open_websocket_keeps_its_app_awake(drowsy: Door) -> None:
    await drowsy.deploy("open", ECHO, idle_minutes=1)
    await drowsy.deploy("shut", ECHO, idle_minutes=1)
    async with connect(f"ws://open.localhost:{drowsy.port}/", host="127.0.0.1", port=drowsy.port) as socket:
        await drowsy.until_view("shut", replicas=0)
        async with drowsy.client("shut") as client:
            await client.get("/")
        await drowsy.until_view("shut", replicas=0)
        assert (await drowsy.view("open")).upstream is not None
        await socket.send("still there")
        assert await socket.recv() == "you said still there"
    await drowsy.until_view("open", replicas=0)


async def test_a_shorter_idle_time_counts_at_once(drowsy: Door) -> None:
    await drowsy.deploy("hurried", ECHO, idle_minutes=10_000)
    await drowsy.deploy("looked-at", ECHO, idle_minutes=1)
    await drowsy.until_view("looked-at", replicas=0)  # by now every app that was awake has been looked at
    await drowsy.cluster.configure("hurried", idle_minutes=1, blocked="", hosts=["hurried.localhost"])
    await drowsy.until_view("hurried", replicas=0, upstream=None)
