"""Apps: list, make, look at, delete."""

from litestar import Router, delete, get, post
from litestar.params import JSONBody

from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import present_app, present_apps
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.domain import apps
from control.domain.deploys import Source
from control.domain.ids import new_id
from control.domain.names import check_app_name
from control.templates import STARTER
from fp.api.apps import App, AppCreate, AppPage


@get("/")
async def list_apps(
    request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> AppPage:
    """The caller's apps, newest first; an administrator sees everyone's."""
    page = await services.store.apps.page(request.user.scope, limit=limit, cursor=cursor)
    return AppPage(items=await present_apps(services, page.items), next=page.next)


@post("/")
async def create_app(data: JSONBody[AppCreate], request: ApiRequest, services: WithServices) -> App:
    """Make an app from a template, or from one small file. Nothing runs until its first deploy."""
    name = "" if data.name is None else check_app_name(data.name)
    template = services.templates.get(data.template or STARTER)
    if template is None:
        raise ApiError("invalid", f"template: there is no template {data.template!r}.")
    user, now = request.user.user, services.clock()
    app = apps.App(id=new_id(), owner=user.id, owner_name=user.username, name=name, created_at=now, updated_at=now)
    made, _ = await services.store.create_app(app, Source(template.files, template.entrypoint))
    return await present_app(services, made)


@get("/{key:str}")
async def get_app(app: WithApp, services: WithServices) -> App:
    """One app."""
    return await present_app(services, app)


@delete("/{key:str}")
async def delete_app(app: WithApp, services: WithServices) -> None:
    """Delete the app with its versions, requests and logs. Its database stays: it is the owner's."""
    await services.store.apps.delete(app.id, services.clock())


ROUTER = Router("/apps", route_handlers=[list_apps, create_app, get_app, delete_app], tags=["apps"])
