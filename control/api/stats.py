"""The platform in figures, and every app of it, for administrators. Records are never scanned; each app is looked at once."""

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter

from cluster.base import ClusterStats, Unavailable
from control.api.lookup import WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import present_apps
from control.api.security import admin_only
from control.api.services import Services
from control.domain.status import status_of
from control.store.figures import COUNTED, DAY
from fp import __version__
from fp.api.admin import ProcessFacts, Stats
from fp.api.apps import AppPage

_BEGAN = time.monotonic()
_CLUSTER_SECONDS = 2.0


@get("/stats")
async def get_stats(services: WithServices) -> Stats:
    """The platform in figures, as of now and of the last 24 hours."""
    now, figures = services.clock(), services.store.figures
    apps, users, requests, wakes, mongodb, cluster = await asyncio.gather(
        _apps(services),
        figures.users(),
        figures.requests_since(now - DAY),
        figures.wakes_since(now - DAY),
        figures.mongodb(),
        _cluster(services),
    )
    return Stats(
        time=now,
        apps=apps,
        users=users,
        requests_day=requests,
        requests_bounded=requests >= COUNTED,
        wakes_day=wakes.count,
        wake_p50_ms=wakes.p50_ms,
        wake_p95_ms=wakes.p95_ms,
        awake=cluster.awake if cluster else None,
        apps_memory_mb=cluster.memory_mb if cluster else None,
        given_back_mb=_given_back(cluster, apps.get("sleeping", 0)),
        mongodb=mongodb,
        process=ProcessFacts(__version__, time.monotonic() - _BEGAN, await asyncio.to_thread(_memory_mb)),
    )


async def _apps(services: Services) -> dict[str, int]:
    """How many apps have each status."""
    apps = await services.store.apps.living()
    newest = await services.store.deploys.newest_of([app.id for app in apps])
    return dict(Counter(status_of(app, newest.get(app.id), services.views.get(app.id)) for app in apps))


async def _cluster(services: Services) -> ClusterStats | None:
    try:
        async with asyncio.timeout(_CLUSTER_SECONDS):
            return await services.cluster.stats()
    except (Unavailable, TimeoutError):
        return None


def _given_back(cluster: ClusterStats | None, sleeping: int) -> float | None:
    if cluster is None or not cluster.awake or not cluster.memory_mb:
        return None
    return round(sleeping * cluster.memory_mb / cluster.awake, 1)


def _memory_mb() -> float | None:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


_Owner = Annotated[
    str | None,
    QueryParameter(name="owner", max_length=64, description="Only this account's; its username.", required=False),
]
_Search = Annotated[
    str, QueryParameter(name="search", max_length=64, description="Text that an app's name must contain, in any case.")
]


@get("/apps")
async def list_all_apps(
    services: WithServices, owner: _Owner = None, search: _Search = "", cursor: Cursor = None, limit: PageSize = 50
) -> AppPage:
    """Everyone's apps, newest first. Every route of an app works on each of them."""
    page = await services.store.apps.find_page(owner, search, limit=limit, cursor=cursor)
    return AppPage(items=await present_apps(services, page.items), next=page.next)


ROUTER = Router("/admin", guards=[admin_only], route_handlers=[get_stats, list_all_apps], tags=["admin"])
