"""Failures of apps, grouped by where they were raised; kept for thirty days since one was last seen (a TTL index).

Collection `errors`: one document for an app and a fingerprint. A group that was resolved is hidden until it is seen again, so
"resolved" is a time, and a group shows when it was last seen after it. An app that fails in ever new places cannot fill the
disk: what one batch may add is bounded, and beyond so many groups of an app only those that are there are counted on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.errors import NotFound
from control.domain.failures import Failure
from control.domain.pages import Page
from control.store.errors import translated
from control.store.mapping import Collection, Document
from control.store.paging import read_page
from fp.api.metrics import ErrorGroup

MAX_GROUPS = 500
_HIDDEN = ("app", "open", "resolved_at")


class Failures:
    """Collection `errors`."""

    def __init__(self, raw: Any) -> None:
        # The id is the app's and the fingerprint together; a group is told by the latter alone, which is a field as well.
        self._groups = Collection(raw, ErrorGroup, hidden=_HIDDEN)

    async def add(
        self, app_id: str, failures: Sequence[Failure], now: datetime, session: AsyncClientSession | None = None
    ) -> None:
        """Counts failures, which are in order of time; times that have not come yet count as now."""
        groups: dict[str, list[Failure]] = {}
        for failure in failures:
            groups.setdefault(failure.fingerprint, []).append(failure)
        if not groups:
            return
        with translated():
            known = await self._groups.raw.count_documents({"app": app_id}, limit=MAX_GROUPS, session=session)
            room = max(0, MAX_GROUPS - known)
            writes = [_change(app_id, same, now, upsert=place < room) for place, same in enumerate(groups.values())]
            await self._groups.raw.bulk_write(writes, ordered=False, session=session)

    async def page(self, app_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[ErrorGroup]:
        """The app's groups that are not resolved, the last seen first. Raises BadCursor."""
        query: Document = {"app": app_id, "open": True}
        return await read_page(self._groups, query, order=("last_seen", "_id"), limit=limit, cursor=cursor)

    async def resolve(self, app_id: str, fingerprint: str, now: datetime) -> None:
        """Hides the group until it is seen again. Raises NotFound."""
        update: Document = {"$set": {"open": False, "resolved_at": now}}
        if not await self._groups.update({"_id": f"{app_id}:{fingerprint}"}, update):
            raise NotFound("error", fingerprint)

    async def delete_of_app(self, app_id: str) -> None:
        await self._groups.remove({"app": app_id})


def _change(app_id: str, same: Sequence[Failure], now: datetime, *, upsert: bool) -> UpdateOne:
    """Adds failures of one group. What the group tells of the last one stays when it already has a later one."""
    first, last = min(same[0].time, now), min(same[-1].time, now)
    newer: Document = {"$gte": [last, {"$ifNull": ["$last_seen", last - timedelta(days=1)]}]}
    told, place = same[-1], same[-1].place
    values: Document = {
        "kind": place.kind, "message": place.message, "file": place.file, "line": place.line, "function": place.function,
        "version": told.version, "request": told.request, "traceback": told.traceback,
    }  # fmt: skip
    fields: Document = {name: {"$cond": [newer, {"$literal": value}, f"${name}"]} for name, value in values.items()}
    # Old failures that come late are no news: they do not open what was resolved after them.
    again: Document = {"$or": [{"$ifNull": ["$open", True]}, {"$gt": [last, {"$ifNull": ["$resolved_at", first]}]}]}
    fields |= {
        "app": app_id,
        "fingerprint": same[0].fingerprint,
        "count": {"$add": [{"$ifNull": ["$count", 0]}, len(same)]},
        "first_seen": {"$min": ["$first_seen", first]},
        "last_seen": {"$max": ["$last_seen", last]},
        "open": again,
    }
    return UpdateOne({"_id": f"{app_id}:{same[0].fingerprint}"}, [{"$set": fields}], upsert=upsert)
