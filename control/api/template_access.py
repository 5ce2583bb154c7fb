"""Which templates a caller sees, and which of those an app may be made from: the built-in ones as an administrator left them,
and those that people made.
"""

import msgspec

from control.api.problems import ApiError
from control.api.security import Caller
from control.api.services import Services
from control.domain.errors import NotFound
from control.domain.templates import Stored
from control.templates import STARTER
from fp.api.apps import Template

_MAX_ID_CHARS = 64


async def built_ins(services: Services, caller: Caller) -> list[Template]:
    """The built-in templates, the simplest first; hidden ones for administrators only.

    One whose files an administrator changed is shown without them, as every template is that did not come with the platform.
    """
    overrides = await services.store.templates.overrides()
    shown = []
    for ours in services.templates.values():
        override = overrides.get(ours.id)
        template = ours if override is None else override.over(ours)
        if override is not None and override.framework is not None:
            template = msgspec.structs.replace(template, files={})
        if caller.user.admin or not template.hidden:
            shown.append(template)
    return shown


async def built_in(services: Services, template_id: str) -> Template | None:
    """The built-in template as it is now, hidden or not; null when there is none of that id."""
    template = services.templates.get(template_id)
    if template is None:
        return None
    override = await services.store.templates.override(template_id)
    return template if override is None else override.over(template)


async def stored(services: Services, caller: Caller, template_id: str) -> Stored:
    """Somebody's template that the caller may see. Raises NotFound."""
    found = await services.store.templates.get(template_id[:_MAX_ID_CHARS])
    if caller.user.admin or found.owner == caller.user.id or (found.shared and not found.hidden):
        return found
    raise NotFound("template", template_id[:_MAX_ID_CHARS])


async def readable(services: Services, caller: Caller, template_id: str) -> Template:
    """The template with that id, if the caller may see it. Raises NotFound."""
    ours = await built_in(services, template_id)
    if ours is None:
        return (await stored(services, caller, template_id)).template()
    if ours.hidden and not caller.user.admin:
        raise NotFound("template", template_id)
    return ours


async def template_for(services: Services, caller: Caller, template_id: str | None) -> Template:
    """What a new app starts from; without an id the starter, whoever hid it. Raises ApiError `invalid`."""
    if template_id is None:
        return await built_in(services, STARTER) or services.templates[STARTER]
    try:
        return await readable(services, caller, template_id)
    except NotFound:
        shown = template_id[:_MAX_ID_CHARS]
        raise ApiError(
            "invalid", f"template: there is no template {shown!r}.", hint="GET /api/templates lists yours."
        ) from None
