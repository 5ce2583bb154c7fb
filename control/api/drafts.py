"""Code: the draft, and checking files without deploying them.

A draft's etag is in the `ETag` header and in the body. A save that shows it as `If-Match` never overwrites what somebody
else saved in between; one without it does.
"""

from typing import Annotated

from litestar import Response, Router, get, post, put
from litestar.params import HeaderParameter, JSONBody

from control.api.lookup import WithApp, WithServices
from control.api.present import present_draft
from control.api.problems import ApiError
from control.api.services import Services
from control.domain import apps
from control.domain.files import check_files
from control.lifecycle.loading import load
from fp.api.apps import Draft, DraftPut, ValidateApp, ValidateRequest, Validation

MAX_BODY_BYTES = 4 * 1024 * 1024
"""The 500 KB that an app's files may have, each character written as the longest escape JSON knows."""

_IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", required=False, max_length=200, description="The etag of the draft you changed."),
]


@get("/apps/{key:str}/draft")
async def get_draft(app: WithApp, services: WithServices) -> Response[Draft]:
    """The editable files."""
    return await _answer(services, app, await services.store.drafts.get(app.id))


@put("/apps/{key:str}/draft", request_max_body_size=MAX_BODY_BYTES, opt={"scope": "deploy"})
async def save_draft(
    data: JSONBody[DraftPut], app: WithApp, services: WithServices, if_match: _IfMatch = None
) -> Response[Draft]:
    """Save all files. Nothing is deployed by it."""
    check_files(data.files, data.entrypoint)
    draft = apps.make_draft(app.id, data.files, data.entrypoint, services.clock())
    return await _answer(services, app, await services.store.drafts.save(draft, _seen(if_match)))


@post("/validate", status_code=200, request_max_body_size=MAX_BODY_BYTES, opt={"scope": "deploy", "audit": False})
async def validate_files(data: JSONBody[ValidateRequest], services: WithServices) -> Validation:
    """Check files without saving them."""
    checked = await _validated(services, data.files, data.entrypoint)
    if not data.load:
        return checked
    memory_mb = services.settings.limits.memory_mb
    return await load(services.loader, checked, data.files, data.entrypoint, env={}, memory_mb=memory_mb)


@post(
    "/apps/{key:str}/validate",
    status_code=200,
    request_max_body_size=MAX_BODY_BYTES,
    opt={"scope": "deploy", "audit": False},
)
async def validate_app(app: WithApp, services: WithServices, data: JSONBody[ValidateApp | None] = None) -> Validation:
    """Check the draft, or other files in its place, as a deploy would."""
    wanted, draft = data or ValidateApp(), await services.store.drafts.get(app.id)
    files = draft.files if wanted.files is None else wanted.files
    entrypoint = wanted.entrypoint or draft.entrypoint
    checked = await _validated(services, files, entrypoint)
    if not wanted.load:
        return checked
    env = app.config.env | services.store.vault.opened(app.id, app.config)
    memory_mb = app.config.memory_mb or services.settings.limits.memory_mb
    return await load(services.loader, checked, files, entrypoint, env=env, memory_mb=memory_mb)


async def _validated(services: Services, files: dict[str, str], entrypoint: str) -> Validation:
    result = await services.validate(files, entrypoint)
    return Validation(ok=result.ok, framework=result.framework, findings=result.findings)


async def _answer(services: Services, app: apps.App, draft: apps.Draft) -> Response[Draft]:
    headers = {"ETag": f'"{draft.etag}"', "Cache-Control": "no-store"}
    return Response(await present_draft(services, app, draft), headers=headers)


def _seen(if_match: str | None) -> str | None:
    """The etag that the caller has seen, null for any. Raises ApiError on a list of several."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/")
    if "," in tag:
        raise ApiError("bad_request", "If-Match: one etag.")
    return tag.strip('"')


ROUTER = Router("/", route_handlers=[get_draft, save_draft, validate_files, validate_app], tags=["code"])
