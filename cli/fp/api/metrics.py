"""Figures of apps on the wire: metrics over time, activity of all apps, errors by where they were raised, and events."""

from datetime import datetime
from typing import Literal

import msgspec

from fp.api.apps import AppStatus

RangeName = Literal["1h", "6h", "24h", "7d", "30d"]
ActivityRange = Literal["24h", "7d", "30d"]
HealthWord = Literal["healthy", "degraded", "failing", "idle", "unknown"]
EventKind = Literal[
    "app_created",
    "app_deleted",
    "app_renamed",
    "app_cloned",
    "app_imported",
    "deploy_succeeded",
    "deploy_failed",
    "rolled_back",
    "paused",
    "resumed",
    "restarted",
    "woken",
    "put_to_sleep",
    "settings_changed",
    "limit_reached",
    "worker_started",
    "node_away",
    "node_back",
]


class MetricPoint(msgspec.Struct, frozen=True):
    """One step of a range, from `time` on. `rate`: requests a second; `errors`: answers of 500 and above, `client_errors`: of
    400 to 499; `p50` to `p99`: milliseconds, null without requests; `awake_seconds`: how long the app was awake;
    `asleep_seconds`: how long it was deployed and not awake, null while nobody watched. `memory_max`, `memory_last`: bytes, the
    most and the last that it was seen to take (told every 15 seconds while it is awake), null where it was not.
    """

    time: datetime
    requests: int
    rate: float
    errors: int
    p50: float | None
    p95: float | None
    p99: float | None
    cold_starts: int
    wakes: int
    wakes_failed: int
    awake_seconds: float
    client_errors: int = 0
    asleep_seconds: float | None = None
    memory_max: int | None = None
    memory_last: int | None = None


class MetricTotals(msgspec.Struct, frozen=True):
    """The whole range. `statuses`: answers by class (`2xx`); `cold_p50`, `cold_p95`: milliseconds that requests were held;
    `wake_p50`, `wake_p95`: of wakes that succeeded. `asleep_hours`: the app was deployed and not awake, a pause included;
    `asleep_share` 0 to 1. Both are null while nobody has watched: the platform was down, or the app not deployed.
    `memory_max`, `memory_last`: bytes, see MetricPoint.
    """

    requests: int
    errors: int
    error_share: float
    statuses: dict[str, int]
    p50: float | None
    p95: float | None
    p99: float | None
    bytes_in: int
    bytes_out: int
    cold_starts: int
    cold_p50: float | None
    cold_p95: float | None
    wakes: int
    wakes_failed: int
    wake_p50: float | None
    wake_p95: float | None
    awake_hours: float
    asleep_hours: float | None
    asleep_share: float | None
    memory_max: int | None = None
    memory_last: int | None = None


class DeployMark(msgspec.Struct, frozen=True):
    """A deploy that succeeded in the range: `time` is when the version went live."""

    time: datetime
    version: int | None
    deploy: str
    by: str


class AppHealth(msgspec.Struct, frozen=True):
    """One word for how the app does, from its last minutes, and a sentence that says why."""

    word: HealthWord
    reason: str


class AppMetrics(msgspec.Struct, frozen=True):
    """Answer of GET /api/apps/{id}/metrics: at most 200 points of `step_seconds` each; the last one may not be over."""

    since: datetime
    until: datetime
    step_seconds: int
    health: AppHealth
    totals: MetricTotals
    points: list[MetricPoint]
    deploys: list[DeployMark]


class AppActivity(msgspec.Struct, frozen=True):
    """One app in short. `bars`: requests in each step of the range, oldest first. `asleep_share`: see MetricTotals.
    `memory`: bytes that it took when it was last seen awake in the range, null where it was not.
    """

    app: str
    name: str
    requests: int
    errors: int
    wakes: int
    asleep_share: float | None
    bars: list[int]
    memory: int | None = None


class ActivityPage(msgspec.Struct, frozen=True):
    """Answer of GET /api/metrics/apps: the same apps in the same order as a page of GET /api/apps."""

    items: list[AppActivity]
    since: datetime
    step_seconds: int
    next: str | None = None


class PlatformSummary(msgspec.Struct, frozen=True):
    """All apps of the caller together. `apps`: how many there are of each status. `given_back_mb_hours`: what sleeping apps
    did not take, their hours asleep times what an awake app took on the mean (`awake_app_mb`); `given_back_mb`: what those
    that sleep now would take so. Null where memory is not measured.
    """

    since: datetime
    until: datetime
    apps: dict[AppStatus, int]
    requests: int
    errors: int
    wakes: int
    wakes_failed: int
    awake_hours: float
    asleep_hours: float | None
    asleep_share: float | None
    awake_app_mb: float | None
    given_back_mb_hours: float | None
    given_back_mb: float | None = None


class ErrorGroup(msgspec.Struct, frozen=True):
    """Failures of an app that were raised at one place. `file` and `line`: where, relative to the app's root, as last seen;
    `kind`: the exception's class; `traceback`: of the last one. `request`: id of the last request that failed so.
    """

    fingerprint: str
    kind: str
    message: str
    file: str | None
    line: int | None
    function: str | None
    count: int
    first_seen: datetime
    last_seen: datetime
    version: int | None
    request: str | None
    traceback: str


class ErrorGroupPage(msgspec.Struct, frozen=True):
    """The groups that are not resolved, the last seen first."""

    items: list[ErrorGroup]
    next: str | None = None


class Event(msgspec.Struct, frozen=True):
    """Something that was done or happened. `app` is null where it is about the platform; `by`: a username, or empty.

    `app_name`: only where the events of all apps are told; empty for an app that is gone.
    """

    id: str
    time: datetime
    kind: EventKind
    message: str = ""
    app: str | None = None
    by: str = ""
    version: int | None = None
    deploy: str | None = None
    app_name: str = ""


class EventPage(msgspec.Struct, frozen=True):
    items: list[Event]
    next: str | None = None
