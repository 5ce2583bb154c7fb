"""Sessions: who a token belongs to. MongoDB removes them some time after they end; until then the end is checked here."""

from datetime import datetime
from typing import Any

from control.domain.accounts import Session
from control.store.mapping import Collection


class Sessions:
    """Collection `sessions`; the `_id` is the token's hash."""

    def __init__(self, raw: Any) -> None:
        self._sessions = Collection(raw, Session)

    async def create(self, session: Session) -> None:
        await self._sessions.insert(session)

    async def get(self, token_hash: str, now: datetime) -> Session | None:
        """The session of that token, null when there is none or it has ended."""
        return await self._sessions.find_one({"_id": token_hash, "expires_at": {"$gt": now}})

    async def extend(self, token_hash: str, expires_at: datetime) -> None:
        """Moves the session's end; a session that is gone stays gone."""
        await self._sessions.update({"_id": token_hash}, {"$max": {"expires_at": expires_at}})

    async def delete(self, token_hash: str) -> None:
        await self._sessions.remove({"_id": token_hash})

    async def delete_of_user(self, user_id: str) -> int:
        """Ends all sessions of the user; answers how many."""
        return await self._sessions.remove({"user": user_id})
