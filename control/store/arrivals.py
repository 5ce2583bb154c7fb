"""Numbers the lines of an app in the order in which they arrive, so that a reader can follow them without gap or double.

Times cannot do it: a line may arrive late, with an older time than those before it. And a number is not enough that each
writer draws from a counter: of two writers, the one with the higher number may be seen first, and who has read it would never
look back for the lower one. So a line's `seq` is one more than one that is already there to be read, and `(app, seq)` is
unique: two writers that draw the same number cannot both have it, and the loser looks again. Whoever reads in order of `seq`
then sees every line once, whichever process stored it; the last number read is all that a reader must remember.

Lines of one batch are inserted in order and the last one carries `bell`, so a batch is one event to whoever waits (`bells`).
The first line of an app whose lines are all gone begins at a number made of the day, which is above all that went before.
"""

import asyncio
import random
import time
from collections import OrderedDict
from typing import Any
from weakref import WeakValueDictionary

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from control.domain.errors import StoreUnavailable
from control.store.errors import DUPLICATE_KEY, translated
from control.store.mapping import Document

SEQ_INDEX_ONLY: Document = {"seq": {"$exists": True}}
_DAY_BITS = 32
_TRIES = 40
_KNOWN_APPS = 5_000
_KNOWN_SECONDS = 60.0
"""How long a process trusts the number it wrote last: by then the line may have gone, and its number with it."""


class Arrivals:
    """Over one collection whose documents have `app` and `seq`."""

    def __init__(self, raw: AsyncCollection[Document]) -> None:
        self._raw = raw
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def newest(self, app_id: str) -> int:
        """The number of the line that arrived last; below every number to come where there is none."""
        with translated():
            found = await self._raw.find_one({"app": app_id, "seq": {"$gt": 0}}, {"seq": 1}, sort=[("seq", -1)])
        return int(found["seq"]) if found else int(time.time() // 86_400) << _DAY_BITS

    async def add(self, app_id: str, documents: list[Document]) -> list[str]:
        """Stores those documents whose `_id` is new, in their order; answers those ids. Raises StoreUnavailable."""
        if not documents:
            return []
        lock = self._locks.setdefault(app_id, asyncio.Lock())
        async with lock:
            return await self._add(app_id, documents)

    async def _add(self, app_id: str, waiting: list[Document]) -> list[str]:
        stored: list[str] = []
        last = self._remembered(app_id)
        for attempt in range(_TRIES):
            if last is None:
                last = await self.newest(app_id)
            count, whole = await self._insert(waiting, last)
            stored += [document["_id"] for document in waiting[:count]]
            if whole:
                self._remember(app_id, last + count)
                return stored
            waiting, last = await self._missing(waiting[count:]), None
            if not waiting:
                return stored
            await asyncio.sleep(random.random() * 0.002 * attempt)
        raise StoreUnavailable("too many processes store lines of one app at once")

    async def _insert(self, documents: list[Document], last: int) -> tuple[int, bool]:
        """How many of the first ones were stored, and whether all were; the next one has an `_id` or `seq` that is taken."""
        for seq, document in enumerate(documents, last + 1):
            document["seq"] = seq
        documents[-1]["bell"] = True
        with translated():
            try:
                await self._raw.insert_many(documents)
            except BulkWriteError as error:
                details: Any = error.details
                if details["writeConcernErrors"] or any(e["code"] != DUPLICATE_KEY for e in details["writeErrors"]):
                    raise
                return int(details["nInserted"]), False
        return len(documents), True

    async def _missing(self, documents: list[Document]) -> list[Document]:
        """Those that are not stored yet."""
        with translated():
            found = self._raw.find({"_id": {"$in": [document["_id"] for document in documents]}}, {"_id": 1})
            stored = {document["_id"] async for document in found}
        missing: dict[Any, Document] = {}
        for document in documents:
            if document["_id"] not in stored:
                # A batch may name one line twice: the first one counts, as it would alone.
                missing.setdefault(document["_id"], document)
        return list(missing.values())

    def _remembered(self, app_id: str) -> int | None:
        seq, at = self._known.get(app_id, (0, 0.0))
        return seq if seq and time.monotonic() - at < _KNOWN_SECONDS else None

    def _remember(self, app_id: str, seq: int) -> None:
        self._known[app_id] = (seq, time.monotonic())
        self._known.move_to_end(app_id)
        if len(self._known) > _KNOWN_APPS:
            self._known.popitem(last=False)
