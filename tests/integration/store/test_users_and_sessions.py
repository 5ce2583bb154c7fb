"""Accounts: the first is admin, names are unique, a session ends when it should."""

import asyncio
from datetime import timedelta

import pytest

from control.domain.accounts import User, open_session, token_hash
from control.domain.clock import utc_now
from control.domain.errors import BadCursor, NameTaken, NotFound
from control.domain.ids import new_id
from control.store import Store


def user(name: str) -> User:
    return User(id=new_id(), username=name, password_hash="x", admin=False, created_at=utc_now())


async def test_of_many_first_accounts_at_once_exactly_one_is_admin(store: Store) -> None:
    made = await asyncio.gather(*(store.users.create(user(f"user-{n}")) for n in range(10)))
    assert sum(u.admin for u in made) == 1
    stored = [await store.users.get(u.id) for u in made]
    assert stored == list(made)


async def test_a_taken_username_is_refused_also_for_the_first_account_twice(store: Store) -> None:
    results = await asyncio.gather(*(store.users.create(user("ada")) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, NameTaken) for result in results) == 3
    found = await store.users.by_username("ada")
    assert found is not None
    assert found.admin


async def test_pages_hold_every_account_once_newest_first(store: Store) -> None:
    made = [await store.users.create(user(f"user-{n}")) for n in range(5)]
    seen, cursor = [], None
    while True:
        page = await store.users.page(limit=2, cursor=cursor)
        seen += [u.id for u in page.items]
        if (cursor := page.next) is None:
            break
    assert sorted(seen) == sorted(u.id for u in made)
    assert len(seen) == 5


@pytest.mark.parametrize("cursor", ["", "!!", "e30", "W1siYSIsMV1d", "W10", "WyJ0IiwieCJd"])
async def test_a_cursor_of_somebody_elses_making_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await store.users.page(cursor=cursor)


async def test_an_unknown_user_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.users.get("nobody")


async def test_a_session_is_found_by_its_tokens_hash_until_it_ends(store: Store, ada: User) -> None:
    now = utc_now()
    token, session = open_session(ada.id, "bearer", now)
    await store.sessions.create(session)
    assert session.expires_at is not None
    assert await store.sessions.get(token_hash(token), now) == session
    assert await store.sessions.get(token_hash(token), session.expires_at) is None
    await store.sessions.extend(session.id, session.expires_at + timedelta(days=1))
    assert await store.sessions.get(session.id, session.expires_at) is not None
    assert await store.sessions.delete_of_user(ada.id) == 1
    assert await store.sessions.get(session.id, now) is None
