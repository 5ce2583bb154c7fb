"""Metrics: an app over time, all apps of the caller in short, and what sleeping saved. Made of counters, never of records.

What a page asks for again and again costs the same however many requests there were: at most 1,441 small documents for an
app's chart, one grouping in the database for a list, whatever its length.
"""

from datetime import datetime
from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter

from control.api.activity import present_activity, present_summary
from control.api.figures import mark_of, points_of, recent, totals_of
from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.services import Services
from control.domain import health_word
from control.domain.apps import App
from control.domain.asleep import live_since
from control.domain.clock import whole_ms
from control.domain.ranges import Window, named_window, window_between
from control.domain.status import status_of
from fp.api.metrics import ActivityPage, ActivityRange, AppHealth, AppMetrics, PlatformSummary, RangeName

MAX_MARKS = 200

_Range = Annotated[
    RangeName | None,
    QueryParameter(name="range", required=False, description="The time up to now; 24h when nothing is said."),
]
_Since = Annotated[
    str | None,
    QueryParameter(name="since", required=False, max_length=40, description="RFC 3339, instead of `range`."),
]
_Until = Annotated[
    str | None,
    QueryParameter(name="until", required=False, max_length=40, description="RFC 3339; now when nothing is said."),
]
_ListRange = Annotated[ActivityRange, QueryParameter(name="range", description="The time up to now.")]


@get("/apps/{key:str}/metrics")
async def app_metrics(
    app: WithApp, services: WithServices, range_: _Range = None, since: _Since = None, until: _Until = None
) -> AppMetrics:
    """How an app did: rate, errors, times, cold starts and wakes over time, and for how long it slept."""
    now = services.clock()
    window = _window(range_, since, until, now)
    found = await services.store.metrics.of_app(app.id, window)
    marks = await services.store.deploys.succeeded(app.id, window.since, window.until, MAX_MARKS)
    return AppMetrics(
        since=window.since,
        until=window.until,
        step_seconds=window.step,
        health=await _health(services, app, now),
        totals=totals_of(window, found, live_since(app)),
        points=points_of(window, found, live_since(app)),
        deploys=[mark_of(deploy) for deploy in reversed(marks)],
    )


@get("/metrics/apps")
async def apps_activity(
    request: ApiRequest, services: WithServices, range_: _ListRange = "24h", cursor: Cursor = None, limit: PageSize = 50
) -> ActivityPage:
    """Requests over time and totals of the caller's apps, in pages as GET /api/apps has them."""
    page = await services.store.apps.page(request.user.scope, limit=limit, cursor=cursor)
    return await present_activity(services, page, range_)


@get("/metrics/summary")
async def platform_summary(request: ApiRequest, services: WithServices, range_: _ListRange = "24h") -> PlatformSummary:
    """All of the caller's apps together: how many are awake, what they did, and what their sleep gave back."""
    return await present_summary(services, request.user.scope, range_)


async def _health(services: Services, app: App, now: datetime) -> AppHealth:
    lately = await services.store.metrics.of_app(app.id, named_window("1h", now))
    status = status_of(app, await services.store.deploys.newest(app.id), services.views.get(app.id))
    return health_word.health_of(status, app.live is not None, recent(lately, now, health_word.MINUTES))


def _window(name: RangeName | None, since: str | None, until: str | None, now: datetime) -> Window:
    if since is None:
        if until is not None:
            raise ApiError("invalid", "until: needs `since` beside it.")
        return named_window(name or "24h", now)
    if name is not None:
        raise ApiError("invalid", "range: either `range` or `since`, not both.")
    return window_between(_time("since", since), now if until is None else _time("until", until), now)


def _time(name: str, text: str) -> datetime:
    """Raises ApiError on what is no time, or has no zone."""
    try:
        # A + that was not escaped is a space by now.
        return whole_ms(datetime.fromisoformat(text.strip().replace(" ", "+")))
    except (ValueError, OverflowError) as error:
        raise ApiError(
            "invalid", f"{name}: {text!r} is no time with a zone.", hint="Write it as 2026-01-31T12:00:00Z."
        ) from error


ROUTER = Router("/", route_handlers=[app_metrics, apps_activity, platform_summary], tags=["see"])
