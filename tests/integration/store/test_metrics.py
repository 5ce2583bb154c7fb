"""Counters, errors and events in the database: counted once, in any order, bounded, found again, gone in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from control.domain.accounts import User
from control.domain.apps import Live
from control.domain.clock import utc_now
from control.domain.counters import PLATFORM, Counts, count_requests, start_of, total
from control.domain.deploys import fail
from control.domain.errors import NotFound
from control.domain.failures import Failure, failures_of
from control.domain.ids import new_id
from control.domain.ranges import RANGES, Window, named_window
from control.store import Store
from control.store.failures import MAX_GROUPS
from control.store.indexes import ERRORS_KEPT_SECONDS, EVENTS_KEPT_SECONDS
from fp.api.problems import Finding
from fp.api.see import RequestRecord
from tests.support.control_mongo import claimed_deploy, make_app

Mongo = AsyncMongoClient[dict[str, Any]]
TRACEBACK = 'Traceback (most recent call last):\n  File "app.py", line 3, in {name}\n    boom()\nValueError: {message}'


def record(name: str, at: datetime, status: int = 200, ms: float = 3.0, error: str | None = None) -> RequestRecord:
    return RequestRecord(
        id=name, time=at, method="GET", path="/x", query="", status=status, ms=ms, cold_start_ms=None, bytes_in=1,
        bytes_out=2, version=3, error=error,
    )  # fmt: skip


async def counted(store: Store, app: str, name: Any = "1h") -> Counts:
    found = await store.metrics.of_app(app, named_window(name, utc_now() + timedelta(seconds=1)))
    return total(entry.counts for entry in found if entry.app == app)


async def test_counts_add_up_in_minutes_and_in_hours_in_whatever_order_they_come(store: Store) -> None:
    now = utc_now()
    times = [now, now - timedelta(minutes=7), now - timedelta(minutes=2), now - timedelta(hours=30), now]
    await asyncio.gather(
        *(store.metrics.add(count_requests("a", [record("r", at, ms=9.0)], now), now) for at in times),
        store.metrics.add(count_requests("b", [record("r", now)], now), now),
    )
    assert (await counted(store, "a")).requests == 4
    assert (await counted(store, "a", "30d")).requests == 5
    assert sum((await counted(store, "a", "7d")).ms.values()) == 5
    assert (await counted(store, "b")).bytes_out == 2
    assert await store.metrics.of_app("nobody", named_window("30d", now)) == []


async def test_every_counter_has_its_end_and_what_would_end_at_once_is_not_written(store: Store, mongo: Mongo) -> None:
    now = utc_now()
    old = now - timedelta(days=8)
    await store.metrics.add(count_requests("a", [record("r", now), record("s", old)], now), now)
    documents = await mongo["platform"]["metrics"].find({}).to_list()
    kept = {(d["unit"], (d["expires_at"] - d["time"]).days) for d in documents}
    assert kept == {("minute", 7), ("hour", 30)}
    assert len(documents) == 3
    ends = {}
    for name in ("metrics", "errors", "events"):
        for entry in (await mongo["platform"][name].index_information()).values():
            if "expireAfterSeconds" in entry:
                ends[name, entry["key"][0][0]] = entry["expireAfterSeconds"]
    assert ends == {
        ("metrics", "expires_at"): 0, ("errors", "last_seen"): ERRORS_KEPT_SECONDS, ("events", "time"): EVENTS_KEPT_SECONDS,
    }  # fmt: skip


@asynccontextmanager
async def profiled(mongo: Mongo) -> AsyncIterator[list[dict[str, Any]]]:
    """What the database was asked meanwhile, filled in at the end."""
    platform, found = mongo["platform"], list[dict[str, Any]]()
    await platform.command("profile", 2)
    try:
        yield found
    finally:
        await platform.command("profile", 0)
        query = {"ns": {"$not": {"$regex": "system"}}, "appName": "fp-control"}
        found += [d async for d in platform["system.profile"].find(query)]
        await platform.drop_collection("system.profile")


async def test_a_summary_of_ten_thousand_apps_is_one_query_by_the_index(store: Store, mongo: Mongo) -> None:
    now = utc_now()
    hour = start_of(now, 3600)
    apps = [f"app{number}" for number in range(10_000)]
    await mongo["platform"]["metrics"].insert_many(
        {"_id": f"{app}:hour:1", "app": app, "unit": "hour", "time": hour, "requests": 2, "s5": 1, "awake_s": 60.0}
        for app in [*apps, "of somebody else"]
    )
    await store.metrics.add({(PLATFORM, start_of(now, 60)): Counts(watched_s=60.0)}, now)
    window = Window(hour - timedelta(hours=23), now + timedelta(seconds=1), 3600, "hour")
    async with profiled(mongo) as asked:
        found = await store.metrics.together(apps, window)
        page = await store.metrics.by_app(apps[:200], window)
    assert [d["op"] for d in asked] == ["command", "command"], asked
    assert all(d["docsExamined"] <= 10_001 for d in asked), "it looked at more than the apps it was asked of"
    [all_of_them] = [entry for entry in found if entry.app == "*"]
    assert (all_of_them.counts.requests, all_of_them.counts.errors) == (20_000, 10_000)
    assert [entry.counts.watched_s for entry in found if entry.app == PLATFORM] == [60.0]
    assert {entry.app for entry in page} == {PLATFORM, *apps[:200]}
    assert {entry.time for entry in page} == {hour}


async def test_a_batch_is_counted_with_one_write(store: Store, mongo: Mongo) -> None:
    now = utc_now()
    records = [record(f"r{n}", now - timedelta(seconds=n)) for n in range(500)]

    async def updates() -> int:
        status = await mongo.admin.command("serverStatus")
        return int(status["metrics"]["commands"]["update"]["total"])

    before = await updates()
    await store.metrics.add(count_requests("a", records, now), now)
    assert await updates() - before == 1
    assert await mongo["platform"]["metrics"].count_documents({"app": "a"}) >= 10


def failures(*told: tuple[str, str, datetime]) -> list[Failure]:
    """Failures of functions, each with a message, at that time."""
    return failures_of(
        [record(f"r-{n}-{m}", at, 500, error=TRACEBACK.format(name=n, message=m)) for n, m, at in told], []
    )


async def test_failures_are_grouped_and_the_last_one_is_shown(store: Store) -> None:
    now = utc_now()
    hour = timedelta(hours=1)
    await store.failures.add("a", failures(("f", "new", now), ("f", "newer", now), ("g", "x", now - hour)), now)
    await store.failures.add("a", failures(("f", "late", now - 2 * hour)), now)
    await store.failures.add("b", failures(("f", "elsewhere", now)), now)
    first, second = (await store.failures.page("a")).items
    assert (first.function, first.count, first.message, first.request) == ("f", 3, "newer", "r-f-newer")
    assert (first.first_seen, first.last_seen) == (now - 2 * hour, now)
    assert (first.kind, first.file, first.line, first.version) == ("ValueError", "app.py", 3, 3)
    assert (second.function, second.count) == ("g", 1)


async def test_a_resolved_group_hides_until_it_is_seen_again(store: Store) -> None:
    then = utc_now() - timedelta(minutes=5)
    await store.failures.add("a", failures(("f", "one", then)), utc_now())
    [group] = (await store.failures.page("a")).items
    resolved = then + timedelta(minutes=1)
    await store.failures.resolve("a", group.fingerprint, resolved)
    assert (await store.failures.page("a")).items == []
    await store.failures.add("a", failures(("f", "from before", then + timedelta(seconds=5))), utc_now())
    assert (await store.failures.page("a")).items == [], "one from before it was resolved is no news"
    await store.failures.add("a", failures(("f", "again", resolved + timedelta(seconds=5))), utc_now())
    [again] = (await store.failures.page("a")).items
    assert (again.count, again.message) == (3, "again")
    for app, fingerprint in (("b", group.fingerprint), ("a", "nothing")):
        with pytest.raises(NotFound):
            await store.failures.resolve(app, fingerprint, utc_now())


async def test_an_app_that_fails_everywhere_makes_so_many_groups_and_no_more(store: Store) -> None:
    now = utc_now()
    for begin in (0, MAX_GROUPS - 100, 2 * MAX_GROUPS):
        told = [(f"f{n}", "m", now) for n in range(begin, begin + MAX_GROUPS)]
        await store.failures.add("a", failures(*told), now)
    await store.failures.add("a", failures(("f0", "m", now), ("brand_new", "m", now)), now)
    groups, cursor = [], None
    while True:
        page = await store.failures.page("a", limit=200, cursor=cursor)
        groups += page.items
        if (cursor := page.next) is None:
            break
    assert len(groups) == MAX_GROUPS
    assert {g.function: g.count for g in groups}["f0"] == 2


async def test_a_failure_of_a_time_to_come_was_seen_now(store: Store) -> None:
    now = utc_now()
    await store.failures.add("a", failures(("f", "m", now + timedelta(days=99))), now)
    [group] = (await store.failures.page("a")).items
    assert group.last_seen == group.first_seen == now


async def test_deploys_tell_how_they_ended_and_once(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    claimed = await claimed_deploy(store, app)
    ended = await store.deploys.save(fail(claimed, [Finding("boom", "it is broken")], utc_now()))
    for _ in range(2):
        await store.events.deploy_ended(ended)
    [event] = (await store.events.page(app.id)).items
    assert (event.kind, event.deploy, event.message, event.by) == ("deploy_failed", ended.id, "it is broken", "ada")


async def test_events_are_newest_first_and_go_with_their_app_but_for_the_platforms(store: Store) -> None:
    for kind in ("app_created", "paused"):
        await store.events.add(kind, "a", by="ada")
    await store.events.add("worker_started", message="x" * 9999)
    assert [event.kind for event in (await store.events.page("a")).items] == ["paused", "app_created"]
    everything = (await store.events.page(None)).items
    assert (len(everything), everything[0].app, len(everything[0].message)) == (3, None, 500)
    await store.purge_app("a")
    assert [event.kind for event in (await store.events.page(None)).items] == ["worker_started"]


async def test_nothing_of_an_app_is_left_once_it_is_purged(store: Store, mongo: Mongo) -> None:
    now = utc_now()
    await store.metrics.add(count_requests("a", [record("r", now)], now), now)
    await store.failures.add("a", failures(("f", "m", now)), now)
    await store.purge_app("a")
    for name in ("metrics", "errors", "events"):
        assert await mongo["platform"][name].count_documents({"app": "a"}) == 0


async def test_an_app_knows_since_when_it_is_live(store: Store, ada: User, mongo: Mongo) -> None:
    app = await make_app(store, ada)
    assert app.first_live_at is None
    now = utc_now()
    first = await store.apps.go_live(app.id, Live(new_id(), 1, 1), now)
    second = await store.apps.go_live(app.id, Live(new_id(), 2, 2), now + timedelta(hours=1))
    assert first.first_live_at == second.first_live_at == now
    assert (second.live or Live("", 0, 0)).number == 2
    before = {"$unset": {"first_live_at": ""}}
    await mongo["platform"]["apps"].update_one({"_id": app.id}, before)
    assert (await store.apps.go_live(app.id, Live(new_id(), 3, 3), now)).first_live_at is None


def test_all_ranges_are_kept_as_long_as_they_are() -> None:
    assert max(RANGES.values()) == timedelta(days=30)
