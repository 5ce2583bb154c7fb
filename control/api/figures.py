"""Counters to wire structs: points, totals, and the health word of an app; pure but for what is handed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from control.domain.asleep import asleep_seconds, share
from control.domain.buckets import quantile
from control.domain.counters import PLATFORM, SECONDS, Counts, start_of, total
from control.domain.deploys import Deploy
from control.domain.memory import merged
from control.domain.ranges import Window
from control.store.metrics import Counted
from fp.api.metrics import DeployMark, MetricPoint, MetricTotals


def points_of(window: Window, found: Sequence[Counted], live: datetime | None) -> list[MetricPoint]:
    """One point for each step of the window, those without counts too; `live` is when the app first went live."""
    steps: dict[datetime, list[Counted]] = {begin: [] for begin in window.starts}
    for entry in found:
        begin = start_of(entry.time, window.step)
        if begin in steps:
            steps[begin].append(entry)
    return [_point(window, begin, entries, live) for begin, entries in steps.items()]


def _point(window: Window, begin: datetime, entries: Sequence[Counted], live: datetime | None) -> MetricPoint:
    counts = total(entry.counts for entry in entries if entry.app != PLATFORM)
    memory = merged(entry.memory for entry in entries)
    asleep = asleep_seconds(watched(entries), SECONDS[window.unit], live, counts.awake_s)
    # The last step is not over: its rate is over the part that has gone by.
    seconds = min(float(window.step), max(1.0, (window.until - begin).total_seconds()))
    return MetricPoint(
        time=begin,
        requests=counts.requests,
        rate=round(counts.requests / seconds, 4),
        errors=counts.errors,
        p50=quantile(counts.ms, 0.5),
        p95=quantile(counts.ms, 0.95),
        p99=quantile(counts.ms, 0.99),
        cold_starts=counts.cold,
        wakes=counts.wakes,
        wakes_failed=counts.wakes_failed,
        awake_seconds=round(counts.awake_s, 1),
        client_errors=counts.s4,
        asleep_seconds=None if asleep is None else round(asleep, 1),
        memory_max=memory.most if memory else None,
        memory_last=memory.last if memory else None,
    )


def totals_of(window: Window, found: Sequence[Counted], live: datetime | None) -> MetricTotals:
    """The whole window; `live` is when the app first went live."""
    counts = total(entry.counts for entry in found if entry.app != PLATFORM)
    memory = merged(entry.memory for entry in found)
    asleep = asleep_seconds(watched(found), SECONDS[window.unit], live, counts.awake_s)
    return MetricTotals(
        requests=counts.requests,
        errors=counts.errors,
        error_share=round(counts.errors / counts.requests, 4) if counts.requests else 0.0,
        statuses={f"{kind}xx": getattr(counts, f"s{kind}") for kind in range(1, 6)},
        p50=quantile(counts.ms, 0.5),
        p95=quantile(counts.ms, 0.95),
        p99=quantile(counts.ms, 0.99),
        bytes_in=counts.bytes_in,
        bytes_out=counts.bytes_out,
        cold_starts=counts.cold,
        cold_p50=quantile(counts.cold_ms, 0.5),
        cold_p95=quantile(counts.cold_ms, 0.95),
        wakes=counts.wakes,
        wakes_failed=counts.wakes_failed,
        wake_p50=quantile(counts.wake_ms, 0.5),
        wake_p95=quantile(counts.wake_ms, 0.95),
        awake_hours=hours(counts.awake_s),
        asleep_hours=None if asleep is None else hours(asleep),
        asleep_share=share(asleep, counts.awake_s),
        memory_max=memory.most if memory else None,
        memory_last=memory.last if memory else None,
    )


def watched(found: Sequence[Counted]) -> dict[datetime, float]:
    """Seconds that the worker watched, by when the span began."""
    return {entry.time: entry.counts.watched_s for entry in found if entry.app == PLATFORM}


def recent(found: Sequence[Counted], now: datetime, minutes: int) -> Counts:
    """The app's counts of its last so many minutes."""
    since = start_of(now - timedelta(minutes=minutes), 60)
    return total(entry.counts for entry in found if entry.app != PLATFORM and entry.time >= since)


def mark_of(deploy: Deploy) -> DeployMark:
    """A deploy that succeeded, as a chart marks it."""
    return DeployMark(deploy.finished_at or deploy.created_at, deploy.version, deploy.id, deploy.by)


def hours(seconds: float) -> float:
    return round(seconds / 3600, 3)
