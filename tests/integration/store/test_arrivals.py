"""The order of arrival: whoever reads by `seq` sees each line once, however many write and however often it is posted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from control.domain.clock import utc_now
from control.domain.errors import BadCursor
from control.domain.filtering import LogFilter
from control.store import Store, open_store
from control.store.logs import cursor_of, place_of
from control.store.paging import encode
from fp.api.see import LogLine
from tests.support.control_mongo import SECRET_KEY, MongoServer

ANY = LogFilter()


@pytest.fixture
async def other(control_mongod: MongoServer) -> AsyncIterator[Store]:
    """The store as a second process has it."""
    async with open_store(control_mongod.uri, SECRET_KEY) as opened:
        yield opened


def line(name: str, seconds: float = 0, **more: Any) -> LogLine:
    fields: dict[str, Any] = {"level": "info", "text": name, "request_id": None} | more
    return LogLine(id=name, time=utc_now() + timedelta(seconds=seconds), **fields)


async def seqs(mongo: AsyncMongoClient[dict[str, Any]], app: str = "app") -> dict[str, int]:
    """The number of each line."""
    return {found["_id"]: found["seq"] async for found in mongo["platform"]["logs"].find({"app": app})}


async def test_lines_are_numbered_as_they_arrive_whatever_their_time(
    store: Store, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    await store.logs.add("app", [line("a", 5), line("b", -5)])
    await store.logs.add("app", [line("c", -100)])
    numbers = await seqs(mongo)
    assert [numbers["b"] - numbers["a"], numbers["c"] - numbers["b"]] == [1, 1]


async def test_what_comes_again_is_not_numbered_again(store: Store, mongo: AsyncMongoClient[dict[str, Any]]) -> None:
    assert await store.logs.add("app", [line("a"), line("b")]) == 2
    before = await seqs(mongo)
    assert await store.logs.add("app", [line("c"), line("a"), line("d"), line("b"), line("d"), line("e")]) == 3
    after = await seqs(mongo)
    assert {name: after[name] for name in before} == before
    assert [after[name] - before["b"] for name in "cde"] == [1, 2, 3]
    assert await store.logs.add("app", [line("a")]) == 0
    assert await store.logs.add("app", []) == 0


async def test_a_reader_sees_each_line_once_while_two_processes_write(store: Store, other: Store) -> None:
    """The promise that the tail rests on. Both write at once, in many batches; some batches are posted to both."""
    start, writers, rounds = await store.logs.newest("app"), (store, other), 40

    async def write(who: int) -> None:
        for number in range(rounds):
            batch = [line(f"{who}-{number}-{n}") for n in range(7)]
            await writers[who].logs.add("app", batch)
            if number % 5 == 0:
                await writers[1 - who].logs.add("app", batch)

    writing = asyncio.gather(write(0), write(1))
    place, seen = start, list[str]()
    while not (writing.done() and place == await other.logs.newest("app")):
        newest = await other.logs.newest("app")
        found, place = await other.logs.after("app", place, newest, ANY, 50)
        seen += [item.id for item in found]
        await asyncio.sleep(0)
    await writing
    assert len(seen) == len(set(seen)) == 2 * rounds * 7
    for who in "01":
        mine = [name for name in seen if name.startswith(who)]
        assert mine == [f"{who}-{number}-{n}" for number in range(rounds) for n in range(7)]


async def test_a_new_line_is_above_every_old_one_also_when_all_were_gone(
    store: Store, other: Store, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    await store.logs.add("app", [line("old")])
    (old,) = (await seqs(mongo)).values()
    day = 1 << 32
    await mongo["platform"]["logs"].update_one({"_id": "old"}, {"$set": {"seq": old - 2 * day}})
    await mongo["platform"]["logs"].delete_many({})
    place = old - 2 * day
    assert place > 0
    await other.logs.add("app", [line("new")])
    newest = await other.logs.newest("app")
    assert newest > place
    steps = 0
    found: list[LogLine] = []
    while place < newest:
        more, place = await other.logs.after("app", place, newest, ANY, 10)
        found += more
        steps += 1
    assert [item.id for item in found] == ["new"]
    assert steps <= 3, "the gap in the numbers was walked through"


async def test_where_a_tail_begins(store: Store) -> None:
    await store.logs.add("app", [line(f"l{n}", level="error" if n % 2 else "info") for n in range(10)])
    newest = await store.logs.newest("app")

    async def told(only: LogFilter, count: int) -> list[str]:
        place = await store.logs.place_before("app", only, count)
        return [item.id for item in (await store.logs.after("app", place, newest, only, 50))[0]]

    assert await told(ANY, 3) == ["l7", "l8", "l9"]
    assert await told(LogFilter(level="error"), 2) == ["l7", "l9"]
    assert await told(LogFilter(text="L4"), 5) == ["l4"]
    assert await told(LogFilter(text="nothing"), 5) == []
    assert await told(ANY, 0) == []
    assert len(await told(ANY, 100)) == 10


async def test_a_bell_rings_for_what_another_process_stores(store: Store, other: Store) -> None:
    async with store.logs.arriving("app") as bell:
        async with asyncio.timeout(20):
            await bell.wait()  # the stream stands
            bell.clear()
            await other.logs.add("app", [line("a"), line("b")])
            await bell.wait()
        bell.clear()
        await other.logs.add("elsewhere", [line("x")])
        await store.logs.add("app", [line("c")])
        assert bell.is_set(), "what this process stores rings at once"
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "bells"], (
        "nobody waits, and still it listens"
    )


async def test_a_place_survives_the_wire_and_nothing_else_does() -> None:
    assert place_of(cursor_of(7)) == 7
    for wrong in (
        "",
        "x",
        encode([-1]),
        encode([2**60]),
        encode(["a"]),
        encode([1, 2]),
        encode([1.5]),
        encode([utc_now()]),
    ):
        with pytest.raises(BadCursor):
            place_of(wrong)
