"""Reading a whole fleet: an outline of every app, and what each did, with one query each however many there are.

Reads the collections of `apps` and of `metrics`; both are written by their own modules alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from control.domain.apps import App
from control.domain.buckets import quantile
from control.domain.fleet import Outline
from control.domain.ranges import Window
from control.store.errors import translated
from control.store.mapping import Collection, Document

_FIELDS: Document = {
    **dict.fromkeys(("name", "owner_name", "created_at", "updated_at", "last_request_at", "paused", "deploys"), 1),
    "live.number": 1,
    "trouble": {"$cond": [{"$ifNull": ["$trouble", False]}, True, None]},
}
_BATCH = 20_000


class Hour(NamedTuple):
    """What an app did in one hour of counters; `ms` is a histogram."""

    app: str
    time: datetime
    requests: int
    errors: int
    ms: Mapping[int, int]


class Fleet:
    """Over the collections `apps` and `metrics`."""

    def __init__(self, apps: Any, metrics: Any) -> None:
        self._apps = Collection(apps, App)
        self._metrics = metrics

    async def outlines(self, owner: str | None) -> list[Outline]:
        """Every living app of a user (null: of everyone), in no order."""
        query: Document = {"deleted_at": None} if owner is None else {"owner": owner, "deleted_at": None}
        with translated():
            found = await self._apps.raw.find(query, _FIELDS, batch_size=_BATCH).to_list()
        for document in found:
            document["id"] = document.pop("_id")
        return msgspec.convert(found, list[Outline])

    async def apps(self, app_ids: Sequence[str]) -> list[App]:
        """The apps with these ids in their order; one that has gone meanwhile is left out."""
        found = {app.id: app async for app in self._apps.find({"_id": {"$in": list(app_ids)}, "deleted_at": None})}
        return [found[app_id] for app_id in app_ids if app_id in found]

    async def hours(self, app_ids: Sequence[str], window: Window) -> list[Hour]:
        """The hours of these apps in the window that have counters, unsorted."""
        fields = {"_id": 0, **dict.fromkeys(("app", "time", "requests", "s5", "ms"), 1)}
        with translated():
            found = await self._metrics.find(_within(app_ids, window), fields, batch_size=_BATCH).to_list()
        return [
            Hour(one["app"], one["time"], one.get("requests", 0), one.get("s5", 0), _histogram(one.get("ms", {})))
            for one in found
        ]

    async def requests(self, app_ids: Sequence[str], window: Window) -> dict[str, float]:
        """How many requests each of these apps had in the window; one that had none is left out."""
        return await self._figures(
            app_ids, window, [{"$group": {"_id": "$app", "sum": {"$sum": "$requests"}}}], lambda found: found["sum"]
        )

    async def p95s(self, app_ids: Sequence[str], window: Window) -> dict[str, float]:
        """Milliseconds that 95 % of each app's requests in the window did not take longer than; without requests left out."""
        pipeline: list[Document] = [
            {"$project": {"app": 1, "ms": {"$objectToArray": {"$ifNull": ["$ms", {}]}}}},
            {"$unwind": "$ms"},
            {"$group": {"_id": {"app": "$app", "bucket": "$ms.k"}, "count": {"$sum": "$ms.v"}}},
            {"$group": {"_id": "$_id.app", "ms": {"$push": {"k": "$_id.bucket", "v": "$count"}}}},
            {"$project": {"ms": {"$arrayToObject": "$ms"}}},
        ]
        return await self._figures(
            app_ids, window, pipeline, lambda found: quantile(_histogram(found["ms"]), 0.95) or 0.0
        )

    async def _figures(
        self, app_ids: Sequence[str], window: Window, pipeline: list[Document], read: Callable[[Document], float]
    ) -> dict[str, float]:
        """One figure an app, added up in the database."""
        stages: list[Document] = [{"$match": {**_within(app_ids, window), "requests": {"$gt": 0}}}, *pipeline]
        with translated():
            found = await (await self._metrics.aggregate(stages, batchSize=_BATCH, allowDiskUse=True)).to_list()
        return {entry["_id"]: read(entry) for entry in found}


def _within(app_ids: Sequence[str], window: Window) -> Document:
    return {"app": {"$in": list(app_ids)}, "unit": window.unit, "time": {"$gte": window.since, "$lt": window.until}}


def _histogram(document: Mapping[str, int]) -> dict[int, int]:
    return {int(bucket): count for bucket, count in document.items()}
