"""Log lines of apps, kept for three days (a TTL index on `time`)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from control.domain.pages import Page
from control.store.ingest import insert_new
from control.store.mapping import Collection, Document
from control.store.paging import read_page
from fp.api.see import LogLine


class Logs:
    """Collection `logs`; a line's id is `<instance>-<id>`, so posting it twice stores it once."""

    def __init__(self, raw: Any) -> None:
        self._logs = Collection(raw, LogLine, hidden=["app"])

    async def add(self, app_id: str, lines: Sequence[LogLine]) -> int:
        """Stores the lines that are not there yet; answers how many were new."""
        return await insert_new(self._logs, app_id, lines)

    async def page(
        self,
        app_id: str,
        *,
        since: datetime | None = None,
        search: str = "",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[LogLine]:
        """The app's lines, newest first; `search` is text that a line must contain, whatever its case. Raises BadCursor."""
        query: Document = {"app": app_id}
        if since is not None:
            query["time"] = {"$gte": since}
        if search:
            query["text"] = {"$regex": re.escape(search), "$options": "i"}
        return await read_page(self._logs, query, order=("time", "_id"), limit=limit, cursor=cursor)

    async def delete_of_app(self, app_id: str) -> None:
        await self._logs.remove({"app": app_id})
