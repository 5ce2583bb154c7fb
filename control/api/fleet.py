"""The fleet: the caller's apps as one list with its figures, which a page can enter anywhere.

Other lists are paged by a cursor. This one is by an offset, because it is sorted by what changes with every request, and a
screen shows the part of it that somebody scrolled to: the answer is how the fleet is now, and never claims to go on where an
older one ended.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from control.api.lookup import WithServices
from control.api.paging import PageSize
from control.api.present import present_apps
from control.api.requests import ApiRequest
from control.api.services import Services
from control.domain.buckets import added, quantile
from control.domain.counters import start_of
from control.domain.fleet import Outline, matching, ordered, read_statuses
from control.domain.ranges import Window
from control.domain.status import status_of
from control.store.fleet import Hour
from fp.api.apps import App, AppStatus
from fp.api.fleet import FleetPage, FleetRow, FleetSort

BARS = 24
_STEP = 3600
_MOST = 1_000_000

_Words = Annotated[
    str, QueryParameter(name="q", max_length=200, description="Words in an app's name or its owner's.", required=False)
]
_Status = Annotated[
    str,
    QueryParameter(
        name="status", max_length=100, description="Only these statuses, with commas between.", required=False
    ),
]
_Sort = Annotated[
    FleetSort, QueryParameter(name="sort", description="The last, most or newest first; names from a on.")
]
_Offset = Annotated[int, QueryParameter(name="offset", ge=0, le=_MOST, description="How many rows to leave out.")]


class Asked(msgspec.Struct, frozen=True):
    """Which rows are wanted."""

    words: str
    statuses: frozenset[AppStatus]
    sort: FleetSort


def asked(q: _Words = "", status: _Status = "", sort: _Sort = "last_request") -> Asked:
    """Dependency `asked`. Raises Invalid."""
    return Asked(q, read_statuses(status), sort)


_Asked = NamedDependency[SkipValidation[Asked]]


@get("/", dependencies={"asked": Provide(asked, sync_to_thread=False)})
async def list_fleet(
    request: ApiRequest, services: WithServices, asked: _Asked, offset: _Offset = 0, limit: PageSize = 50
) -> FleetPage:
    """The caller's apps with their last 24 hours, everyone's for an administrator: searched, narrowed, sorted, any part."""
    window = _window(services.clock())
    outlines = await services.store.fleet.outlines(request.user.scope)
    statuses = await _statuses(services, outlines)
    found = matching(outlines, asked.words, asked.statuses, statuses)
    figures = await _figures(services, [app.id for app in found], window, asked.sort)
    chosen = ordered(found, asked.sort, figures)[offset : offset + limit]
    behind = offset + limit
    return FleetPage(
        items=await _rows(services, [app.id for app in chosen], window),
        offset=offset,
        total=len(found),
        counts=dict(Counter(statuses.values())),
        since=window.since,
        step_seconds=window.step,
        next=behind if behind < len(found) else None,
    )


async def _statuses(services: Services, outlines: Sequence[Outline]) -> dict[str, AppStatus]:
    """Each app's status by its id. Only an app that was deployed and never went live needs its newest deploy looked at."""
    deploys = services.store.deploys
    drafts = [app.id for app in outlines if app.live is None and app.deploys]
    newest, busy = await asyncio.gather(deploys.newest_of(drafts), deploys.apps_deploying())
    return {
        app.id: "deploying"
        if app.id in busy and not app.paused
        else status_of(app, newest.get(app.id), services.views.get(app.id))
        for app in outlines
    }


async def _figures(services: Services, app_ids: Sequence[str], window: Window, sort: FleetSort) -> dict[str, float]:
    """What the apps are sorted by, where that is a figure."""
    if sort == "requests":
        return await services.store.fleet.requests(app_ids, window)
    return await services.store.fleet.p95s(app_ids, window) if sort == "p95" else {}


async def _rows(services: Services, app_ids: Sequence[str], window: Window) -> list[FleetRow]:
    apps, hours = await asyncio.gather(services.store.fleet.apps(app_ids), services.store.fleet.hours(app_ids, window))
    by_app: dict[str, list[Hour]] = {}
    for hour in hours:
        by_app.setdefault(hour.app, []).append(hour)
    return [_row(app, by_app.get(app.id, []), window) for app in await present_apps(services, apps)]


def _row(app: App, hours: Sequence[Hour], window: Window) -> FleetRow:
    requests = {hour.time: hour.requests for hour in hours}
    return FleetRow(
        app=app,
        requests=sum(requests.values()),
        errors=sum(hour.errors for hour in hours),
        p95=quantile(added(hour.ms for hour in hours), 0.95),
        bars=[requests.get(begin, 0) for begin in window.starts],
    )


def _window(now: datetime) -> Window:
    """The present hour is the last bar, so that the window is that many bars and ends with now."""
    return Window(start_of(now, _STEP) - timedelta(hours=BARS - 1), now, _STEP, "hour")


ROUTER = Router("/fleet", route_handlers=[list_fleet], tags=["apps"])
