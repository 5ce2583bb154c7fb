"""Races that accounts must win: the last administrator stays, a device code is good once, an end ends what it should."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from control.domain.accounts import TOMBSTONE, Session, User, make_token, open_session, whole_minute
from control.domain.clock import utc_now
from control.domain.devices import DeviceLogin, start_login
from control.domain.errors import LastAdmin, LostRace, NotFound
from control.domain.ids import new_id
from control.lifecycle.closing import close_account, purge_closed, withdraw_closed
from control.store import Store
from tests.support.control_mongo import make_app


async def made(store: Store, name: str, *, admin: bool = False) -> User:
    user = User(id=new_id(), username=name, password_hash="x", admin=admin, created_at=utc_now())
    return await store.users.create(user)


async def admins(store: Store) -> set[str]:
    return {user.id for user in (await store.users.page()).items if user.admin}


@pytest.mark.parametrize("count", [2, 5])
async def test_when_all_admins_leave_at_once_exactly_one_stays(store: Store, count: int) -> None:
    for turn in range(3):
        leaving = [await made(store, f"admin-{turn}-{n}", admin=True) for n in range(count)]
        for old in await admins(store) - {user.id for user in leaving}:
            await store.users.set_admin(old, False)
        ways = [
            store.users.delete(leaving[0].id, utc_now()),
            *(store.users.set_admin(u.id, False) for u in leaving[1:]),
        ]
        ended = await asyncio.gather(*ways, return_exceptions=True)
        assert [type(end) for end in ended if isinstance(end, BaseException)] == [LastAdmin]
        assert len(await admins(store)) == 1


async def test_the_only_admin_can_neither_leave_nor_be_demoted(store: Store, ada: User) -> None:
    await made(store, "bob")
    for way in (store.users.delete(ada.id, utc_now()), store.users.set_admin(ada.id, False)):
        with pytest.raises(LastAdmin):
            await way
    assert await store.users.get(ada.id) == ada


async def test_an_admin_who_is_deleted_does_not_count(store: Store, ada: User) -> None:
    grace = await made(store, "grace", admin=True)
    await store.users.delete(grace.id, utc_now())
    with pytest.raises(LastAdmin):
        await store.users.set_admin(ada.id, False)


async def test_rights_are_given_and_taken(store: Store, ada: User) -> None:
    bob = await made(store, "bob")
    assert (await store.users.set_admin(bob.id, True)).admin
    assert not (await store.users.set_admin(ada.id, False)).admin
    assert not (await store.users.set_admin(ada.id, False)).admin
    for admin in (True, False):
        with pytest.raises(NotFound):
            await store.users.set_admin("nobody", admin)


async def test_a_deleted_account_is_gone_at_once_and_its_name_is_free(store: Store, ada: User) -> None:
    bob = await made(store, "bob")
    await close_account(store, bob.id, utc_now())
    assert await store.users.by_username("bob") is None
    with pytest.raises(NotFound):
        await store.users.get(bob.id)
    with pytest.raises(NotFound):
        await close_account(store, bob.id, utc_now())
    assert [user.id for user in (await store.users.page()).items] == [ada.id]
    assert (await made(store, "bob")).id != bob.id


async def test_a_deletion_is_finished_whatever_it_left_and_whatever_came_late(store: Store, ada: User) -> None:
    bob, now = await made(store, "bob"), utc_now()
    app = await make_app(store, bob)
    kept = await make_app(store, ada)
    database = await store.databases.default_of(bob.id, "bob", now)
    _, session = open_session(bob.id, "bearer", now)
    await store.sessions.create(session)
    # As a crash right after the first step leaves it.
    await store.users.delete(bob.id, now)
    assert await store.sessions.get(session.id, now) is not None
    closed = await withdraw_closed(store, now)
    assert [app.id for app in await store.apps.deleted()] == [app.id]
    assert await store.sessions.get(session.id, now) is None
    await purge_closed(store, closed, now)
    assert (await store.databases.get(database.id)).ready, "an app that still runs keeps its database"
    await store.purge_app(app.id)
    await purge_closed(store, closed, now)
    with pytest.raises(NotFound):
        await store.databases.get(database.id)
    # A request that was under way makes one more; the account's document is there to find it by.
    late = await make_app(store, bob)
    closed = await withdraw_closed(store, now)
    assert [app.id for app in await store.apps.deleted()] == [late.id]
    await purge_closed(store, closed, now + TOMBSTONE)
    assert len(await store.users.deleted()) == 1, "not while an app of it is left"
    await store.purge_app(late.id)
    await purge_closed(store, closed, now + TOMBSTONE - timedelta(seconds=1))
    assert len(await store.users.deleted()) == 1
    await purge_closed(store, closed, now + TOMBSTONE)
    assert await store.users.deleted() == []
    assert [app.id for app in await store.apps.living()] == [kept.id]
    assert await store.users.get(ada.id) == ada


async def test_of_two_password_changes_at_once_one_loses(store: Store, ada: User) -> None:
    ways = (store.users.set_password(ada.id, new, ada.password_hash) for new in ("y", "z"))
    ended = await asyncio.gather(*ways, return_exceptions=True)
    assert sum(isinstance(end, User) for end in ended) == 1
    assert sum(isinstance(end, LostRace) for end in ended) == 1
    with pytest.raises(NotFound):
        await store.users.set_password("nobody", "y", "x")


async def requested(store: Store) -> DeviceLogin:
    return await store.devices.create(start_login("a laptop", "192.0.2.1", utc_now())[1])


async def test_an_approval_is_claimed_once_by_however_many_polls(store: Store, ada: User) -> None:
    login = await requested(store)
    assert await store.devices.claim(login.id, utc_now()) is None
    assert await store.devices.decide(login.user_code, ada.id, "s", utc_now(), approve=True)
    claims = await asyncio.gather(*(store.devices.claim(login.id, utc_now()) for _ in range(8)))
    assert [claim.user for claim in claims if claim] == [ada.id]


async def test_who_decides_second_comes_too_late(store: Store, ada: User) -> None:
    login, now = await requested(store), utc_now()
    ways = (store.devices.decide(login.user_code, ada.id, "s", now, approve=yes) for yes in (True, False))
    assert sorted(await asyncio.gather(*ways)) == [False, True]
    assert await store.devices.pending(login.user_code, now) is None


async def test_a_device_code_ends(store: Store, ada: User) -> None:
    login = await requested(store)
    end = login.expires_at
    assert await store.devices.pending(login.user_code, end) is None
    assert not await store.devices.decide(login.user_code, ada.id, "s", end, approve=True)
    assert await store.devices.decide(login.user_code, ada.id, "s", utc_now(), approve=True)
    assert await store.devices.claim(login.id, end) is None
    assert await store.devices.get(login.id, end) is None


async def test_who_polls_too_often_must_wait_longer(store: Store) -> None:
    login, now = await requested(store), utc_now()
    assert await store.devices.poll(login, now)
    assert not await store.devices.poll(login, now + timedelta(seconds=1))
    slower = await store.devices.get(login.id, now)
    assert slower is not None
    assert slower.interval == login.interval + 5
    assert not await store.devices.poll(slower, now + timedelta(seconds=4))
    assert await store.devices.poll(slower, now + timedelta(seconds=60))


async def test_a_user_code_that_is_taken_is_made_anew(store: Store) -> None:
    first = await requested(store)
    _, second = start_login("another", "192.0.2.1", utc_now())
    twin = DeviceLogin(
        id=second.id, user_code=first.user_code, client="", address="", created_at=first.created_at,
        expires_at=first.expires_at,
    )  # fmt: skip
    assert (await store.devices.create(twin)).user_code != first.user_code


async def test_a_use_is_noted_once_a_minute(store: Store, ada: User) -> None:
    now = utc_now()
    _, token = make_token(ada.id, "ci", "read", None, now)
    await store.sessions.create(token)
    minute = whole_minute(now)
    noted = await asyncio.gather(*(store.sessions.touch(token, minute, f"192.0.2.{n}") for n in range(5)))
    assert sum(noted) == 1
    assert await store.sessions.touch(token, minute + timedelta(minutes=1), "192.0.2.9")
    found = await store.sessions.get(token.id, now)
    assert found is not None
    assert (found.used_at, found.used_from) == (minute + timedelta(minutes=1), "192.0.2.9")


async def test_a_token_without_an_end_lasts_and_one_with_an_end_does_not(store: Store, ada: User) -> None:
    now = utc_now()
    tokens = [make_token(ada.id, "ci", "read", days, now)[1] for days in (None, 1)]
    for token in tokens:
        await store.sessions.create(token)

    async def found(days: int) -> list[Session]:
        then = now + timedelta(days=days)
        page = await store.sessions.page(ada.id, then, tokens=True)
        assert await store.sessions.count_tokens(ada.id, then, 9) == len(page.items)
        return [token for token in tokens if await store.sessions.get(token.id, then)]

    assert await found(0) == tokens
    assert await found(1) == tokens[:1]
    assert await found(9000) == tokens[:1]


async def test_only_the_owner_ends_a_session_and_only_by_its_whole_short_id(store: Store, ada: User) -> None:
    bob, now = await made(store, "bob"), utc_now()
    _, session = open_session(ada.id, "bearer", now)
    _, token = make_token(ada.id, "ci", "read", None, now)
    await store.sessions.create(session)
    await store.sessions.create(token)
    for user, short, tokens in (
        (bob.id, session.short_id, False),
        (ada.id, session.short_id, True),
        (ada.id, session.short_id[:8], False),
        (ada.id, "", False),
        (ada.id, "g" * 16, False),
        (ada.id, token.short_id, False),
    ):
        with pytest.raises(NotFound):
            await store.sessions.end(user, short, tokens=tokens)
    await store.sessions.end(ada.id, token.short_id, tokens=True)
    assert await store.sessions.end_logins(ada.id, keep=session.id) == 0
    assert await store.sessions.end_logins(ada.id) == 1


async def test_accounts_and_sessions_of_an_older_version_go_on(
    store: Store, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    now = utc_now()
    user = {"_id": "old", "username": "old", "password_hash": "x", "admin": True, "created_at": now, "first": True}
    session = {"_id": "a" * 64, "user": "old", "kind": "browser", "created_at": now}
    await mongo["platform"]["users"].insert_one(user)
    await mongo["platform"]["sessions"].insert_one(session | {"expires_at": now + timedelta(days=1)})
    assert (await store.users.get("old")).admin
    assert [found.id for found in (await store.users.page(prefix="ol")).items] == ["old"]
    found = await store.sessions.get("a" * 64, now)
    assert found is not None
    assert (found.scope, found.used_at) == ("admin", None)
    assert await store.sessions.touch(found, whole_minute(now), "192.0.2.1")
    with pytest.raises(LastAdmin):
        await store.users.delete("old", now)
