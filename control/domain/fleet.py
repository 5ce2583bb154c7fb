"""Which apps of a fleet are meant, and in which order: by words, by status, by what is known of each. Pure.

All of a fleet is looked at for every answer, because a status is made of what this process knows and no database can sort
by it; so an outline has no more of an app than that takes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec

from control.domain.errors import Invalid
from fp.api.apps import AppStatus
from fp.api.fleet import FleetSort

STATUSES: tuple[AppStatus, ...] = get_args(AppStatus)


class Outline(msgspec.Struct, frozen=True):
    """An app as far as a list of thousands needs it. `live` and `trouble` are null or not; what is in them is not asked.

    `deploys`: how many there were, so that nobody looks for those of an app that had none.
    """

    id: str
    name: str
    owner_name: str
    created_at: datetime
    updated_at: datetime
    last_request_at: datetime | None = None
    paused: bool = False
    deploys: int = 0
    live: Any = None
    trouble: Any = None


def read_statuses(text: str) -> frozenset[AppStatus]:
    """The statuses in a list such as `running,waking`; none is all of them. Raises Invalid."""
    wanted = [word for word in text.split(",") if word]
    for word in wanted:
        if word not in STATUSES:
            raise Invalid(f"status: {word[:20]!r} is none of {', '.join(STATUSES)}")
    return frozenset(status for status in STATUSES if status in wanted) or frozenset(STATUSES)


def matching(
    outlines: Iterable[Outline], words: str, wanted: frozenset[AppStatus], status: Mapping[str, AppStatus]
) -> list[Outline]:
    """Those with every word in their name or their owner's, in any case, and with one of the statuses wanted."""
    asked = words.lower().split()
    return [
        app
        for app in outlines
        if status[app.id] in wanted and all(word in app.name or word in app.owner_name for word in asked)
    ]


def ordered(found: Sequence[Outline], sort: FleetSort, figures: Mapping[str, float]) -> list[Outline]:
    """In that order, by name where it has ties, so that the same question is answered the same.

    `figures`: requests or p95 by app id, where they are the order; an app that did nothing is left out of them.
    """
    by_name = sorted(found, key=lambda app: app.name)
    if sort == "name":
        return by_name
    return sorted(by_name, key=_key(sort, figures), reverse=True)


def _key(sort: FleetSort, figures: Mapping[str, float]) -> Callable[[Outline], Any]:
    if sort == "newest":
        return lambda app: app.created_at
    if sort == "last_request":
        # An app that nobody asked yet stands where it was last worked on.
        return lambda app: app.last_request_at or app.updated_at
    return lambda app: figures.get(app.id, 0)
