"""Seeing what happens: an app's requests, its log and its wakes, newest first; and trying a request out.

Filters (`control.api.filters`) are all optional and combine. A page is looked for during a few seconds at most. What an app
prints now is told by `control.api.tail`.
"""

from typing import Annotated

from litestar import Router, get, post
from litestar.di import Provide
from litestar.params import FromPath, JSONBody, QueryParameter

from control.api import filters
from control.api.detail import detail_of
from control.api.door import MAX_BODY_BYTES
from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import host_of
from fp.api.see import LogPage, RequestDetail, RequestPage, TestRequest, TestResponse, WakeOutcome, WakePage

_Outcome = Annotated[
    WakeOutcome | None, QueryParameter(name="outcome", description="Only wakes that ended so.", required=False)
]


@get("/requests", dependencies={"only": Provide(filters.of_requests, sync_to_thread=False)})
async def list_requests(
    app: WithApp, services: WithServices, only: filters.Requests, cursor: Cursor = None, limit: PageSize = 50
) -> RequestPage:
    """The requests that the app answered, newest first; only those that pass every filter given."""
    page = await services.store.requests.page(app.id, only=only, limit=limit, cursor=cursor)
    return RequestPage(items=page.items, next=page.next)


@get("/requests/{rid:str}")
async def get_request(rid: FromPath[str], app: WithApp, services: WithServices) -> RequestDetail:
    """One request: its record, what was printed while it was answered, and a failure's traceback with its code."""
    return await detail_of(services.store, app.id, rid)


@get("/logs", dependencies={"only": Provide(filters.of_logs, sync_to_thread=False)})
async def list_logs(
    app: WithApp,
    services: WithServices,
    only: filters.Logs,
    *,
    order: filters.Order = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> LogPage:
    """What the app printed and logged, newest first; only lines that pass every filter given.

    Live: the WebSocket `/api/apps/{key}/logs/stream?after=&lines=&level=&q=` sends TailLines, TailLive, TailDropped, TailPing
    and TailProblem as JSON. Lines come in the order of arrival, each once: first the newest `lines` (100 by default) or all
    behind the cursor `after`, then those that arrive. Give the last `cursor` as `after` to go on where a connection broke.
    """
    ascending = filters.read_order(order)
    page = await services.store.logs.page(app.id, only=only, ascending=ascending, limit=limit, cursor=cursor)
    return LogPage(items=page.items, next=page.next)


@get("/wakes")
async def list_wakes(
    app: WithApp, services: WithServices, outcome: _Outcome = None, cursor: Cursor = None, limit: PageSize = 50
) -> WakePage:
    """How the app woke, newest first: why, how long each phase took, who waited, and how it ended."""
    page = await services.store.wakes.page(app.id, outcome=outcome, limit=limit, cursor=cursor)
    return WakePage(items=page.items, next=page.next)


@post("/test", status_code=200, request_max_body_size=4 * MAX_BODY_BYTES, tags=["try"], opt={"scope": "deploy"})
async def try_request(data: JSONBody[TestRequest], app: WithApp, services: WithServices) -> TestResponse:
    """Send one request to the deployed app through the front door, like any visitor's. It wakes a sleeping app.

    Redirects are told, not followed. A body over 1 MB is cut; an answer that takes over 60 s is `app_failed`.
    """
    return await services.door.send(host_of(services, app), data)


ROUTER = Router(
    "/apps/{key:str}",
    route_handlers=[list_requests, get_request, list_logs, list_wakes, try_request],
    dependencies={
        "times": Provide(filters.times, sync_to_thread=False),
        "details": Provide(filters.details, sync_to_thread=False),
    },
    tags=["see"],
)
