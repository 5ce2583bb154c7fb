"""Records of wakes, kept for thirty days (a TTL index on `time`)."""

from collections.abc import Sequence
from typing import Any

from pymongo import ReplaceOne

from control.domain.pages import Page
from control.store.errors import translated
from control.store.mapping import Collection, Document, to_document
from control.store.paging import read_page
from fp.api.see import WakeOutcome, WakeRecord


class Wakes:
    """Collection `wakes`. A record may come twice, the second time with its first byte: the one that came last is kept."""

    def __init__(self, raw: Any) -> None:
        self._wakes = Collection(raw, WakeRecord, hidden=["app"])

    async def put(self, records: Sequence[tuple[str, WakeRecord]]) -> None:
        """Stores records, each with its app's id, in their order."""
        documents = [to_document(record) | {"app": app_id} for app_id, record in records]
        if documents:
            with translated():
                await self._wakes.raw.bulk_write(
                    [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents]
                )

    async def page(
        self, app_id: str, *, outcome: WakeOutcome | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[WakeRecord]:
        """The app's wakes, newest first, those with that outcome where one is given. Raises BadCursor."""
        query: Document = {"app": app_id}
        if outcome is not None:
            query["outcome"] = outcome
        return await read_page(self._wakes, query, order=("time", "_id"), limit=limit, cursor=cursor)

    async def delete_of_app(self, app_id: str) -> None:
        await self._wakes.remove({"app": app_id})
