"""What only administrators see and set, on the wire: the audit log, the platform's settings, its figures."""

from datetime import datetime
from typing import Literal

import msgspec

AuditOutcome = Literal["ok", "refused", "failed"]
"""Below 400; 400 to 499; 500 and above, or no answer at all."""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what, when, from where, and how it ended.

    `user`: an account's id, null for nobody who was logged in, and for the platform's own worker, whose `credential` is
    `worker`; else that is how the account showed itself (`browser`, `bearer`, ...). `route`: the path with its parameters'
    names; `operation`: the name that OpenAPI has for it, or what the worker did. `status`: of the answer, null where there was
    none any more. `app`: the id of the app that it was about. `target`: id of what the route names or made, as far as it is
    known, `target_kind` what that is. `what`: names of the fields that were sent, never their values.
    """

    id: str
    time: datetime
    user: str | None
    username: str
    credential: str
    address: str
    method: str
    route: str
    operation: str
    status: int | None
    request_id: str
    app: str | None = None
    app_name: str = ""
    target_kind: str = ""
    target: str = ""
    target_name: str = ""
    what: list[str] = []


class AuditPage(msgspec.Struct, frozen=True):
    items: list[AuditEntry]
    next: str | None = None


class PlatformSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for the whole platform. `allowed_imports`: packages, by import name, that apps may use; null: all installed.

    `blocked_patterns_off`: names of patterns that validation does not look for. `max_memory_mb`, `max_cpus`: what an app may be
    given at most; null: what every app has by default. `default_idle_minutes`: of new apps, 0 means never. `versions_kept`: of
    each app, beside the live one. Each `_days`: how long such records stay. `revision` counts the changes; it is the etag.
    """

    signup_open: bool
    allowed_imports: list[str] | None
    blocked_patterns_off: list[str]
    max_memory_mb: int | None
    max_cpus: float | None
    default_idle_minutes: int
    versions_kept: int
    requests_days: int
    logs_days: int
    wakes_days: int
    events_days: int
    audit_days: int
    revision: int


class PlatformSettingsPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of PATCH /api/admin/settings: only what is given changes. `default_idle_minutes`: 0 to 10080; `versions_kept`: 1 to
    10; days: requests 1 to 90, logs 1 to 30, wakes and events 1 to 365, audit 30 to 3650.
    """

    signup_open: bool | msgspec.UnsetType = msgspec.UNSET
    allowed_imports: list[str] | msgspec.UnsetType | None = msgspec.UNSET
    blocked_patterns_off: list[str] | msgspec.UnsetType = msgspec.UNSET
    max_memory_mb: int | msgspec.UnsetType | None = msgspec.UNSET
    max_cpus: float | msgspec.UnsetType | None = msgspec.UNSET
    default_idle_minutes: int | msgspec.UnsetType = msgspec.UNSET
    versions_kept: int | msgspec.UnsetType = msgspec.UNSET
    requests_days: int | msgspec.UnsetType = msgspec.UNSET
    logs_days: int | msgspec.UnsetType = msgspec.UNSET
    wakes_days: int | msgspec.UnsetType = msgspec.UNSET
    events_days: int | msgspec.UnsetType = msgspec.UNSET
    audit_days: int | msgspec.UnsetType = msgspec.UNSET


class BlockedPattern(msgspec.Struct, frozen=True):
    """Something that validation refuses unless `blocked_patterns_off` names it. `message` completes "a call ..."."""

    name: str
    message: str
    examples: list[str]


class BlockedPatternList(msgspec.Struct, frozen=True):
    """All there are, at once."""

    items: list[BlockedPattern]
    next: str | None = None


class MongoFacts(msgspec.Struct, frozen=True):
    """`storage_bytes`: of all databases on disk; `oplog_seconds`: how far back changes can be followed. Null: not to be had."""

    version: str
    storage_bytes: int | None
    connections: int | None
    oplog_seconds: float | None


class ProcessFacts(msgspec.Struct, frozen=True):
    """The api process that answered: its version, how long it runs, its resident memory in megabytes (null: unknown here)."""

    version: str
    uptime_seconds: float
    memory_mb: float | None


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of GET /api/admin/stats. `apps`: how many by status. Everything about a day is about the last 24 hours.

    `requests_day` is counted up to a bound; `requests_bounded`: there may be more. `wake_p50_ms`, `wake_p95_ms`: of
    the wakes that ended well, null without any. `awake`, `apps_memory_mb`: of all instances, null while the cluster does not
    answer. `given_back_mb`: what the sleeping apps would use if they were awake, by the average of those that are; null when
    none is, or the cluster does not measure it.
    """

    time: datetime
    apps: dict[str, int]
    users: int
    requests_day: int
    requests_bounded: bool
    wakes_day: int
    wake_p50_ms: float | None
    wake_p95_ms: float | None
    awake: int | None
    apps_memory_mb: float | None
    given_back_mb: float | None
    mongodb: MongoFacts
    process: ProcessFacts
