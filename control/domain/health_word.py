"""One word for how an app does, from its status and what was counted in its last minutes; pure.

failing   it does not start, or at least half of its requests fail
degraded  some requests fail (5 % or more), or a wake failed
healthy   it was asked, and answers
idle      nobody asked for it lately, or it is paused
unknown   it was never deployed
"""

from control.domain.counters import Counts
from fp.api.apps import AppStatus
from fp.api.metrics import AppHealth

MINUTES = 15
"""How far back it looks."""
DEGRADED_SHARE = 0.05
FAILING_SHARE = 0.5


def health_of(status: AppStatus, live: bool, recent: Counts) -> AppHealth:
    """`live`: whether a version was ever deployed; `recent`: counts of the last MINUTES minutes."""
    if status == "error":
        return AppHealth("failing", "it does not start")
    if not live:
        return AppHealth("unknown", "it was not deployed yet")
    if status == "paused":
        return AppHealth("idle", "it is paused")
    return _failing(recent) or _counted(recent)


def _failing(recent: Counts) -> AppHealth | None:
    if recent.wakes and recent.wakes_failed == recent.wakes:
        return AppHealth("failing", f"{_many(recent.wakes, 'wake')} failed, none succeeded")
    share = recent.errors / max(recent.requests, recent.errors, 1)
    told = f"{recent.errors} of {_many(recent.requests, 'request')} failed in the last {MINUTES} minutes"
    if share >= DEGRADED_SHARE:
        return AppHealth("failing" if share >= FAILING_SHARE else "degraded", told)
    if recent.wakes_failed:
        return AppHealth("degraded", f"{recent.wakes_failed} of {_many(recent.wakes, 'wake')} failed")
    return None


def _counted(recent: Counts) -> AppHealth:
    if not recent.requests:
        return AppHealth("idle", f"no requests in the last {MINUTES} minutes")
    return AppHealth("healthy", f"{_many(recent.requests, 'request')} in the last {MINUTES} minutes")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
