"""Deleting an account with all it owns. Three steps, each safe to repeat, in an order that a crash cannot harm:

the account itself first, which ends every token and frees the name in one update; then its apps, as if each were deleted;
the worker does the rest when those are out of the cluster. Its pass begins with the first two steps of every account that
is on its way out, so it finishes what a crash left, and finds what a request that was under way still made. For that the
account's document stays a while after everything else is gone.

A database that is deleted by itself is dropped while its owner waits; the worker finishes what was cut short.
"""

from datetime import datetime, timedelta

import structlog

from control.domain.accounts import TOMBSTONE, User
from control.domain.errors import Conflict, NotFound
from control.store import Store

log = structlog.get_logger("control.closing")

LONGEST_DELETE = timedelta(minutes=2)
"""A database's deletion that is older than this is nobody's any more."""


async def close_account(store: Store, user_id: str, now: datetime) -> None:
    """From now on nobody sees the account or its apps. Raises NotFound, LastAdmin."""
    await store.users.delete(user_id, now)
    await _withdraw(store, user_id, now)
    log.info("account deleted", user=user_id)


async def withdraw_closed(store: Store, now: datetime) -> list[User]:
    """Marks deleted what closed accounts still have; answers those accounts. Before the worker purges deleted apps."""
    closed = await store.users.deleted()
    for user in closed:
        await _withdraw(store, user.id, now)
    return closed


async def purge_closed(store: Store, closed: list[User], now: datetime) -> None:
    """Removes what those accounts own beside apps, once their apps are gone, and at last the accounts themselves."""
    for user in closed:
        if await store.apps.any_of_owner(user.id):
            continue
        for database in await store.databases.of_owner(user.id):
            try:
                await store.databases.delete(database.id)
            except NotFound:
                continue
            log.info("database of a deleted account dropped", user=user.id, database=database.name)
        if user.deleted_at is not None and now - user.deleted_at >= TOMBSTONE:
            await store.users.forget(user.id)
            log.info("account purged", user=user.id)


async def finish_deletes(store: Store, now: datetime) -> None:
    """Deletes the databases whose deletion was cut short; one that an app was bound to meanwhile is kept."""
    for database in await store.databases.left_deleting(now - LONGEST_DELETE):
        try:
            await store.delete_database(database)
            log.info("a deletion was finished", database=database.name)
        except Conflict:
            await store.databases.end_delete(database)
            log.info("a deletion was taken back", database=database.name)
        except NotFound:
            continue


async def _withdraw(store: Store, user_id: str, now: datetime) -> None:
    await store.apps.delete_of_owner(user_id, now)
    await store.sessions.delete_of_user(user_id)
    await store.devices.delete_of_user(user_id)
    await store.templates.delete_of_user(user_id)
