"""An app as a ZIP: taken along, and made from one."""

import asyncio
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.params import QueryParameter

from control.api.apps import new_app
from control.api.lookup import WithApp, WithServices
from control.api.present import present_app
from control.api.requests import ApiRequest
from control.domain.config import Config, check_config, check_variables
from control.domain.deploys import Source
from control.domain.errors import Invalid, TooLarge
from control.domain.files import check_files
from control.domain.names import check_app_name
from control.domain.sharing import Sharing, check_sharing, told
from fp.api.apps import AppImported
from fp.archive import MAX_ARCHIVE_BYTES, MEDIA_TYPE, BadArchive, pack, unpack

_Number = Annotated[
    int | None,
    QueryParameter(name="version", required=False, ge=1, description="The number of a version; without it the draft."),
]
_Name = Annotated[
    str | None,
    QueryParameter(
        name="name",
        required=False,
        max_length=64,
        description="A name for the app; without it the archive's, or a free one.",
    ),
]


@get("/apps/{key:str}/export", media_type=MEDIA_TYPE)
async def export_app(app: WithApp, services: WithServices, version: _Number = None) -> Response[bytes]:
    """The app's files and its `.fp.yaml` as a ZIP; variables are in it, secrets are not."""
    store = services.store
    found = await store.drafts.get(app.id) if version is None else await store.versions.by_number(app.id, version)
    config = app.config if version is None else (await store.versions.by_number(app.id, version)).config
    about = {"name": app.name, "entrypoint": found.entrypoint, "idle_minutes": app.idle_minutes, "env": config.env}
    about["sharing"] = told(config.sharing)
    data = await asyncio.to_thread(pack, found.files, about)
    label = app.name if version is None else f"{app.name}-v{version}"
    headers = {"Content-Disposition": f'attachment; filename="{label}.zip"', "Cache-Control": "no-store"}
    return Response(data, media_type=MEDIA_TYPE, headers=headers)


@post("/apps/import", request_max_body_size=MAX_ARCHIVE_BYTES, opt={"consumes": MEDIA_TYPE, "scope": "deploy"})
async def import_app(request: ApiRequest, services: WithServices, name: _Name = None) -> AppImported:
    """Make an app from a ZIP of its files, such as an export. The body is the archive itself."""
    try:
        found = await asyncio.to_thread(unpack, await request.body())
    except BadArchive as error:
        raise (TooLarge if error.too_large else Invalid)(str(error), error.findings) from error
    check_files(found.files, found.config.entrypoint)
    check_variables(found.config.env, "env")
    config = Config(env=found.config.env, sharing=check_sharing(Sharing(**found.config.sharing)))
    check_config(config)
    chosen = name or found.config.name
    app = await new_app(request, services, check_app_name(chosen) if chosen else "")
    app = msgspec.structs.replace(app, config=config)
    if found.config.idle_minutes is not None:
        app = msgspec.structs.replace(app, idle_minutes=found.config.idle_minutes)
    made, _ = await services.store.create_app(app, Source(found.files, found.config.entrypoint))
    await services.store.events.add("app_imported", made.id, by=made.owner_name, message=made.name)
    return AppImported(app=await present_app(services, made), skipped=found.skipped)


ROUTER = Router("/", route_handlers=[export_app, import_app], tags=["apps"])
