"""Users. The first account is the admin, and two that sign up at once cannot both be the first."""

from typing import Any

import msgspec

from control.domain.accounts import User
from control.domain.errors import NameTaken, NotFound
from control.domain.pages import Page
from control.store.errors import Duplicate
from control.store.mapping import Collection
from control.store.paging import read_page


class Users:
    """Collection `users`. `first: true` marks the first account; a unique index allows one."""

    def __init__(self, raw: Any) -> None:
        self._users = Collection(raw, User, hidden=["first"])

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
        user = await self._users.find_one({"_id": user_id})
        if user is None:
            raise NotFound("user", user_id)
        return user

    async def by_username(self, username: str) -> User | None:
        return await self._users.find_one({"username": username})

    async def any(self) -> bool:
        """Whether there is an account at all."""
        return await self._users.find_one({}) is not None

    async def page(self, *, limit: int = 50, cursor: str | None = None) -> Page[User]:
        """All accounts, newest first. Raises BadCursor."""
        return await read_page(self._users, {}, order=("created_at", "_id"), limit=limit, cursor=cursor)
