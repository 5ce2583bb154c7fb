"""Visitors who go away while they wait, and bodies that nobody wants: nothing stays behind, the app is as it was."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from tests.support.activator_apps import breakable
from tests.support.activator_door import Door
from tests.support.ledger_app import Ledger
from tests.support.raw_http import Wire, request

POSTED = request("left.localhost", "POST", body=b"never mind")
HALF = request("left.localhost", "POST", body=b"h" * 200_000)[:-100_000]


@pytest.fixture
async def ledger(door: Door, tmp_path: Path) -> Ledger:
    """A sleeping app that keeps books and does not start before it is let."""
    ledger = Ledger(tmp_path, gated=True)
    ledger.open_gate()
    await door.deploy("left", ledger.files, number=hash(tmp_path))
    await door.sleep("left")
    ledger.close_gate()
    return ledger


async def test_who_asked_and_left_waits_no_more(door: Door, ledger: Ledger) -> None:
    """The room empties when its visitors leave, without a wake having to end."""
    visitors = [await Wire.to(door.port) for _ in range(20)]
    for visitor in visitors:
        visitor.send(request("left.localhost"))
    await door.until_metric("fp_requests_waiting", 20)
    for visitor in visitors:
        visitor.abort()
    await door.until_metric("fp_requests_waiting", 0)
    ledger.open_gate()
    async with door.client("left") as client:
        assert (await client.post("/", content=b"hello")).text == "hello"
    assert ledger.ids() == ["hello"]


@pytest.mark.parametrize("data", [POSTED, HALF], ids=["after its body", "in the middle of its body"])
async def test_who_posted_and_left_is_done_once_or_not_at_all(door: Door, ledger: Ledger, data: bytes) -> None:
    """A door that cannot see such a visitor go may wake the app for it; what came whole may be done, but not twice."""
    visitors = [await Wire.to(door.port) for _ in range(20)]
    for visitor in visitors:
        visitor.send(data)
        await visitor.sent()
    await door.until_metric("fp_requests_waiting", 20)
    for visitor in visitors:
        visitor.abort()
    ledger.open_gate()
    async with door.client("left") as client:
        assert (await client.post("/", content=b"hello")).text == "hello"
    await door.until_metric("fp_requests_waiting", 0)
    done = ledger.ids()
    assert done.count("hello") == 1
    assert done.count("never mind") <= (20 if data == POSTED else 0)
    assert len(done) <= 21
    await door.sleep("left")


async def test_one_who_stays_is_answered_though_all_others_left(door: Door, ledger: Ledger) -> None:
    leavers = [await Wire.to(door.port) for _ in range(50)]
    stays = await Wire.to(door.port)
    for leaver in leavers:
        leaver.send(POSTED)
    stays.send(request("left.localhost", "POST", body=b"I stay"))
    await door.until_metric("fp_requests_waiting", 51)
    for leaver in leavers:
        leaver.abort()
    ledger.open_gate()
    answer = await stays.answer()
    stays.close()
    assert (answer.status, answer.body) == (200, b"I stay")
    assert ledger.ids().count("I stay") == 1


async def test_a_body_for_an_app_that_does_not_start_is_answered_with_why(door: Door, tmp_path: Path) -> None:
    """10 MB on their way to an app whose wake fails: the visitor hears why, and the next one is served once it is well."""
    flag = tmp_path / "broken"
    await door.deploy("unwell", breakable(flag))
    await door.sleep("unwell")
    flag.touch()
    body = b"b" * (10 << 20)
    wire = await Wire.to(door.port)
    failed = await wire.ask(request("unwell.localhost", "POST", body=body))
    wire.abort()
    flag.unlink()
    async with door.client("unwell") as client, asyncio.timeout(20):
        while (again := await client.post("/", content=body)).status_code == 502:
            await asyncio.sleep(0.1)
    assert (failed.status, failed.json()["code"]) == (502, "app_failed")
    assert (again.status_code, again.json()["sha256"]) == (200, hashlib.sha256(body).hexdigest())
