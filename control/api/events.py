"""Events: what was done to an app and what happened to it; for administrators everything, the platform's own too."""

import msgspec
from litestar import Router, get

from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.security import admin_only
from fp.api.metrics import EventPage


@get("/apps/{key:str}/events", tags=["see"])
async def list_events(app: WithApp, services: WithServices, cursor: Cursor = None, limit: PageSize = 50) -> EventPage:
    """What was done to the app and what happened to it, newest first."""
    page = await services.store.events.page(app.id, limit=limit, cursor=cursor)
    return EventPage(items=page.items, next=page.next)


@get("/admin/events", tags=["admin"], guards=[admin_only])
async def list_all_events(services: WithServices, cursor: Cursor = None, limit: PageSize = 50) -> EventPage:
    """What happened on the whole platform, newest first. For administrators."""
    page = await services.store.events.page(None, limit=limit, cursor=cursor)
    apps = await services.store.fleet.apps(sorted({event.app for event in page.items if event.app}))
    names = {app.id: app.name for app in apps}
    items = [msgspec.structs.replace(event, app_name=names.get(event.app or "", "")) for event in page.items]
    return EventPage(items=items, next=page.next)


ROUTER = Router("/", route_handlers=[list_events, list_all_events])
