"""Seeing what happens: an app's requests, its log and its wakes, newest first; and trying a request out."""

from typing import Annotated

from litestar import Router, get, post
from litestar.params import JSONBody, QueryParameter

from control.api.door import MAX_BODY_BYTES
from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import host_of
from fp.api.see import LogPage, RequestPage, TestRequest, TestResponse, WakeOutcome, WakePage

_Search = Annotated[
    str, QueryParameter(name="search", max_length=200, description="Text that a line must contain, in any case.")
]

_Outcome = Annotated[
    WakeOutcome | None, QueryParameter(name="outcome", description="Only wakes that ended so.", required=False)
]


@get("/requests")
async def list_requests(
    app: WithApp, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> RequestPage:
    """The requests that the app answered, newest first."""
    page = await services.store.requests.page(app.id, limit=limit, cursor=cursor)
    return RequestPage(items=page.items, next=page.next)


@get("/logs")
async def list_logs(
    app: WithApp, services: WithServices, search: _Search = "", cursor: Cursor = None, limit: PageSize = 50
) -> LogPage:
    """What the app printed and logged, newest first."""
    page = await services.store.logs.page(app.id, search=search, limit=limit, cursor=cursor)
    return LogPage(items=page.items, next=page.next)


@get("/wakes")
async def list_wakes(
    app: WithApp, services: WithServices, outcome: _Outcome = None, cursor: Cursor = None, limit: PageSize = 50
) -> WakePage:
    """How the app woke, newest first: why, how long each phase took, who waited, and how it ended."""
    page = await services.store.wakes.page(app.id, outcome=outcome, limit=limit, cursor=cursor)
    return WakePage(items=page.items, next=page.next)


@post("/test", status_code=200, request_max_body_size=2 * MAX_BODY_BYTES, tags=["try"])
async def try_request(data: JSONBody[TestRequest], app: WithApp, services: WithServices) -> TestResponse:
    """Send one request to the deployed app through the front door, like any visitor's. It wakes a sleeping app."""
    return await services.door.send(host_of(services, app), data)


ROUTER = Router("/apps/{key:str}", route_handlers=[list_requests, list_logs, list_wakes, try_request], tags=["see"])
