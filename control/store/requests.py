"""Request records of apps, kept for seven days (a TTL index on `time`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from control.domain.errors import NotFound
from control.domain.pages import Page
from control.store.ingest import insert_new
from control.store.mapping import Collection, Document
from control.store.paging import read_page
from fp.api.see import RequestRecord


class Requests:
    """Collection `requests`; a record's id is `<instance>-<id>`, so posting it twice stores it once."""

    def __init__(self, raw: Any) -> None:
        self._requests = Collection(raw, RequestRecord, hidden=["app"])

    async def add(self, app_id: str, records: Sequence[RequestRecord]) -> int:
        """Stores the records that are not there yet; answers how many were new."""
        return await insert_new(self._requests, app_id, records)

    async def get(self, app_id: str, record_id: str) -> RequestRecord:
        """Raises NotFound."""
        record = await self._requests.find_one({"_id": record_id, "app": app_id})
        if record is None:
            raise NotFound("request", record_id)
        return record

    async def page(
        self,
        app_id: str,
        *,
        since: datetime | None = None,
        cold_only: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[RequestRecord]:
        """The app's requests, newest first; `since` is the oldest time wanted. Raises BadCursor."""
        query: Document = {"app": app_id}
        if since is not None:
            query["time"] = {"$gte": since}
        if cold_only:
            query["cold_start_ms"] = {"$ne": None}
        return await read_page(self._requests, query, order=("time", "_id"), limit=limit, cursor=cursor)

    async def delete_of_app(self, app_id: str) -> None:
        await self._requests.remove({"app": app_id})
