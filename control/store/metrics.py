"""Counters of apps by the minute and by the hour: figures come from these and never from the records themselves.

Collection `metrics`: one document for an app and a minute (kept for 7 days) and one for an app and an hour (30 days), each
with its end in `expires_at`. Writing is one `bulk_write` of `$inc` whatever a batch brought, so that writers need not know of
one another and the order does not matter. A histogram is a subdocument of bucket to count.

Records are counted in the transaction that stores them (`intake`), so each counts once whatever happens in between.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.counters import (
    FIELDS,
    HISTOGRAMS,
    KEPT,
    PLATFORM,
    SECONDS,
    By,
    Counts,
    Unit,
    start_of,
    total,
)  # fmt: skip
from control.domain.memory import Memory, Sample, memory_by
from control.domain.ranges import Window
from control.store.errors import translated
from control.store.mapping import Document

_BATCH = 10_000
_SUMMED = ("requests", "s5", "wakes", "wakes_failed", "awake_s", "watched_s", "memory_s", "measured_s")


class Counted(NamedTuple):
    """The counts of an app in the span (of the window's unit) that begins at `time`, and the memory it took meanwhile.

    `mean_memory`: bytes of an awake app on the mean, in sums alone.
    """

    app: str
    time: datetime
    counts: Counts
    memory: Memory | None = None
    mean_memory: float | None = None


class Metrics:
    """Collection `metrics`."""

    def __init__(self, raw: Any) -> None:
        self._metrics = raw

    async def add(self, counts: By, now: datetime, session: AsyncClientSession | None = None) -> None:
        """Adds these counts to what is there: one call of the database, part of the session's transaction."""
        changes = [
            *(_change(app, "minute", time, part, now) for (app, time), part in counts.items()),
            *(_change(app, "hour", time, part, now) for (app, time), part in _hours(counts).items()),
        ]
        writes = [change for change in changes if change is not None]
        if writes:
            with translated():
                await self._metrics.bulk_write(writes, ordered=False, session=session)

    async def note_memory(self, app_id: str, samples: Sequence[Sample], now: datetime) -> None:
        """Keeps the most and the last of each minute and hour; the same samples again change nothing."""
        writes = [
            UpdateOne(*_upsert(app_id, unit, time, {"$max": _memory_fields(memory)}), upsert=True)
            for unit in SECONDS
            for time, memory in memory_by(unit, samples, now).items()
        ]
        if writes:
            with translated():
                await self._metrics.bulk_write(writes, ordered=False)

    async def of_app(self, app_id: str, window: Window) -> list[Counted]:
        """The app's counts and the platform's (app PLATFORM) in the window, as they lie in the database: unsorted."""
        query = _in_window([app_id, PLATFORM], window)
        with translated():
            documents = await self._metrics.find(query, {"_id": 0, "expires_at": 0, "unit": 0}).to_list()
        return [
            Counted(document["app"], document["time"], _counts(document), _memory(document)) for document in documents
        ]

    async def by_app(self, app_ids: Sequence[str], window: Window) -> list[Counted]:
        """Sums for each of the apps and each step of the window, and for the platform and each hour; without histograms."""
        return await self._summed(app_ids, window, "$app", window.step)

    async def together(self, app_ids: Sequence[str], window: Window) -> list[Counted]:
        """Sums of all those apps together (app `*`, at the window's beginning), and of the platform for each hour."""
        return await self._summed(app_ids, window, "*", 10**9)

    async def _summed(self, app_ids: Sequence[str], window: Window, name: str, step: int) -> list[Counted]:
        since: Document = {"$subtract": ["$time", window.since]}
        own: Document = {"$eq": ["$app", PLATFORM]}
        span: Document = {"$cond": [own, SECONDS[window.unit] * 1000, step * 1000]}
        keys: Document = {
            "app": {"$cond": [own, PLATFORM, name]},
            "time": {"$add": [window.since, {"$multiply": [{"$floor": {"$divide": [since, span]}}, span]}]},
        }
        sums: Document = {field: {"$sum": f"${field}"} for field in _SUMMED}
        # Documents compare field by field, so the greatest is the one with the latest `at`.
        sums |= {field: {"$max": f"${field}"} for field in ("memory_most", "memory_last")}
        sums["memory_mean"] = {"$avg": "$memory_last.bytes"}
        pipeline = [{"$match": _in_window([*app_ids, PLATFORM], window)}, {"$group": {"_id": keys} | sums}]
        with translated():
            found = await (await self._metrics.aggregate(pipeline, batchSize=_BATCH)).to_list()
        return [
            Counted(group["_id"]["app"], group["_id"]["time"], _counts(group), _memory(group), group["memory_mean"])
            for group in found
        ]

    async def delete_of_app(self, app_id: str) -> None:
        with translated():
            await self._metrics.delete_many({"app": app_id})


def _in_window(app_ids: list[str], window: Window) -> Document:
    return {"app": {"$in": app_ids}, "unit": window.unit, "time": {"$gte": window.since, "$lt": window.until}}


def _hours(counts: By) -> By:
    """Minutes together, by the hour."""
    hours: dict[tuple[str, datetime], list[Counts]] = {}
    for (app, time), part in counts.items():
        hours.setdefault((app, start_of(time, SECONDS["hour"])), []).append(part)
    return {key: parts[0] if len(parts) == 1 else total(parts) for key, parts in hours.items()}


def _change(app: str, unit: Unit, time: datetime, counts: Counts, now: datetime) -> UpdateOne | None:
    """Null where there is nothing to add, or where it would be removed at once."""
    increments = dict(_increments(counts))
    if not increments or time + KEPT[unit] <= now:
        return None
    return UpdateOne(*_upsert(app, unit, time, {"$inc": increments}), upsert=True)


def _upsert(app: str, unit: Unit, time: datetime, update: Document) -> tuple[Document, Document]:
    # The id is the key, so that two writers can never make two documents of one minute.
    key = f"{app}:{unit}:{int(time.timestamp())}"
    first: Document = {"app": app, "unit": unit, "time": time, "expires_at": time + KEPT[unit]}
    return {"_id": key}, {**update, "$setOnInsert": first}


def _memory_fields(memory: Memory) -> Document:
    return {"memory_most": memory.most, "memory_last": {"at": memory.at, "bytes": memory.last}}


def _memory(document: Document) -> Memory | None:
    last = document.get("memory_last")
    return None if last is None else Memory(document["memory_most"], last["bytes"], last["at"])


def _increments(counts: Counts) -> Iterable[tuple[str, int | float]]:
    for name in FIELDS:
        value = getattr(counts, name)
        if name in HISTOGRAMS:
            yield from ((f"{name}.{bucket}", count) for bucket, count in value.items())
        elif value:
            yield name, value


def _counts(document: Document) -> Counts:
    counts = Counts(ms={}, cold_ms={}, wake_ms={})
    for name in FIELDS:
        value = document.get(name)
        if value is not None:
            histogram = name in HISTOGRAMS
            setattr(counts, name, {int(bucket): count for bucket, count in value.items()} if histogram else value)
    return counts
