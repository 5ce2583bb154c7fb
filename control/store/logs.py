"""Log lines of apps, kept for three days (a TTL index on `time`).

There are two orders. The list goes by `time`, when a line was printed; the live tail goes by `seq`, the order of arrival
(`arrivals`), because a line may arrive after later ones and must still be told.
"""

import asyncio
from collections.abc import AsyncGenerator, Container, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.errors import BadCursor
from control.domain.filtering import LogFilter
from control.domain.pages import Page
from control.store.arrivals import Arrivals
from control.store.bells import Bells
from control.store.errors import translated
from control.store.mapping import Collection, Document, to_document
from control.store.paging import decode, encode, read_page
from control.store.requests import SEARCH_MS, literal, time_between
from fp.api.see import LogLine

ANY = LogFilter()
LOOK_BACK = 100_000
_CHUNK = 1000
_STRIDE = 20_000
"""Lines looked at in one step of a tail, so that a filter that few pass cannot make a step long."""


class Logs:
    """Collection `logs`; a line's id is `<instance>-<id>`, so posting it twice stores it once."""

    def __init__(self, raw: Any) -> None:
        self._logs = Collection(raw, LogLine, hidden=["app", "seq", "bell", "uncounted"])
        self._arrivals = Arrivals(raw)
        self._bells = Bells(raw)

    async def add(self, app_id: str, lines: Sequence[LogLine], uncounted: Container[str] = ()) -> int:
        """Stores the lines that are not there yet; answers how many were new. `uncounted`: ids of those to mark so."""
        documents = [to_document(line) | {"app": app_id} for line in lines]
        for document in documents:
            if document["_id"] in uncounted:
                document["uncounted"] = True
        stored = set(await self._arrivals.add(app_id, documents))
        if stored:
            self._bells.ring(app_id)
        return len(stored)

    async def claim_uncounted(self, ids: Sequence[str], session: AsyncClientSession) -> list[str]:
        """Those of the lines that bear the mark, which is taken off them."""
        query: Document = {"_id": {"$in": ids}, "uncounted": True}
        with translated():
            found = [d["_id"] async for d in self._logs.raw.find(query, {"_id": 1}, session=session)]
            if found:
                await self._logs.raw.update_many(query, {"$unset": {"uncounted": 1}}, session=session)
        return found

    async def page(
        self,
        app_id: str,
        *,
        only: LogFilter = ANY,
        ascending: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[LogLine]:
        """Those of the app's lines that pass the filter, newest first unless `ascending`. Raises BadCursor, TooBroad."""
        return await read_page(
            self._logs, _query(app_id, only), order=("time", "_id"), limit=limit, cursor=cursor,
            ascending=ascending, max_ms=SEARCH_MS,
        )  # fmt: skip

    async def whole(self, app_id: str, only: LogFilter) -> AsyncGenerator[list[LogLine], None]:
        """All of the app's lines that pass the filter, oldest first, a thousand at a time. Close it if it is not read out."""
        query, order = _query(app_id, only), [("time", 1), ("_id", 1)]
        with translated():
            async with self._logs.raw.find(query, self._logs.projection, sort=order, batch_size=_CHUNK) as found:
                chunk: list[LogLine] = []
                async for document in found:
                    chunk.append(self._logs.load(document))
                    if len(chunk) == _CHUNK:
                        yield chunk
                        chunk = []
                if chunk:
                    yield chunk

    # --- the tail ---------------------------------------------------------------------------------------------------

    def arriving(self, app_id: str) -> AbstractAsyncContextManager[asyncio.Event]:
        """An event that is set when lines of the app have arrived; clear it before you look for them."""
        return self._bells.waiting(app_id)

    async def newest(self, app_id: str) -> int:
        """The place of the line that arrived last."""
        return await self._arrivals.newest(app_id)

    async def place_before(self, app_id: str, only: LogFilter, count: int) -> int:
        """The place after which the newest `count` lines that pass the filter come; looks through LOOK_BACK lines."""
        newest = await self.newest(app_id)
        if count == 0:
            return newest
        query = {**_query(app_id, only), "seq": {"$gt": newest - LOOK_BACK, "$lte": newest}}
        with translated():
            found = self._logs.raw.find(query, {"seq": 1}, sort=[("seq", -1)], limit=count).max_time_ms(SEARCH_MS)
            documents = await found.to_list()
        return int(documents[-1]["seq"]) - 1 if documents else newest

    async def after(
        self, app_id: str, place: int, newest: int, only: LogFilter, limit: int
    ) -> tuple[list[LogLine], int]:
        """Up to `limit` of the lines behind `place` that pass the filter, and the place reached, `newest` at most."""
        end = min(newest, place + _STRIDE)
        query = {**_query(app_id, only), "seq": {"$gt": place, "$lte": end}}
        with translated():
            found = self._logs.raw.find(query, sort=[("seq", 1)], limit=limit).max_time_ms(SEARCH_MS)
            documents = await found.to_list()
        lines = [self._logs.load(document) for document in documents]
        if len(documents) == limit:
            return lines, int(documents[-1]["seq"])
        return lines, end if lines or end == newest else await self._before_next(app_id, end, newest)

    async def count_after(self, app_id: str, place: int, newest: int) -> int:
        """How many lines came behind `place`, up to and with `newest`."""
        with translated():
            return await self._logs.raw.count_documents({"app": app_id, "seq": {"$gt": place, "$lte": newest}})

    async def _before_next(self, app_id: str, place: int, newest: int) -> int:
        """The last place before the next line: numbers may have a wide gap where all lines were gone for a time."""
        query: Document = {"app": app_id, "seq": {"$gt": place}}
        with translated():
            found = await self._logs.raw.find_one(query, {"seq": 1}, sort=[("seq", 1)])
        return min(newest, int(found["seq"]) - 1) if found else newest

    async def delete_of_app(self, app_id: str) -> None:
        await self._logs.remove({"app": app_id})


def cursor_of(place: int) -> str:
    """A place in the order of arrival, for the wire."""
    return encode([place])


def place_of(cursor: str) -> int:
    """Raises BadCursor."""
    (place,) = decode(cursor, 1)
    if not isinstance(place, int) or not 0 <= place < 2**53:
        raise BadCursor
    return place


def _query(app_id: str, only: LogFilter) -> Document:
    query: Document = {"app": app_id, **time_between(only.since, only.until)}
    if only.request_id is not None:
        query["request_id"] = only.request_id
    if only.level is not None:
        query["level"] = {"$in": list(only.levels)}
    if only.text:
        query["text"] = {"$regex": literal(only.text), "$options": "i"}
    return query
