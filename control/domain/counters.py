"""What is counted of an app, a minute at a time and an hour at a time, and how records become counts.

Pure: records in, counts to add out. A count belongs to the moment that its record tells, so it does not matter in which
order records come. Numbers come from apps' own processes, so each is brought within bounds first: nothing that an app says
can make a counter overflow, or count in a time that has not come yet.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from control.domain.buckets import added, bucket_of
from fp.api.see import RequestRecord, WakeRecord

Unit = Literal["minute", "hour"]
SECONDS: dict[Unit, int] = {"minute": 60, "hour": 3600}
KEPT: dict[Unit, timedelta] = {"minute": timedelta(days=7), "hour": timedelta(days=30)}
"""How long counters of each unit are kept."""
PLATFORM = ""
"""The app whose counters are the platform's own: how long the worker has watched, and what all apps together took."""
_MOST_BYTES = 2**40
_AHEAD = timedelta(minutes=1)


class Counts(msgspec.Struct, kw_only=True):
    """Counters of one app over some time; they add up. `ms`, `cold_ms`, `wake_ms`: histograms (`control.domain.buckets`).

    `s1` to `s5`: answers by class of status. `awake_s`: seconds that an instance was there, as the worker has seen it.
    Of the platform alone: `watched_s`, seconds that the worker has watched; `memory_s`: megabytes of all instances together
    times seconds, and `measured_s`: seconds awake of all of them while it was measured.
    """

    requests: int = 0
    s1: int = 0
    s2: int = 0
    s3: int = 0
    s4: int = 0
    s5: int = 0
    ms: dict[int, int] = {}
    bytes_in: int = 0
    bytes_out: int = 0
    cold: int = 0
    cold_ms: dict[int, int] = {}
    wakes: int = 0
    wakes_failed: int = 0
    wake_ms: dict[int, int] = {}
    awake_s: float = 0.0
    watched_s: float = 0.0
    memory_s: float = 0.0
    measured_s: float = 0.0

    @property
    def errors(self) -> int:
        """Answers of 500 and above."""
        return self.s5


FIELDS = tuple(field.name for field in msgspec.structs.fields(Counts))
HISTOGRAMS = frozenset({"ms", "cold_ms", "wake_ms"})
By = dict[tuple[str, datetime], Counts]
"""Counts by app and by the minute they belong to."""


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together."""
    parts = list(counts)
    summed = Counts()
    for name in FIELDS:
        values = [getattr(part, name) for part in parts]
        setattr(summed, name, added(values) if name in HISTOGRAMS else sum(values))
    return summed


def start_of(moment: datetime, seconds: int) -> datetime:
    """The beginning of the span of so many seconds in which the moment lies; spans are counted from 1970."""
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def count_requests(app: str, records: Sequence[RequestRecord], now: datetime) -> By:
    """What these records add. Those older than counters are kept are left out; one from the future counts now."""
    found: By = {}
    for record in records:
        if (counts := _of(found, app, record.time, now)) is None:
            continue
        counts.requests += 1
        if 1 <= (kind := record.status // 100) <= 5:
            setattr(counts, f"s{kind}", getattr(counts, f"s{kind}") + 1)
        _tick(counts.ms, record.ms)
        counts.bytes_in += _bounded(record.bytes_in)
        counts.bytes_out += _bounded(record.bytes_out)
        if record.cold_start_ms is not None:
            counts.cold += 1
            _tick(counts.cold_ms, record.cold_start_ms)
    return found


def count_wakes(records: Sequence[tuple[str, WakeRecord]], now: datetime) -> By:
    """What these wakes add, each with its app. One whose app went meanwhile has not failed."""
    found: By = {}
    for app, record in records:
        if (counts := _of(found, app, record.time, now)) is None:
            continue
        counts.wakes += 1
        counts.wakes_failed += record.outcome in {"failed", "timeout"}
        if record.outcome == "ready":
            _tick(counts.wake_ms, record.ms)
    return found


def _of(found: By, app: str, time: datetime, now: datetime) -> Counts | None:
    if time > now + _AHEAD:
        time = now
    if time <= now - KEPT["hour"]:
        return None
    return found.setdefault((app, start_of(time, SECONDS["minute"])), Counts(ms={}, cold_ms={}, wake_ms={}))


def _tick(histogram: dict[int, int], ms: float) -> None:
    bucket = bucket_of(ms)
    histogram[bucket] = histogram.get(bucket, 0) + 1


def _bounded(value: int) -> int:
    return max(0, min(value, _MOST_BYTES))
