"""How much memory an app took, a minute at a time and an hour at a time: the most and the last of what its runner told.

Both are told of any number of samples in any order, and a sample that comes twice changes nothing. Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from control.domain.counters import KEPT, SECONDS, Unit, start_of

MOST_BYTES = 2**44
_AHEAD = timedelta(minutes=1)
Sample = tuple[datetime, int]
"""When it was measured, and the bytes."""


class Memory(msgspec.Struct, frozen=True):
    """Bytes that an app took in some time: `most`, and the `last`, measured at `at`."""

    most: int
    last: int
    at: datetime


def memory_by(unit: Unit, samples: Sequence[Sample], now: datetime) -> dict[datetime, Memory]:
    """The samples by the minute or hour they belong to. One from the future counts now, too old ones are left out."""
    found: dict[datetime, list[Memory]] = {}
    for time, told in samples:
        at, used = now if time > now + _AHEAD else time, min(told, MOST_BYTES)
        begin = start_of(at, SECONDS[unit])
        if used > 0 and begin + KEPT[unit] > now:
            found.setdefault(begin, []).append(Memory(used, used, at))
    return {begin: both for begin, parts in found.items() if (both := merged(parts)) is not None}


def merged(parts: Iterable[Memory | None]) -> Memory | None:
    """All of them together; null of none."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    newest = max(known, key=lambda part: part.at)
    return Memory(max(part.most for part in known), newest.last, newest.at)
