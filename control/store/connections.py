"""Clients of users' databases, each logged in as the database's own MongoDB user and with that user's rights alone.

One is made when it is first needed, shared by all who look at the same database, and closed a minute after the last one
left. There are never more than a few dozen: the one that was unused for the longest makes room.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.asynchronous.mongo_client import AsyncMongoClient

from control.domain.databases import Database
from control.domain.errors import StoreUnavailable
from control.store.mapping import Document

MAX_CLIENTS = 32
IDLE_SECONDS = 60.0
_POOL = 4
_WAIT_MS = 5000
_SOCKET_MS = 30_000


class _Entry:
    """A client and how many use it now; `closing` is the timer that runs while nobody does."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.users = 0
        self.closing: asyncio.TimerHandle | None = None
        self.client: AsyncMongoClient[Document] = AsyncMongoClient(
            uri,
            appname="fp-explorer",
            maxPoolSize=_POOL,
            waitQueueTimeoutMS=_WAIT_MS,
            serverSelectionTimeoutMS=_WAIT_MS,
            connectTimeoutMS=_WAIT_MS,
            socketTimeoutMS=_SOCKET_MS,
        )


class Connections:
    """`uri_of` tells the URI with a database's own credentials."""

    def __init__(self, uri_of: Callable[[Database], str], *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._uri_of = uri_of
        self._idle_seconds = idle_seconds
        self._entries: dict[str, _Entry] = {}
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> int:
        """How many clients there are."""
        return len(self._entries)

    @asynccontextmanager
    async def to(self, database: Database) -> AsyncIterator[AsyncDatabase[Document]]:
        """The database as its own MongoDB user sees it. Raises SecretUnreadable, StoreUnavailable."""
        entry = self._entry(database)
        entry.users += 1
        try:
            yield entry.client[database.name]
        finally:
            entry.users -= 1
            if entry.users == 0:
                self._left(database.id, entry)

    async def forget(self, database_id: str) -> None:
        """Closes the client of a database, whoever uses it."""
        entry = self._entries.get(database_id)
        if entry is not None:
            self._end(database_id, entry)
        await self._ended()

    async def close(self) -> None:
        """Closes all of them."""
        for database_id, entry in list(self._entries.items()):
            self._end(database_id, entry)
        await self._ended()

    def _entry(self, database: Database) -> _Entry:
        uri = self._uri_of(database)
        entry = self._entries.pop(database.id, None)
        if entry is None or entry.uri != uri:
            if entry is not None:
                self._end(database.id, entry)
            self._make_room()
            entry = _Entry(uri)
        if entry.closing is not None:
            entry.closing.cancel()
            entry.closing = None
        # The last one is the one used last.
        self._entries[database.id] = entry
        return entry

    def _make_room(self) -> None:
        if len(self._entries) < MAX_CLIENTS:
            return
        for database_id, entry in self._entries.items():
            if entry.users == 0:
                self._end(database_id, entry)
                return
        raise StoreUnavailable("too many databases are being looked at")

    def _left(self, database_id: str, entry: _Entry) -> None:
        if self._entries.get(database_id) is entry:
            loop = asyncio.get_running_loop()
            entry.closing = loop.call_later(self._idle_seconds, self._end, database_id, entry)

    def _end(self, database_id: str, entry: _Entry) -> None:
        if self._entries.get(database_id) is entry:
            del self._entries[database_id]
        if entry.closing is not None:
            entry.closing.cancel()
        task = asyncio.ensure_future(entry.client.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _ended(self) -> None:
        await asyncio.gather(*self._ending, return_exceptions=True)
