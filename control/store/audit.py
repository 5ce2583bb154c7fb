"""The audit log: who did what, kept for a year (a TTL index on `time`) and never changed.

An entry outlives what it is about: an app's stay when the app is purged.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo.errors import BulkWriteError

from control.domain.pages import Page
from control.store.errors import DUPLICATE_KEY, translated
from control.store.mapping import Collection, Document, to_document
from control.store.paging import read_page
from fp.api.admin import AuditEntry, AuditOutcome

_OUTCOMES: dict[AuditOutcome, Document] = {
    "ok": {"status": {"$lt": 400}},
    "refused": {"status": {"$gte": 400, "$lt": 500}},
    # A missing answer is stored as null, which no comparison of numbers matches.
    "failed": {"$or": [{"status": {"$gte": 500}}, {"status": None}]},
}


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted; what is null does not matter. `user` and `app` are ids or names; times are inclusive."""

    user: str | None = None
    app: str | None = None
    operation: str | None = None
    outcome: AuditOutcome | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> Document:
        conditions: list[Document] = []
        if self.user is not None:
            conditions.append({"$or": [{"user": self.user}, {"username": self.user}]})
        if self.app is not None:
            # Who was not let near an app has named it, and that is all there is of it in the entry.
            named: Document = {"target_kind": "app", "target": self.app}
            conditions.append({"$or": [{"app": self.app}, {"app_name": self.app}, named]})
        if self.operation is not None:
            conditions.append({"operation": self.operation})
        if self.outcome is not None:
            conditions.append(_OUTCOMES[self.outcome])
        times = {"$gte": self.since, "$lte": self.until}
        if bounds := {name: time for name, time in times.items() if time is not None}:
            conditions.append({"time": bounds})
        return {"$and": conditions} if conditions else {}


class Audit:
    """Collection `audit`."""

    def __init__(self, raw: Any) -> None:
        self._audit = Collection(raw, AuditEntry)

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """Stores those of the entries that are not there yet."""
        if not entries:
            return
        with translated():
            try:
                await self._audit.raw.insert_many([to_document(entry) for entry in entries], ordered=False)
            except BulkWriteError as error:
                details = error.details or {}
                others = [failed for failed in details["writeErrors"] if failed["code"] != DUPLICATE_KEY]
                if others or details["writeConcernErrors"]:
                    raise

    async def page(self, wanted: AuditFilter, *, limit: int = 50, cursor: str | None = None) -> Page[AuditEntry]:
        """The entries that fit, newest first. Raises BadCursor."""
        return await read_page(self._audit, wanted.query(), order=("time", "_id"), limit=limit, cursor=cursor)

    async def page_of_app(self, app_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[AuditEntry]:
        """The entries about the app with that id, newest first. Raises BadCursor."""
        return await read_page(self._audit, {"app": app_id}, order=("time", "_id"), limit=limit, cursor=cursor)
