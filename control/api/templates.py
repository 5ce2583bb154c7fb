"""The templates that an app can start from: those that came with the platform, the platform's own, and people's.

Whoever made a template changes and deletes it; an administrator may do so with each, shows it to everybody (`shared`) or to
nobody (`hidden`), and changes built-in ones, which keeps only what differs. A template that everybody sees must not change
under them: when its owner changes anything, it is the owner's alone again until an administrator has looked.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from control.api import template_access as access
from control.api.drafts import MAX_BODY_BYTES
from control.api.lookup import WithServices, find_app
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.security import Caller
from control.api.services import Services
from control.domain.errors import LostRace
from control.domain.ids import new_id
from control.domain.templates import MAX_TEMPLATES, Stored, check_code, checked
from fp.api.apps import ExampleRequest, Template, TemplatePage
from fp.api.templates import TemplateCreate, TemplatePatch
from fp.validation import validate

_ADMINS = frozenset({"shared", "hidden"})
_ABOUT = ("name", "description", "icon", "category", "tags", "examples")


@get("/")
async def list_templates(
    request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> TemplatePage:
    """The templates: the built-in ones, the simplest first, then others, newest first.

    The first page has all that are built in, and `limit` others. Only unchanged built-in ones have their files here.
    """
    reader = request.user.scope
    page = await services.store.templates.page(reader, limit=limit, cursor=cursor)
    ours = await access.built_ins(services, request.user) if cursor is None else []
    return TemplatePage(items=[*ours, *(found.template() for found in page.items)], next=page.next)


@get("/{template_id:str}")
async def get_template(template_id: FromPath[str], request: ApiRequest, services: WithServices) -> Template:
    """One template, with its files."""
    return await access.readable(services, request.user, template_id)


@post("/", request_max_body_size=MAX_BODY_BYTES)
async def create_template(data: JSONBody[TemplateCreate], request: ApiRequest, services: WithServices) -> Template:
    """Make a template of an app's draft, or of files. It is yours alone until an administrator shares it."""
    caller, user, now = request.user, request.user.user, services.clock()
    if data.platform and not user.admin:
        raise ApiError("forbidden", "Only administrators add templates for everybody.", hint="Leave `platform` out.")
    files, entrypoint, examples = await _source(services, request, data)
    about = checked({name: getattr(data, name) for name in _ABOUT} | {"examples": examples})
    code = await _validated(files, entrypoint)
    await _check_room(services, caller, data.platform)
    template = Stored(
        id=new_id(), owner=None if data.platform else user.id, owner_name=None if data.platform else user.username,
        shared=data.platform, created_at=now, updated_at=now, **about, **code,
    )  # fmt: skip
    await services.store.templates.create(template)
    return template.template()


@patch("/{template_id:str}", request_max_body_size=MAX_BODY_BYTES)
async def change_template(
    data: JSONBody[TemplatePatch], template_id: FromPath[str], request: ApiRequest, services: WithServices
) -> Template:
    """Change what is given, leave the rest. Of a built-in one only what differs is kept; DELETE takes that back."""
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}
    if (denied := sorted(given.keys() & _ADMINS)) and not request.user.user.admin:
        await access.readable(services, request.user, template_id)
        raise ApiError("forbidden", f"{denied[0]}: only administrators change this.")
    if await access.built_in(services, template_id) is not None:
        return await _change_built_in(services, request.user, template_id, given)
    return await _change_stored(services, request.user, template_id, given)


@delete("/{template_id:str}")
async def delete_template(template_id: FromPath[str], request: ApiRequest, services: WithServices) -> None:
    """Delete the template; apps made from it stay. A built-in one is again as it came, and shown."""
    await access.readable(services, request.user, template_id)
    if template_id in services.templates:
        _check_admin(request.user)
        await services.store.templates.drop_override(template_id)
        return
    found = await access.stored(services, request.user, template_id)
    _check_owner(request.user, found)
    await services.store.templates.delete(found.id)


async def _source(
    services: Services, request: ApiRequest, data: TemplateCreate
) -> tuple[dict[str, str], str, Sequence[ExampleRequest]]:
    """Files, entrypoint and examples of the new template. Raises ApiError, NotFound."""
    if (data.app is None) is (data.files is None):
        raise ApiError("invalid", "app, files: exactly one of them.", hint="Name an app of yours, or send files.")
    if data.files is not None:
        return data.files, data.entrypoint, data.examples or [ExampleRequest()]
    app = await find_app(data.app or "", request, services)
    draft = await services.store.drafts.get(app.id)
    saved = data.examples or await services.store.examples.get(app.id)
    return draft.files, draft.entrypoint, saved or [ExampleRequest()]


async def _validated(files: dict[str, str], entrypoint: str) -> dict[str, Any]:
    """The code's fields, once a deploy would pass validation. Raises ApiError `invalid` with findings, TooLarge."""
    fields = check_code(files, entrypoint)
    result = await asyncio.to_thread(validate, files, entrypoint)
    if not result.ok:
        raise ApiError(
            "invalid",
            "The template would not deploy.",
            hint="Put right what the findings say, and send it again.",
            findings=result.findings,
        )
    return fields | {"framework": result.framework or "asgi"}


async def _check_room(services: Services, caller: Caller, platform: bool) -> None:
    if not platform and await services.store.templates.count_of(caller.user.id) >= MAX_TEMPLATES:
        raise ApiError("conflict", f"You have {MAX_TEMPLATES} templates.", hint="Delete one that you no longer need.")


async def _changes(given: dict[str, Any], files: dict[str, str], entrypoint: str) -> dict[str, Any]:
    """The fields to set. `files` and `entrypoint` are those of the template as it is."""
    fields = checked(given)
    if given.keys() & {"files", "entrypoint"}:
        fields |= await _validated(given.get("files", files), given.get("entrypoint", entrypoint))
    return fields


async def _change_stored(services: Services, caller: Caller, template_id: str, given: dict[str, Any]) -> Template:
    found = await access.stored(services, caller, template_id)
    _check_owner(caller, found)
    if not given:
        return found.template()
    fields = await _changes(given, found.files, found.entrypoint)
    if not caller.user.admin:
        fields["shared"] = False
    changed = await services.store.templates.change(
        found.id, found.updated_at, fields | {"updated_at": services.clock()}
    )
    if changed is None:
        raise LostRace(f"template {found.id} was changed or deleted")
    return changed.template()


async def _change_built_in(services: Services, caller: Caller, template_id: str, given: dict[str, Any]) -> Template:
    now = await access.readable(services, caller, template_id)
    _check_admin(caller)
    if "shared" in given:
        raise ApiError("invalid", "shared: everybody sees a built-in template.", hint="Use `hidden`.")
    fields = await _changes(given, now.files, now.entrypoint)
    by = {"by": caller.user.username, "updated_at": services.clock()}
    await services.store.templates.set_override(template_id, fields | by)
    return await access.readable(services, caller, template_id)


def _check_admin(caller: Caller) -> None:
    if not caller.user.admin:
        raise ApiError(
            "forbidden",
            "Only administrators change templates of the platform.",
            hint="Make an app of it, and a template of that.",
        )


def _check_owner(caller: Caller, found: Stored) -> None:
    """The caller sees the template; whether they may change it is another matter."""
    if found.owner is None:
        _check_admin(caller)
    elif not caller.user.admin and found.owner != caller.user.id:
        raise ApiError(
            "forbidden", "Somebody else shared this template.", hint="Make an app of it, and a template of that."
        )


ROUTER = Router(
    "/templates",
    route_handlers=[list_templates, get_template, create_template, change_template, delete_template],
    tags=["templates"],
)
