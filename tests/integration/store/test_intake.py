"""What apps report is stored and counted, or neither: whatever fails in between, and however often it comes."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError

from control.domain.clock import utc_now
from control.domain.counters import start_of, total
from control.domain.ranges import named_window
from control.store import Store, open_store
from fp.api.see import LogLine, RequestRecord, WakeRecord
from tests.integration.store.test_metrics import TRACEBACK, record
from tests.support.control_mongo import SECRET_KEY, MongoServer

Mongo = AsyncMongoClient[dict[str, Any]]
BOOM = TRACEBACK.format(name="f", message="boom")


async def counted(store: Store, name: Any = "1h") -> tuple[int, int]:
    """Requests and wakes of app `a`, by its counters."""
    counts = total(entry.counts for entry in await store.metrics.of_app("a", named_window(name, _soon())))
    return counts.requests, counts.wakes


def _soon() -> datetime:
    return utc_now().replace(microsecond=999_000)


async def seen(store: Store) -> int:
    """How often failures of app `a` were counted."""
    return sum(group.count for group in (await store.failures.page("a")).items)


async def spoil(mongo: Mongo, now: datetime) -> None:
    """From now on nothing can be counted for app `a` in this hour: the counter is no number."""
    hour = start_of(now, 3600)
    spoilt = {"_id": f"a:hour:{int(hour.timestamp())}", "requests": "many", "wakes": "many"}
    await mongo["platform"]["metrics"].insert_one(spoilt)


async def mend(mongo: Mongo) -> None:
    await mongo["platform"]["metrics"].delete_many({"requests": "many"})


async def test_what_cannot_be_counted_is_not_stored_and_can_come_again(store: Store, mongo: Mongo) -> None:
    now = utc_now()
    records = [record(f"r{n}", now, 500, error=BOOM) for n in range(3)]
    wakes = [("a", WakeRecord(id="w1", time=now, cause="request", outcome="ready", ms=3.0, held=1))]
    await spoil(mongo, now)
    for attempt in (store.intake.requests("a", records, now), store.intake.wakes(wakes, now)):
        with pytest.raises(BulkWriteError):
            await attempt
    assert (await store.requests.page("a")).items == []
    assert (await store.wakes.page("a")).items == []
    assert (await counted(store), await seen(store)) == ((0, 0), 0)
    await mend(mongo)
    assert await store.intake.requests("a", records, now) == 3
    assert await store.intake.wakes(wakes, now) == 1
    assert (await counted(store), await counted(store, "30d"), await seen(store)) == ((3, 1), (3, 1), 3)


async def test_batches_that_overlap_and_meet_count_each_record_once(store: Store) -> None:
    now = utc_now()
    records = [record(f"r{n}", now, 500, error=BOOM) for n in range(120)]
    batches = [records[first : first + 50] for first in range(0, 120, 10)]
    stored = await asyncio.gather(*(store.intake.requests("a", [*batch, batch[0]], now) for batch in batches))
    assert sum(stored) == 120
    assert (await counted(store))[0] == 120
    assert await seen(store) == 120


async def test_two_processes_that_store_for_one_app_count_all_of_it(store: Store, control_mongod: MongoServer) -> None:
    now = utc_now()

    async def some(own: Store, prefix: str) -> None:
        for number in range(20):
            await own.intake.requests("a", [record(f"{prefix}-{number}-{n}", now) for n in range(5)], now)

    async with open_store(control_mongod.uri, SECRET_KEY) as another:
        await asyncio.gather(some(store, "one"), some(another, "two"))
    assert (await counted(store))[0] == 200


async def test_a_failing_line_is_counted_once_also_when_its_process_dies_before(store: Store, mongo: Mongo) -> None:
    now = utc_now()
    lines = [
        LogLine("l1", now, "info", "hello", None, 1),
        LogLine("l2", now, "error", BOOM, None, 1),
        LogLine("l3", now, "error", BOOM, "r1", 1),
    ]
    # As a process leaves it that dies between storing and counting.
    await store.logs.add("a", lines, uncounted={"l2"})
    assert await seen(store) == 0
    for _ in range(2):
        assert await store.intake.lines("a", lines, now) == 0
        assert await seen(store) == 1
    assert await mongo["platform"]["logs"].count_documents({"uncounted": {"$exists": True}}) == 0
    assert await store.intake.lines("a", [*lines, LogLine("l4", now, "error", BOOM, None, 1)], now) == 1
    assert await seen(store) == 2
    assert [line.id for line in (await store.logs.page("a")).items] == ["l4", "l3", "l2", "l1"]


async def test_nothing_is_no_work(store: Store) -> None:
    now = utc_now()
    nothing: list[RequestRecord] = []
    assert await store.intake.requests("a", nothing, now) == 0
    assert await store.intake.lines("a", [], now) == 0
    assert await store.intake.wakes([], now) == 0
