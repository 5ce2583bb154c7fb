"""Many at once: a thousand visitors of one sleeping app, a hundred sleeping apps. One wake each, one answer each, none twice."""

import asyncio
from pathlib import Path

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door
from tests.support.ledger_app import Ledger
from tests.support.node_process import pids_of
from tests.support.raw_http import Answer, Wire, request, wires

CROWD = 1000
APPS = 100
AT_ONCE = 8


async def test_a_thousand_visitors_of_one_sleeping_app_cost_one_wake_and_are_answered_once(
    door: Door, tmp_path: Path
) -> None:
    """All of them stand in the room before the app may start, so it is the release that is tried, not luck."""
    ledger = Ledger(tmp_path, gated=True)
    ledger.open_gate()
    await door.deploy("crowd", ledger.files)
    await door.sleep("crowd")
    ledger.close_gate()
    wakes = await door.metric("fp_wakes_total")
    async with wires(door.port, CROWD) as visitors:
        for number, visitor in enumerate(visitors):
            visitor.send(request("crowd.localhost", "POST", body=b"visitor-%d" % number))
        await door.until_metric("fp_requests_waiting", CROWD)
        ledger.open_gate()
        answers = await asyncio.gather(*(visitor.answer(method="POST") for visitor in visitors))
    told = [(answer.status, answer.body.decode()) for answer in answers]
    assert told == [(200, f"visitor-{number}") for number in range(CROWD)]
    assert sorted(ledger.ids()) == sorted(f"visitor-{number}" for number in range(CROWD))
    assert len(ledger.pids()) == 1
    assert await door.metric("fp_wakes_total") - wakes == 1


async def test_who_comes_to_a_full_room_is_refused_and_nobody_inside_notices(door: Door, tmp_path: Path) -> None:
    """The thousand-and-first is told to try again, at once; the thousand are answered."""
    ledger = Ledger(tmp_path, gated=True)
    ledger.open_gate()
    await door.deploy("brim", ledger.files)
    await door.sleep("brim")
    ledger.close_gate()
    async with wires(door.port, CROWD + 1) as visitors:
        for number, visitor in enumerate(visitors[:CROWD]):
            visitor.send(request("brim.localhost", "POST", body=b"%d" % number))
        await door.until_metric("fp_requests_waiting", CROWD)
        refused = await visitors[CROWD].ask(request("brim.localhost", "POST", body=b"one too many"))
        ledger.open_gate()
        answers = await asyncio.gather(*(visitor.answer(method="POST") for visitor in visitors[:CROWD]))
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert [answer.status for answer in answers] == [200] * CROWD
    assert "one too many" not in ledger.ids()


async def test_a_hundred_sleeping_apps_at_once_all_answer_and_wake_once_each(door: Door) -> None:
    """However few cores there are: every app's first visitors are answered, by one instance of it."""
    apps = [f"many-{number}" for number in range(APPS)]
    turns = asyncio.Semaphore(AT_ONCE)

    async def settle(app: str) -> None:
        async with turns:
            await door.deploy(app, ECHO)
            await door.sleep(app)

    await asyncio.gather(*(settle(app) for app in apps))
    wakes = await door.metric("fp_wakes_total")
    answers = await asyncio.gather(*(_visit(door, app) for app in apps for _ in range(2)))
    assert [answer.status for answer in answers] == [200] * (2 * APPS)
    assert [len(pids_of(door.node.folder / "spool" / app)) for app in apps] == [1] * APPS
    assert await door.metric("fp_wakes_total") - wakes == APPS
    await asyncio.gather(*(door.sleep(app) for app in apps))


async def _visit(door: Door, app: str) -> Answer:
    wire = await Wire.to(door.port)
    try:
        return await wire.ask(request(f"{app}.localhost", "POST", body=app.encode()))
    finally:
        wire.close()
