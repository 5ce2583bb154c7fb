"""Which points a chart has: a range of time cut into at most 200 steps, and the unit of counters that they are made of.

Steps are whole minutes or hours that begin at round times, so a point never moves while a page is open. Ranges of more than
a day, and those that begin before minutes are kept, are made of hours.
"""

from datetime import datetime, timedelta

import msgspec

from control.domain.counters import KEPT, Unit, start_of
from control.domain.errors import Invalid
from fp.api.metrics import RangeName

MAX_POINTS = 200
RANGES: dict[RangeName, timedelta] = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_STEPS: dict[Unit, tuple[int, ...]] = {
    "minute": (60, 120, 300, 600),
    "hour": (3600, 7200, 10800, 21600),
}


class Window(msgspec.Struct, frozen=True):
    """`since` to `until`, in steps of `step` seconds; `since` is the beginning of a step, `until` may lie within one."""

    since: datetime
    until: datetime
    step: int
    unit: Unit

    @property
    def starts(self) -> list[datetime]:
        """When each step begins."""
        count = -(-int((self.until - self.since).total_seconds()) // self.step)
        return [self.since + timedelta(seconds=self.step * number) for number in range(max(1, count))]


def named_window(name: RangeName, now: datetime) -> Window:
    """The range of that name up to now."""
    return _window(now - RANGES[name], now, now)


def window_between(since: datetime, until: datetime, now: datetime) -> Window:
    """From `since` to `until`, but not beyond now. Raises Invalid when nothing can be there."""
    until = min(until, now)
    if since >= until:
        raise Invalid("since: must lie before `until`, and in the past")
    if since < now - KEPT["hour"] - timedelta(hours=1):
        raise Invalid(f"since: figures are kept for {KEPT['hour'].days} days")
    return _window(since, until, now)


def _window(since: datetime, until: datetime, now: datetime) -> Window:
    short = until - since <= timedelta(days=1) and since >= now - KEPT["minute"]
    unit: Unit = "minute" if short else "hour"
    seconds = (until - since).total_seconds()
    # One step more than the seconds say: the first one begins before `since`.
    step = next(step for step in _STEPS[unit] if seconds / step <= MAX_POINTS - 1)
    return Window(start_of(since, step), until, step, unit)
