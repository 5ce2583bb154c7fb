"""Records of wakes, kept for thirty days (a TTL index on `time`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.pages import Page
from control.store.errors import translated
from control.store.mapping import Collection, Document, to_document
from control.store.paging import read_page
from fp.api.see import WakeOutcome, WakeRecord


class Wakes:
    """Collection `wakes`. A record may come twice, the second time with its first byte: the one that came last is kept."""

    def __init__(self, raw: Any) -> None:
        self._wakes = Collection(raw, WakeRecord, hidden=["app"])

    async def put(
        self, records: Sequence[tuple[str, WakeRecord]], session: AsyncClientSession | None = None
    ) -> list[tuple[str, WakeRecord]]:
        """Stores records, each with its app's id, in their order; answers those that were not there before."""
        documents = [to_document(record) | {"app": app_id} for app_id, record in records]
        if not documents:
            return []
        with translated():
            done = await self._wakes.raw.bulk_write(
                [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents],
                session=session,
            )
        return [records[place] for place in sorted(done.upserted_ids or {})]

    async def page(
        self, app_id: str, *, outcome: WakeOutcome | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[WakeRecord]:
        """The app's wakes, newest first, those with that outcome where one is given. Raises BadCursor."""
        query: Document = {"app": app_id}
        if outcome is not None:
            query["outcome"] = outcome
        return await read_page(self._wakes, query, order=("time", "_id"), limit=limit, cursor=cursor)

    async def of_instance(self, app_id: str, instance: str, at: datetime) -> WakeRecord | None:
        """The wake that instance was made by: the newest one that had begun `at` that moment; null when none is known."""
        query = {"app": app_id, "instance": instance, "time": {"$lte": at}}
        async for wake in self._wakes.find(query, sort=[("time", -1), ("_id", -1)], limit=1):
            return wake
        return None

    async def delete_of_app(self, app_id: str) -> None:
        await self._wakes.remove({"app": app_id})
