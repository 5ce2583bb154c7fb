"""The time, passed in: everything that needs "now" takes a `Clock` or a datetime.

Times are aware, in UTC, and whole milliseconds, because that is what MongoDB keeps: a value that was stored and read
again equals the one that was written.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def whole_ms(moment: datetime) -> datetime:
    """The moment in UTC, cut to whole milliseconds. Raises ValueError when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is ambiguous")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def utc_now() -> datetime:
    """The wall clock, for composition roots to pass in."""
    return whole_ms(datetime.now(UTC))
