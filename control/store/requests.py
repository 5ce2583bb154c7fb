"""Request records of apps, kept for seven days (a TTL index on `time`)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from control.domain.errors import NotFound
from control.domain.filtering import RequestFilter
from control.domain.pages import Page
from control.store.errors import DUPLICATE_KEY, translated
from control.store.mapping import Collection, Document, to_document
from control.store.paging import read_page
from fp.api.see import RequestRecord

SEARCH_MS = 5_000
"""How long MongoDB may look for one page."""
ANY = RequestFilter()
_SIGNS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}


class Requests:
    """Collection `requests`; a record's id is `<instance>-<id>`, so posting it twice stores it once."""

    def __init__(self, raw: Any) -> None:
        self._requests = Collection(raw, RequestRecord, hidden=["app"])
        self._listed = Collection(raw, RequestRecord, hidden=["app", "headers"])

    async def insert(
        self, app_id: str, records: Sequence[RequestRecord], session: AsyncClientSession | None = None
    ) -> bool:
        """Stores the records; false where one of them is there already, which ends the session's transaction."""
        documents = [to_document(record) | {"app": app_id} for record in records]
        with translated():
            try:
                await self._requests.raw.insert_many(documents, session=session)
            except BulkWriteError as error:
                if all(failed["code"] == DUPLICATE_KEY for failed in (error.details or {})["writeErrors"]):
                    return False
                raise
        return True

    async def missing(self, records: Sequence[RequestRecord]) -> list[RequestRecord]:
        """Those that are not there yet."""
        with translated():
            found = self._requests.raw.find({"_id": {"$in": [record.id for record in records]}}, {"_id": 1})
            known = {document["_id"] for document in await found.to_list()}
        return [record for record in records if record.id not in known]

    async def get(self, app_id: str, record_id: str) -> RequestRecord:
        """Raises NotFound."""
        record = await self._requests.find_one({"_id": record_id, "app": app_id})
        if record is None:
            raise NotFound("request", record_id)
        return record

    async def page(
        self, app_id: str, *, only: RequestFilter = ANY, limit: int = 50, cursor: str | None = None
    ) -> Page[RequestRecord]:
        """Those of the app's requests that pass the filter, newest first. Raises BadCursor, TooBroad."""
        query = _query(app_id, only)
        return await read_page(self._listed, query, order=("time", "_id"), limit=limit, cursor=cursor, max_ms=SEARCH_MS)

    async def delete_of_app(self, app_id: str) -> None:
        await self._requests.remove({"app": app_id})


def _query(app_id: str, only: RequestFilter) -> Document:
    query: Document = {"app": app_id, **time_between(only.since, only.until)}
    if only.request_id is not None:
        query["_id"] = only.request_id
    if only.status is not None:
        query["status"] = {"$gte": only.status.low, "$lte": only.status.high}
    if only.method is not None:
        query["method"] = only.method
    if only.path is not None:
        query["path"] = path_query(only.path)
    if only.ms_over is not None:
        query["ms"] = {"$gt": only.ms_over}
    if only.cold:
        query["cold_start_ms"] = {"$gte": 0}
    conditions = _more(only)
    return {**query, "$and": conditions} if conditions else query


def _more(only: RequestFilter) -> list[Document]:
    """What is looked for in the records that the rest of the query has left."""
    conditions: list[Document] = [{"ms": {_SIGNS[bound.sign]: bound.value}} for bound in only.ms]
    if only.text:
        words = {"$regex": literal(only.text), "$options": "i"}
        conditions.append({"$or": [{"path": words}, {"query": words}]})
    if only.trace:
        conditions.append({"error": {"$regex": literal(only.trace), "$options": "i"}})
    if only.version is not None:
        conditions.append({"version": only.version})
    if only.htmx:
        conditions.append({"htmx": True})
    return conditions


def time_between(since: datetime | None, until: datetime | None) -> Document:
    """A condition on `time`: `since` is in, `until` is out; none where neither is given."""
    span: Document = {} if since is None else {"$gte": since}
    if until is not None:
        span["$lt"] = until
    return {"time": span} if span else {}


def path_query(pattern: str) -> Any:
    """The path itself, or where there are stars an expression with any text in their places."""
    if "*" not in pattern:
        return pattern
    parts = [literal(part) for part in pattern.split("*")]
    return {"$regex": rf"\A{'.*'.join(parts)}\z", "$options": "s"}


def literal(text: str) -> str:
    """A regular expression that means that text and nothing else; one with a zero byte in it the server would refuse."""
    return re.escape(text).replace("\0", r"\x00")
