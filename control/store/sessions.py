"""Sessions and named tokens: who a token belongs to.

MongoDB removes them some time after they end; until then the end is checked here. An owner names one by the first digits
of its hash, which are of no use to anyone else.
"""

from datetime import datetime
from typing import Any

from control.domain.accounts import Session, is_short_id
from control.domain.errors import NotFound
from control.domain.pages import Page
from control.store.mapping import Collection, Document
from control.store.paging import read_page

_LOGINS: Document = {"kind": {"$ne": "token"}}
_TOKENS: Document = {"kind": "token"}


class Sessions:
    """Collection `sessions`; the `_id` is the token's hash. `quick`: the same, written to without waiting for the disk."""

    def __init__(self, raw: Any, quick: Any) -> None:
        self._sessions = Collection(raw, Session)
        self._quick = Collection(quick, Session)

    async def create(self, session: Session) -> None:
        await self._sessions.insert(session)

    async def get(self, token_hash: str, now: datetime) -> Session | None:
        """The session or named token, null when there is none or it has ended."""
        return await self._sessions.find_one({"_id": token_hash, **_lasting(now)})

    async def touch(self, session: Session, minute: datetime, address: str) -> bool:
        """Notes the use; false when this minute's is noted already, or the session is gone."""
        query: Document = {"_id": session.id, "$or": [{"used_at": None}, {"used_at": {"$lt": minute}}]}
        return await self._quick.update(query, {"$set": {"used_at": minute, "used_from": address}})

    async def page(
        self, user_id: str, now: datetime, *, tokens: bool, limit: int = 50, cursor: str | None = None
    ) -> Page[Session]:
        """The user's named tokens, or log-ins, newest first; none that have ended. Raises BadCursor."""
        query = {"user": user_id, **_kind(tokens), **_lasting(now)}
        return await read_page(self._sessions, query, order=("created_at", "_id"), limit=limit, cursor=cursor)

    async def count_tokens(self, user_id: str, now: datetime, most: int) -> int:
        """How many named tokens the user has; counts no further than `most`."""
        query = {"user": user_id, **_TOKENS, **_lasting(now)}
        return len([None async for _ in self._sessions.find(query, limit=most)])

    async def extend(self, token_hash: str, expires_at: datetime) -> None:
        """Moves the session's end; a session that is gone stays gone."""
        await self._sessions.update({"_id": token_hash}, {"$max": {"expires_at": expires_at}})

    async def delete(self, token_hash: str) -> None:
        await self._sessions.remove({"_id": token_hash})

    async def end(self, user_id: str, short_id: str, *, tokens: bool) -> None:
        """Ends one of the user's named tokens, or log-ins. Raises NotFound."""
        begins: Document = {"$gte": short_id, "$lt": f"{short_id}g"}
        query = {"user": user_id, "_id": begins, **_kind(tokens)}
        if not is_short_id(short_id) or not await self._sessions.remove(query):
            raise NotFound("token" if tokens else "session", short_id[:64])

    async def end_logins(self, user_id: str, keep: str = "") -> int:
        """Ends all log-ins of the user but the one of that hash; named tokens stay. Answers how many."""
        return await self._sessions.remove({"user": user_id, "_id": {"$ne": keep}, **_LOGINS})

    async def delete_of_user(self, user_id: str) -> int:
        """Ends all sessions and named tokens of the user; answers how many."""
        return await self._sessions.remove({"user": user_id})


def _kind(tokens: bool) -> Document:
    return _TOKENS if tokens else _LOGINS


def _lasting(now: datetime) -> Document:
    return {"$or": [{"expires_at": None}, {"expires_at": {"$gt": now}}]}
