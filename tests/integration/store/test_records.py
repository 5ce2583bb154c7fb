"""Request records and log lines: stored once however often they are posted, listed newest first, gone in time."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import AsyncMongoClient

from control.domain.clock import utc_now
from control.domain.filtering import LogFilter, RequestFilter
from control.store import Store
from control.store.indexes import INDEXES, LOGS_KEPT_SECONDS, REQUESTS_KEPT_SECONDS
from fp.api.see import LogLine, RequestRecord


def record(name: str, at: datetime, cold: float | None = None, bytes_out: int = 12) -> RequestRecord:
    return RequestRecord(
        id=name, time=at, method="GET", path="/x", query="a=1", status=200, ms=1.0, cold_start_ms=cold, bytes_in=0,
        bytes_out=bytes_out, version=3, client="9f", htmx=True, error="Traceback",
    )  # fmt: skip


async def test_records_posted_twice_are_stored_once(store: Store) -> None:
    now = utc_now()
    first = [record(f"i-{n}", now + timedelta(milliseconds=n)) for n in range(5)]
    assert await store.intake.requests("app", first, now) == 5
    assert await store.intake.requests("app", [*first, record("i-5", now + timedelta(seconds=1))], now) == 1
    assert await store.intake.requests("app", [], now) == 0
    page = await store.requests.page("app")
    assert [r.id for r in page.items] == ["i-5", "i-4", "i-3", "i-2", "i-1", "i-0"]


async def test_a_record_comes_back_as_it_was_posted(store: Store) -> None:
    sent = record("i-1", utc_now(), cold=41.5, bytes_out=2**40)
    await store.intake.requests("app", [sent], utc_now())
    assert await store.requests.get("app", "i-1") == sent


async def test_pages_hold_every_record_once_also_when_times_are_equal_and_new_ones_arrive(store: Store) -> None:
    now = utc_now()
    await store.intake.requests("app", [record(f"i-{n}", now) for n in range(7)], now)
    seen, cursor = [], None
    while True:
        page = await store.requests.page("app", limit=3, cursor=cursor)
        seen += [r.id for r in page.items]
        await store.intake.requests("app", [record(f"later-{len(seen)}", now + timedelta(seconds=1))], now)
        if (cursor := page.next) is None:
            break
    assert sorted(seen) == [f"i-{n}" for n in range(7)]


async def test_filters_keep_what_was_asked_for_and_only_of_that_app(store: Store) -> None:
    now = utc_now()
    await store.intake.requests("app", [record("old", now - timedelta(hours=2)), record("cold", now, cold=33.0)], now)
    await store.intake.requests("app", [record("warm", now)], now)
    await store.intake.requests("other", [record("elsewhere", now, cold=1.0)], now)
    assert [r.id for r in (await store.requests.page("app", only=RequestFilter(cold=True))).items] == ["cold"]
    recent = await store.requests.page("app", only=RequestFilter(since=now - timedelta(hours=1)))
    assert {r.id for r in recent.items} == {"cold", "warm"}


async def test_logs_are_searched_literally_whatever_the_case(store: Store) -> None:
    now = utc_now()
    texts = ["Hello (world)", "hello .* there", "nothing"]
    lines = [
        LogLine(id=f"i-{n}", time=now + timedelta(milliseconds=n), level="info", text=text, request_id="r")
        for n, text in enumerate(texts)
    ]
    await store.logs.add("app", lines)
    assert [line.text for line in (await store.logs.page("app", only=LogFilter(text="(WORLD)"))).items] == [
        "Hello (world)"
    ]
    assert [line.text for line in (await store.logs.page("app", only=LogFilter(text=".*"))).items] == ["hello .* there"]
    assert (await store.logs.page("app")).items == lines[::-1]


async def test_every_index_of_the_list_exists_and_old_records_have_an_end(
    store: Store, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    for index in INDEXES:
        made = (await mongo["platform"][index.collection].index_information()).values()
        assert [list(index.fields)] == [entry["key"] for entry in made if entry["key"] == list(index.fields)]
    kept = {}
    for name in ("requests", "logs"):
        for entry in (await mongo["platform"][name].index_information()).values():
            if "expireAfterSeconds" in entry:
                kept[name] = entry["expireAfterSeconds"]
    assert kept == {"requests": REQUESTS_KEPT_SECONDS, "logs": LOGS_KEPT_SECONDS}
