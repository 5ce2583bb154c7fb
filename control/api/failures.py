"""Errors of an app: what it failed with, grouped by where it was raised. A resolved group hides until it is seen again."""

from litestar import Router, get, post
from litestar.params import FromPath

from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from fp.api.metrics import ErrorGroupPage


@get("/errors")
async def list_errors(
    app: WithApp, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> ErrorGroupPage:
    """What the app failed with and nobody has resolved, the last seen first."""
    page = await services.store.failures.page(app.id, limit=limit, cursor=cursor)
    return ErrorGroupPage(items=page.items, next=page.next)


@post("/errors/{fingerprint:str}/resolve", status_code=204)
async def resolve_error(app: WithApp, fingerprint: FromPath[str], services: WithServices) -> None:
    """Hide the errors raised there until one is seen again."""
    await services.store.failures.resolve(app.id, fingerprint[:64], services.clock())


ROUTER = Router("/apps/{key:str}", route_handlers=[list_errors, resolve_error], tags=["see"])
