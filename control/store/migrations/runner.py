"""Runs the migrations that this database has not seen, under a lease that is extended while they run."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, NoReturn

from pymongo.asynchronous.database import AsyncDatabase

from control.domain.clock import utc_now
from control.domain.errors import StoreUnavailable
from control.domain.ids import new_id
from control.store.errors import translated
from control.store.leases import Leases
from control.store.mapping import Document
from control.store.migrations import m0001_platform_settings

LEASE = "migrations"
LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0
POLL_SECONDS = 0.2


class Migration(NamedTuple):
    number: int
    name: str
    run: Callable[[AsyncDatabase[Document]], Awaitable[None]]


MIGRATIONS: Sequence[Migration] = (Migration(1, "platform settings", m0001_platform_settings.run),)


async def migrate(
    database: AsyncDatabase[Document], migrations: Sequence[Migration] = MIGRATIONS, *, wait_seconds: float = 120.0
) -> list[int]:
    """Runs what is missing, or waits until another process has; answers the numbers run here.

    Raises StoreUnavailable when another process holds the lease for longer than `wait_seconds`.
    """
    leases, holder = Leases(database["leases"]), new_id()
    try:
        async with asyncio.timeout(wait_seconds):
            while await _missing(database, migrations):
                if await leases.acquire(LEASE, holder, LEASE_SECONDS):
                    break
                await asyncio.sleep(POLL_SECONDS)
            else:
                return []
    except TimeoutError as error:
        raise StoreUnavailable("another process is still migrating the database") from error
    try:
        return await _run_leased(database, migrations, leases, holder)
    finally:
        await leases.release(LEASE, holder)


async def _run_leased(
    database: AsyncDatabase[Document], migrations: Sequence[Migration], leases: Leases, holder: str
) -> list[int]:
    missing = await _missing(database, migrations)
    running = asyncio.create_task(_run_all(database, missing), name="migrations")
    renewing = asyncio.create_task(_renew(leases, holder), name="migrations-lease")
    try:
        await asyncio.wait({running, renewing}, return_when=asyncio.FIRST_COMPLETED)
        return running.result() if running.done() else await renewing
    finally:
        for task in (running, renewing):
            task.cancel()
        await asyncio.wait({running, renewing})


async def _run_all(database: AsyncDatabase[Document], migrations: Sequence[Migration]) -> list[int]:
    return [await _run(database, migration) for migration in migrations]


async def _renew(leases: Leases, holder: str) -> NoReturn:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        if not await leases.acquire(LEASE, holder, LEASE_SECONDS):
            raise StoreUnavailable("the lease on the migrations was lost")


async def _run(database: AsyncDatabase[Document], migration: Migration) -> int:
    with translated():
        await migration.run(database)
        note = {"name": migration.name, "at": utc_now()}
        await database["migrations"].update_one({"_id": migration.number}, {"$set": note}, upsert=True)
    return migration.number


async def _missing(database: AsyncDatabase[Document], migrations: Sequence[Migration]) -> list[Migration]:
    with translated():
        done = set(await database["migrations"].distinct("_id"))
    return [migration for migration in sorted(migrations) if migration.number not in done]
