"""Figures of the whole platform for administrators: what indexes and the server's own counters say, nothing is scanned.

Counts of what can be many are bounded: past COUNTED a number is only "at least".
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import OperationFailure

from control.store.errors import translated
from control.store.mapping import Document
from fp.api.admin import MongoFacts

COUNTED = 100_000
WAKES_READ = 10_000
DAY = timedelta(days=1)


class WakeFigures(msgspec.Struct, frozen=True):
    """Wakes since a moment; the percentiles are milliseconds of those that ended well, null without any."""

    count: int
    p50_ms: float | None
    p95_ms: float | None


class Figures:
    """Reads only."""

    def __init__(self, client: AsyncMongoClient[Document], database: AsyncDatabase[Document]) -> None:
        self._client = client
        self._database = database

    async def users(self) -> int:
        with translated():
            return await self._database["users"].estimated_document_count()

    async def requests_since(self, since: datetime) -> int:
        """Requests of all apps, counted in the index on `time`; COUNTED at most."""
        with translated():
            return await self._database["requests"].count_documents({"time": {"$gte": since}}, limit=COUNTED)

    async def wakes_since(self, since: datetime) -> WakeFigures:
        """Of the newest WAKES_READ."""
        with translated():
            found = self._database["wakes"].find(
                {"time": {"$gte": since}}, {"ms": 1, "outcome": 1}, sort=[("time", -1)], limit=WAKES_READ
            )
            wakes = await found.to_list()
        times = sorted(float(wake["ms"]) for wake in wakes if wake["outcome"] == "ready")
        return WakeFigures(len(wakes), percentile(times, 0.5), percentile(times, 0.95))

    async def mongodb(self) -> MongoFacts:
        """What the server says of itself; on somebody else's server we may not ask everything."""
        with translated():
            version = str((await self._client.server_info())["version"])
        listed = await self._asked({"listDatabases": 1})
        status = await self._asked({"serverStatus": 1, "metrics": 0, "wiredTiger": 0, "oplog": 1})
        return MongoFacts(
            version=version,
            storage_bytes=int(listed["totalSize"]) if listed else None,
            connections=int(status["connections"]["current"]) if status else None,
            oplog_seconds=await self._oplog_seconds(),
        )

    async def _asked(self, command: Document) -> Document | None:
        with translated():
            try:
                found: Any = await self._client.admin.command(command)
            except OperationFailure:
                return None
        return dict(found)

    async def _oplog_seconds(self) -> float | None:
        oplog = self._client["local"]["oplog.rs"]
        with translated():
            try:
                ends = [await oplog.find_one({}, {"wall": 1}, sort=[("$natural", way)]) for way in (1, -1)]
            except OperationFailure:
                return None
        first, last = ends
        return (last["wall"] - first["wall"]).total_seconds() if first and last else None


def percentile(ordered: list[float], part: float) -> float | None:
    """The smallest value that so large a part of the values does not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]
