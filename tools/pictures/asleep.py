"""Sleep of a day that lies behind: how long somebody watched, and how long each app was awake.

Only the worker knows that, by looking at the cluster each few seconds, and no record tells it. So its counts are added to the
store as the worker adds them; what they come to is for the platform itself to say.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from pymongo import AsyncMongoClient

from control.domain.counters import PLATFORM, By, Counts
from control.store.facade import DATABASE
from control.store.metrics import Metrics
from tests.support.platform import Platform
from tools.pictures.history import told_to_control

DAY: Final = timedelta(days=1)
_APP_MB: Final = 24.0
"""Megabytes that an awake app takes, about as much as a small one does."""


def watch(platform: Platform, awake: Mapping[str, frozenset[int]]) -> None:
    """Write down the last day. `awake`: of each app, by id, the minutes since 1970 in which it was; it has been live since."""
    asyncio.run(_watch(told_to_control(platform, "FP_MONGO_URI"), awake))


async def _watch(uri: str, awake: Mapping[str, frozenset[int]]) -> None:
    now = datetime.now(UTC)
    async with AsyncMongoClient[dict[str, object]](uri, tz_aware=True) as client:
        database = client[DATABASE]
        await Metrics(database["metrics"]).add(_counts(now, awake), now)
        since = {"$set": {"first_live_at": now - DAY}}
        await database["apps"].update_many({"_id": {"$in": list(awake)}}, since)


def _counts(now: datetime, awake: Mapping[str, frozenset[int]]) -> By:
    last = int(now.timestamp()) // 60
    counts: By = {}
    for minute in range(last - 24 * 60, last):
        moment = datetime.fromtimestamp(minute * 60, UTC)
        up = [app for app, minutes in awake.items() if minute in minutes]
        counts[PLATFORM, moment] = Counts(watched_s=60.0, memory_s=60 * _APP_MB * len(up), measured_s=60.0 * len(up))
        counts.update({(app, moment): Counts(awake_s=60.0) for app in up})
    return counts
