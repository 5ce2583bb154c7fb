"""Leases have one holder; migrations run once, in order, by one process at a time."""

import asyncio
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from control.store import Store
from control.store.migrations import MIGRATIONS, Migration, migrate

Database = AsyncDatabase[dict[str, Any]]


async def test_a_lease_has_one_holder_until_it_runs_out_or_is_given_up(store: Store) -> None:
    took = await asyncio.gather(*(store.leases.acquire("x", f"holder-{n}", 60) for n in range(8)))
    assert sum(took) == 1
    holder = f"holder-{took.index(True)}"
    assert await store.leases.acquire("x", holder, 0.05)
    async with asyncio.timeout(5):
        while not await store.leases.acquire("x", "next", 60):
            await asyncio.sleep(0.01)
    await store.leases.release("x", holder)
    assert not await store.leases.acquire("x", holder, 60)
    await store.leases.release("x", "next")
    assert await store.leases.acquire("x", holder, 60)


async def test_settings_start_as_the_migration_made_them_and_change(store: Store) -> None:
    assert (await store.settings.get()).signup_open
    assert not (await store.settings.set_signup_open(False)).signup_open


async def test_migrations_run_once_in_order_though_many_processes_start_at_once(
    mongo: AsyncMongoClient[dict[str, Any]],
) -> None:
    database = mongo["migrating"]
    ran: list[int] = []

    def step(number: int) -> Migration:
        async def run(_: Database) -> None:
            await asyncio.sleep(0.01)
            ran.append(number)

        return Migration(number, f"step {number}", run)

    steps = [step(3), step(1), step(2)]
    await asyncio.gather(*(migrate(database, steps) for _ in range(5)))
    assert ran == [1, 2, 3]
    assert await migrate(database, [*steps, step(4)]) == [4]
    await mongo.drop_database("migrating")


async def test_a_migration_that_fails_is_run_again_next_time(mongo: AsyncMongoClient[dict[str, Any]]) -> None:
    database = mongo["migrating"]
    calls: list[str] = []

    async def run(_: Database) -> None:
        calls.append("called")
        if len(calls) == 1:
            raise ValueError("half-way")

    steps = [Migration(1, "fails once", run)]
    with pytest.raises(ValueError, match="half-way"):
        await migrate(database, steps)
    assert await migrate(database, steps) == [1]
    assert await migrate(database, steps) == []
    await mongo.drop_database("migrating")


def test_the_platforms_migrations_are_numbered_from_one_without_gaps() -> None:
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
