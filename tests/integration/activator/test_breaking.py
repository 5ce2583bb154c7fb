"""Parts that die: nothing awake stops, nothing asleep is stuck, and what can be answered is."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.activator_apps import ECHO, SLOW_START
from tests.support.activator_door import Door
from tests.support.node_process import alive, pids_of


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Door]:
    """A data plane that a test may break."""
    async with Door(tmp_path / "data") as running:
        yield running


async def test_without_an_activator_awake_apps_answer_and_after_its_return_sleeping_ones_wake(own: Door) -> None:
    await own.deploy("awake", ECHO)
    await own.deploy("asleep", ECHO)
    await own.sleep("asleep")
    async with own.client("awake") as awake, own.client("asleep") as asleep:
        assert (await awake.get("/")).status_code == 200
        await own.kill_activator()
        for _ in range(20):
            assert (await awake.get("/")).status_code == 200
        held = asyncio.create_task(asleep.get("/"))
        assert (await awake.get("/")).status_code == 200
        assert not held.done()
        await own.start_activator()
        assert (await held).status_code == 200
        assert (await asleep.get("/")).status_code == 200
    await own.sleep("awake")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_requests_that_were_held_when_the_activator_ended_are_answered_by_the_next(
    own: Door, number: signal.Signals
) -> None:
    await own.deploy("held", SLOW_START)
    await own.sleep("held")
    async with own.client("held") as client:
        waits = [asyncio.create_task(client.post("/", content=b"body")) for _ in range(20)]
        await own.until_metric("fp_requests_waiting", 20)
        await own.kill_activator(number)
        await own.start_activator()
        answers = await asyncio.gather(*waits)
    assert [(answer.status_code, answer.json()["size"]) for answer in answers] == [(200, 4)] * 20


async def test_an_instance_that_was_killed_is_replaced_by_the_next_request(own: Door) -> None:
    await own.deploy("victim", ECHO)
    async with own.client("victim") as client:
        assert (await client.get("/")).status_code == 200
        (pid,) = pids_of(own.node.folder)
        os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            while alive(pid):
                await asyncio.sleep(0)
        answer = await client.get("/")
        assert answer.status_code == 200, answer.text
        assert (await client.post("/", content=b"again")).json()["size"] == 5


async def test_without_a_node_awake_apps_answer_and_wakes_wait_for_it(own: Door) -> None:
    await own.deploy("awake", ECHO)
    await own.deploy("asleep", ECHO)
    await own.sleep("asleep")
    async with own.client("awake") as awake, own.client("asleep") as asleep:
        assert (await awake.get("/")).status_code == 200
        await own.node.kill()
        assert (await awake.get("/")).status_code == 200
        held = asyncio.create_task(asleep.get("/"))
        await own.until_metric("fp_requests_waiting", 1)
        await own.node.start()
        assert (await held).status_code == 200


async def test_a_wake_that_cannot_succeed_in_time_ends_with_503(tmp_path: Path) -> None:
    async with Door(tmp_path / "data", FP_HOLD_SECONDS="0.5") as door:
        await door.deploy("late", SLOW_START)
        await door.sleep("late")
        async with door.client("late") as client:
            answer = await client.get("/")
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["retry-after"] == "1"


async def test_a_full_room_refuses_at_once(tmp_path: Path) -> None:
    async with Door(tmp_path / "data", FP_ROOM_SIZE="3") as door:
        await door.deploy("full", SLOW_START)
        await door.sleep("full")
        async with door.client("full") as client:
            waits = [asyncio.create_task(client.get("/")) for _ in range(3)]
            await door.until_metric("fp_requests_waiting", 3)
            refused = await client.get("/")
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert [(await wait).status_code for wait in waits] == [200, 200, 200]
