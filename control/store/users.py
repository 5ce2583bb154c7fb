"""Users. The first account is the admin, and two that sign up at once cannot both be the first.

The last admin cannot go either. Who stops being one, by leaving or by being demoted, writes in the same transaction to
the document of another admin who stays: of two who leave at once, each relying on the other, one meets the other's write
and looks again.
"""

from datetime import datetime
from typing import Any

import msgspec
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.accounts import User
from control.domain.errors import LastAdmin, LostRace, NameTaken, NotFound
from control.domain.pages import Page
from control.store.errors import Duplicate, translated
from control.store.mapping import Collection, Document
from control.store.paging import read_page

_ALIVE: Document = {"deleted_at": None}
_TRIES = 5


class Users:
    """Collection `users`. `first: true` marks the first account; a unique index allows one.

    `stayed` counts how often another admin went relying on this one. `quick`: the same collection, written to without
    waiting for the disk.
    """

    def __init__(self, raw: Any, quick: Any) -> None:
        self._users = Collection(raw, User, hidden=["first", "stayed"])
        self._quick = Collection(quick, User)

    async def create(self, user: User) -> User:
        """Stores the account and answers it as stored: the very first one becomes admin. Raises NameTaken."""
        if not await self.any():
            first = msgspec.structs.replace(user, admin=True)
            if await self._insert(first, first=True):
                return first
        await self._insert(user)
        return user

    async def _insert(self, user: User, **extra: Any) -> bool:
        """False when another account was the first one."""
        try:
            await self._users.insert(user, **extra)
        except Duplicate as error:
            if error.fields == ("first",):
                return False
            raise NameTaken(user.username) from error
        return True

    async def get(self, user_id: str) -> User:
        """Raises NotFound."""
        return self._found(await self._users.find_one({"_id": user_id, **_ALIVE}), user_id)

    async def by_username(self, username: str) -> User | None:
        return await self._users.find_one({"username": username, **_ALIVE})

    async def any(self) -> bool:
        """Whether there is an account at all."""
        return await self._users.find_one({}) is not None

    async def page(self, *, prefix: str = "", limit: int = 50, cursor: str | None = None) -> Page[User]:
        """All accounts whose name begins so, newest first. Raises BadCursor."""
        named: Document = {"username": {"$gte": prefix, "$lt": f"{prefix}\U0010ffff"}} if prefix else {}
        return await read_page(
            self._users, {**_ALIVE, **named}, order=("created_at", "_id"), limit=limit, cursor=cursor
        )

    async def seen(self, user_id: str, minute: datetime) -> None:
        """Moves `last_seen_at` forward."""
        await self._quick.update({"_id": user_id, **_ALIVE}, {"$max": {"last_seen_at": minute}})

    async def set_password(self, user_id: str, new_hash: str, seen: str) -> User:
        """Replaces the password whose hash was `seen`. Raises NotFound, LostRace when it is another by now."""
        query = {"_id": user_id, "password_hash": seen, **_ALIVE}
        user = await self._users.change(query, {"$set": {"password_hash": new_hash}})
        if user is None:
            await self.get(user_id)
            raise LostRace(f"the password of {user_id} was changed")
        return user

    async def set_admin(self, user_id: str, admin: bool) -> User:
        """Raises NotFound, LastAdmin."""
        if not admin:
            return await self._unless_last(user_id, {"$set": {"admin": False}})
        query = {"_id": user_id, **_ALIVE}
        return self._found(await self._users.change(query, {"$set": {"admin": True}}), user_id)

    async def delete(self, user_id: str, now: datetime) -> None:
        """From now on there is no such account, and its name is free; the worker removes what it owned.

        Raises NotFound, LastAdmin.
        """
        # No username has a `~` in it, so none is ever taken by an account that is gone.
        nobody = {"username": f"~{user_id}", "password_hash": "", "admin": False, "deleted_at": now}
        await self._unless_last(user_id, {"$set": nobody})

    async def deleted(self) -> list[User]:
        """Accounts on their way out, for the worker."""
        return [user async for user in self._users.find({"deleted_at": {"$type": "date"}})]

    async def forget(self, user_id: str) -> None:
        """Removes the document of a deleted account, the last thing that is left of it."""
        await self._users.remove({"_id": user_id, "deleted_at": {"$ne": None}})

    async def _unless_last(self, user_id: str, update: Document) -> User:
        """The update, after which the account is no admin. Raises NotFound, LastAdmin, LostRace."""
        for _ in range(_TRIES):
            user = await self.get(user_id)
            if user.admin:
                changed = await self._step_down(user_id, update)
            else:
                changed = await self._users.change({"_id": user_id, "admin": False, **_ALIVE}, update)
            if changed is not None:
                return changed
        raise LostRace(f"the rights of {user_id} keep changing")

    async def _step_down(self, user_id: str, update: Document) -> User | None:
        """The update of an admin, while another one stays; null when the account is none any more. Raises LastAdmin."""
        raw, admins = self._users.raw, {"admin": True, **_ALIVE}

        async def step(session: AsyncClientSession) -> Document | None:
            others = {**admins, "_id": {"$ne": user_id}}
            if await raw.find_one_and_update(others, {"$inc": {"stayed": 1}}, session=session) is None:
                raise LastAdmin
            found: Document | None = await raw.find_one_and_update(
                {**admins, "_id": user_id}, update, return_document=ReturnDocument.AFTER, session=session
            )
            return found

        with translated():
            async with raw.database.client.start_session() as session:
                document = await session.with_transaction(step)
        return None if document is None else self._users.load(document)

    @staticmethod
    def _found(user: User | None, user_id: str) -> User:
        if user is None:
            raise NotFound("user", user_id)
        return user
