"""How long an app slept: the time that somebody watched since the app first went live, less the time it was seen awake.

The worker writes down how long it has watched and for how long it saw each app awake; nobody writes anything of an app that
sleeps, so ten thousand of them cost nothing. Time in which no worker watched is neither: it is left out.
"""

from collections.abc import Mapping
from datetime import datetime

from control.domain.apps import App

Watched = Mapping[datetime, float]
"""Seconds watched, by the beginning of the span in which that was."""


def live_since(app: App) -> datetime | None:
    """When the app first went live, null before that. Of one that did so before this was written down: when it was made."""
    return None if app.live is None else app.first_live_at or app.created_at


def watched_after(watched: Watched, span: int, since: datetime) -> float:
    """Seconds watched after `since`, in spans of `span` seconds; of the span in which it lies, its share."""
    return sum(seconds * _part_after(begin, span, since) for begin, seconds in watched.items())


def asleep_seconds(watched: Watched, span: int, since: datetime | None, awake: float) -> float | None:
    """Seconds asleep of an app that went live at `since`; null when nobody watched, or nothing was live."""
    if since is None or (seen := watched_after(watched, span, since)) <= 0:
        return None
    return max(0.0, seen - awake)


def share(asleep: float | None, awake: float) -> float | None:
    """The share (0 to 1) of the time that was spent asleep."""
    return None if asleep is None or asleep + awake <= 0 else round(asleep / (asleep + awake), 4)


def _part_after(begin: datetime, span: int, since: datetime) -> float:
    return 1.0 - max(0.0, min(1.0, (since - begin).total_seconds() / span))
