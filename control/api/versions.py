"""Versions: list them, look into one, compare two states of an app, go back to one.

Going back is a deploy like any other: a new version is made of all that the old one was, code and config, started beside
what serves, and takes its place once it is ready.
"""

import asyncio
from typing import Annotated, Final

from litestar import Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from control.api.deploys import IdempotencyKey
from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import present_deploy, present_sharing
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.services import Services
from control.domain import apps, diffs
from control.domain.config import Config
from control.domain.deploys import Source
from fp.api.deploys import Deploy
from fp.api.versions import AppVersion, AppVersionPage, Diff, Rollback, SettingDiff, VersionDetail

DRAFT = "draft"
LIVE = "live"
_SIDE: Final = "`draft`, `live` or the number of a version."
_Before = Annotated[str | None, QueryParameter(name="before", required=False, max_length=20, description=_SIDE)]
_After = Annotated[str | None, QueryParameter(name="after", required=False, max_length=20, description=_SIDE)]


@get("/versions")
async def list_versions(
    app: WithApp, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> AppVersionPage:
    """The app's versions, newest first; the newest ten and the live one are kept."""
    page = await services.store.versions.page(app.id, limit=limit, cursor=cursor)
    return AppVersionPage(items=[_present(app, version) for version in page.items], next=page.next)


@get("/versions/{number:int}")
async def get_version(number: FromPath[int], app: WithApp, services: WithServices) -> VersionDetail:
    """One version with its files and settings."""
    version = await services.store.versions.by_number(app.id, number)
    return VersionDetail(
        version=_present(app, version),
        files=version.files,
        env=version.config.env,
        secrets=sorted(version.config.secrets),
        memory_mb=version.config.memory_mb,
        cpus=version.config.cpus,
        sharing=present_sharing(version.config),
    )


@get("/diff")
async def get_diff(app: WithApp, services: WithServices, before: _Before = None, after: _After = None) -> Diff:
    """What differs: from the live version to the draft, or between any two that are named."""
    new = await _source(services, app, after or DRAFT)
    old = await _source(services, app, before or LIVE) if before or app.live else None
    files = await asyncio.to_thread(diffs.diff_files, old.files if old else {}, new.files)
    return Diff(
        before=_label(app, before or LIVE) if old else None,
        after=_label(app, after or DRAFT),
        files=files,
        settings=diffs.diff_settings(old.config if old else Config(), new.config),
        entrypoint=SettingDiff("entrypoint", old.entrypoint, new.entrypoint)
        if old and old.entrypoint != new.entrypoint
        else None,
    )


@post("/rollback", status_code=202, opt={"scope": "deploy"})
async def rollback(
    data: JSONBody[Rollback],
    app: WithApp,
    request: ApiRequest,
    services: WithServices,
    idempotency_key: IdempotencyKey = None,
) -> Deploy:
    """Go back to a version: its code, variables, secrets and limits become a new version. The draft stays as it is."""
    source = await _source(services, app, str(data.version))
    by, now = request.user.user.username, services.clock()
    queued = await services.store.request_deploy(app, by, source, now, request_key=idempotency_key)
    await services.store.events.add("rolled_back", app.id, by=by, message=f"to version {data.version}")
    return present_deploy(services, app, queued)


async def _source(services: Services, app: apps.App, side: str) -> Source:
    """The draft with the app's settings, or a version. Raises NotFound and ApiError `bad_request`."""
    if side == DRAFT:
        draft = await services.store.drafts.get(app.id)
        return Source(draft.files, draft.entrypoint, app.config)
    number = _label(app, side)
    if not number.isdecimal() or len(number) > 9:
        raise ApiError("bad_request", f"{side[:20]!r} is neither `draft`, `live` nor the number of a version.")
    version = await services.store.versions.by_number(app.id, int(number))
    return Source(version.files, version.entrypoint, version.config, version.number)


def _label(app: apps.App, side: str) -> str:
    return str(app.live.number) if side == LIVE and app.live else side


def _present(app: apps.App, version: apps.Version | apps.VersionSummary) -> AppVersion:
    return AppVersion(
        number=version.number,
        live=app.live is not None and app.live.version == version.id,
        by=version.by,
        created_at=version.created_at,
        framework=version.framework,
        entrypoint=version.entrypoint,
        deploy=version.deploy,
        rollback_of=version.rollback_of,
    )


ROUTER = Router("/apps/{key:str}", route_handlers=[list_versions, get_version, get_diff, rollback], tags=["versions"])
