"""Apps: list, make, look at, rename, copy, delete and have back."""

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import present_app, present_apps
from control.api.requests import ApiRequest
from control.api.routing import tell_cluster
from control.api.services import Services
from control.api.template_access import template_for
from control.domain import apps
from control.domain.deploys import Source
from control.domain.errors import NotFound
from control.domain.ids import new_id
from control.domain.names import check_app_name
from control.domain.trying import named_examples
from control.lifecycle.bindings import bind_database
from fp.api.apps import App, AppClone, AppCreate, AppPage, AppPatch, AppUndelete, DeletedApp, DeletedAppPage


@get("/")
async def list_apps(
    request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> AppPage:
    """The caller's apps, newest first; an administrator sees everyone's."""
    page = await services.store.apps.page(request.user.scope, limit=limit, cursor=cursor)
    return AppPage(items=await present_apps(services, page.items), next=page.next)


@post("/", opt={"scope": "deploy"})
async def create_app(data: JSONBody[AppCreate], request: ApiRequest, services: WithServices) -> App:
    """Make an app from a template, or from one small file. Nothing runs until its first deploy."""
    name = "" if data.name is None else check_app_name(data.name)
    template = await template_for(services, request.user, data.template)
    app = await new_app(request, services, name)
    source = Source(template.files, template.entrypoint)
    # What the small file answers is soon something else; a template was chosen for what it does.
    examples = [] if data.template is None else named_examples(template.examples)
    made, _ = await services.store.create_app(app, source, examples)
    await services.store.events.add("app_created", made.id, by=app.owner_name, message=made.name)
    return await present_app(services, made)


@get("/{key:str}")
async def get_app(app: WithApp, services: WithServices) -> App:
    """One app."""
    return await present_app(services, app)


@patch("/{key:str}", opt={"scope": "deploy"})
async def rename_app(data: JSONBody[AppPatch], app: WithApp, request: ApiRequest, services: WithServices) -> App:
    """Give the app another name, and so another address; a live app is started again under it."""
    renamed = await services.store.apps.rename(app.id, check_app_name(data.name), services.clock())
    await tell_cluster(services, renamed)
    message = f"{app.name} is {renamed.name} now"
    await services.store.events.add("app_renamed", app.id, by=request.user.user.username, message=message)
    return await present_app(services, renamed)


@post("/{key:str}/clone", opt={"scope": "deploy"})
async def clone_app(data: JSONBody[AppClone], app: WithApp, request: ApiRequest, services: WithServices) -> App:
    """Make another app with the same draft, variables, limits and idle time, and the same database if the owner stays.

    Secrets go along to another app of the same owner, never to somebody else.
    """
    name = "" if data.name is None else check_app_name(data.name)
    copy = await new_app(request, services, name)
    config = app.config if copy.owner == app.owner else msgspec.structs.replace(app.config, secrets={})
    copy = msgspec.structs.replace(
        copy,
        config=services.store.vault.copied(config, app.id, copy.id),
        idle_minutes=app.idle_minutes,
        database=app.database if copy.owner == app.owner else None,
    )
    draft = await services.store.drafts.get(app.id)
    saved = await services.store.examples.get(app.id)
    made, _ = await services.store.create_app(copy, Source(draft.files, draft.entrypoint), saved)
    await services.store.events.add("app_cloned", made.id, by=made.owner_name, message=f"from {app.name}")
    return await present_app(services, made)


@delete("/{key:str}")
async def delete_app(app: WithApp, request: ApiRequest, services: WithServices) -> None:
    """Stop the app and take its name away; for a day it can be had back. Its database stays: it is the owner's."""
    await services.store.apps.delete(app.id, services.clock())
    # Its own events may go with it a day later, so this is told as the platform's.
    await services.store.events.add("app_deleted", by=request.user.user.username, message=app.name)


@get("/")
async def list_deleted(
    request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> DeletedAppPage:
    """The caller's apps that were deleted and can be had back, the last one first."""
    page = await services.store.apps.gone_page(request.user.scope, limit=limit, cursor=cursor)
    return DeletedAppPage(items=[_present_deleted(app) for app in page.items if app.deleted_at], next=page.next)


@post("/{app_id:str}/restore", status_code=200)
async def restore_app(
    app_id: FromPath[str], data: JSONBody[AppUndelete], request: ApiRequest, services: WithServices
) -> App:
    """Have a deleted app back as it was; if it was live it is started again."""
    found = await _deleted(app_id, request, services)
    name = None if data.name is None else check_app_name(data.name)
    unbound = found.database is not None and not await services.store.databases.of_ids([found.database])
    app = await services.store.apps.undelete(found.id, name, services.clock(), unbound=unbound)
    if unbound:
        app, _ = await bind_database(services.store, app, services.clock)
    return await present_app(services, app)


@delete("/{app_id:str}")
async def purge_app(app_id: FromPath[str], request: ApiRequest, services: WithServices) -> None:
    """Remove a deleted app for good, now: its files, versions, requests and logs."""
    found = await _deleted(app_id, request, services)
    await services.store.apps.hasten_purge(found.id, services.clock())


async def new_app(request: ApiRequest, services: Services, name: str) -> apps.App:
    """An app of the caller's that is not stored yet; an empty name is filled with a free one."""
    user, now = request.user.user, services.clock()
    return apps.App(
        id=new_id(),
        owner=user.id,
        owner_name=user.username,
        name=name,
        idle_minutes=(await services.store.settings.get()).default_idle_minutes,
        created_at=now,
        updated_at=now,
    )


async def _deleted(app_id: str, request: ApiRequest, services: Services) -> apps.App:
    """The deleted app of the caller's with that id. Raises NotFound."""
    found = await services.store.apps.gone(app_id[:64])
    if request.user.scope not in {None, found.owner}:
        raise NotFound("deleted app", app_id[:64])
    return found


def _present_deleted(app: apps.App) -> DeletedApp:
    deleted_at = app.deleted_at or app.updated_at
    return DeletedApp(
        id=app.id,
        name=app.name,
        owner=app.owner_name,
        version=app.live.number if app.live else None,
        deleted_at=deleted_at,
        purge_at=app.purge_at or deleted_at,
    )


ROUTER = Router(
    "/apps",
    route_handlers=[list_apps, create_app, get_app, rename_app, clone_app, delete_app],
    tags=["apps"],
)
TRASH = Router("/trash", route_handlers=[list_deleted, restore_app, purge_app], tags=["apps"])
