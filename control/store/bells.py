"""Tells who waits for an app's lines that some have arrived; reading them is the waiter's own affair.

This process rings for what it stores itself. What another process stores is told by a change stream over the last line of
each batch, one per process, open only while somebody waits. A ring may be late or missing where that stream breaks, so a
waiter also looks from time to time by itself.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from control.store.mapping import Document

RETRY_SECONDS = 1.0
_LAST_OF_BATCH: list[Document] = [
    {"$match": {"operationType": "insert", "fullDocument.bell": True}},
    {"$project": {"fullDocument.app": 1}},
]


class Bells:
    """One per process and collection."""

    def __init__(self, raw: AsyncCollection[Document]) -> None:
        self._raw = raw
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._listener: asyncio.Task[None] | None = None

    def ring(self, app_id: str) -> None:
        """Wakes whoever waits for that app."""
        for waiter in self._waiting.get(app_id, ()):
            waiter.set()

    @contextlib.asynccontextmanager
    async def waiting(self, app_id: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever lines of the app have arrived; clear it before you look."""
        waiter = asyncio.Event()
        self._waiting.setdefault(app_id, set()).add(waiter)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="bells")
        try:
            yield waiter
        finally:
            self._waiting[app_id].discard(waiter)
            if not self._waiting[app_id]:
                del self._waiting[app_id]
            if not self._waiting and self._listener is not None:
                listener, self._listener = self._listener, None
                listener.cancel()
                await asyncio.wait([listener])

    async def _listen(self) -> None:
        while True:
            try:
                async with await self._raw.watch(_LAST_OF_BATCH) as changes:
                    # What came while the stream was not there yet is looked for once more.
                    for app_id in list(self._waiting):
                        self.ring(app_id)
                    async for change in changes:
                        self.ring(change["fullDocument"]["app"])
            except PyMongoError:
                await asyncio.sleep(RETRY_SECONDS)
