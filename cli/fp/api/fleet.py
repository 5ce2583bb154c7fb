"""The fleet on the wire: the caller's apps as one list that can be searched, narrowed, sorted and entered anywhere."""

from datetime import datetime
from typing import Literal

import msgspec

from fp.api.apps import App, AppStatus

FleetSort = Literal["last_request", "name", "requests", "p95", "newest"]


class FleetRow(msgspec.Struct, frozen=True):
    """An app with its last 24 hours: `requests`, `errors` (answers of 500 and above), `p95` in milliseconds, null without
    requests; `bars`: requests in each step, oldest first.
    """

    app: App
    requests: int
    errors: int
    p95: float | None
    bars: list[int]


class FleetPage(msgspec.Struct, frozen=True):
    """Answer of GET /api/fleet: the rows from `offset` on of the `total` that match.

    `counts`: all of the caller's apps by status, whatever was searched for. `since` and `step_seconds`: of the bars.
    `next`: the offset of the rows behind these, null at the end.
    """

    items: list[FleetRow]
    offset: int
    total: int
    counts: dict[AppStatus, int]
    since: datetime
    step_seconds: int
    next: int | None = None
