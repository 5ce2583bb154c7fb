"""Records as they come: the newest first page again and again, each record once, oldest first.

A record can arrive late and carry an older time, so what is new is told by its id, not by its time.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

from fp.commands._output import note
from fp.errors import Unreachable

_POLL_SECONDS = 0.7
_LOOK_BACK = 200
REMEMBERED = 20_000


class _Record(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Record)
T = TypeVar("T")


def newest(records: Iterator[T], count: int) -> list[T]:
    """The newest `count` of records that come newest first, in the order they happened."""
    return list(islice(records, count))[::-1]


def follow(fetch: Callable[[], Iterator[R]], count: int, shown: Iterable[str] = ()) -> Iterator[R]:
    """The newest `count` records, then each new one; does not end. A platform that is away is waited for.

    `shown`: ids of those that were shown already; where there are any, it goes on after them.
    """
    known: deque[str] = deque(shown, maxlen=REMEMBERED)
    seen: set[str] = set(known)
    wanted, away = _LOOK_BACK if known else count, False
    while True:
        try:
            found = [record for record in newest(fetch(), max(wanted, 1)) if record.id not in seen]
            away = False
        except Unreachable as error:
            if not away:
                note(f"{error.message}; waiting for it.")
            away, found = True, []
        for record in found:
            if len(known) == known.maxlen:
                seen.discard(known[0])
            known.append(record.id)
            seen.add(record.id)
            yield record
        wanted = _LOOK_BACK if not away else wanted
        time.sleep(_POLL_SECONDS)
