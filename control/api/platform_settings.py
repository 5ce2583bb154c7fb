"""The platform's settings, for administrators. What is changed counts at once, in every process."""

from typing import Annotated

import msgspec
from litestar import Response, Router, get, patch
from litestar.params import HeaderParameter, JSONBody

from control.api.lookup import WithServices
from control.api.problems import ApiError
from control.api.security import admin_only
from control.domain import platform
from control.domain.errors import LostRace
from fp.api.admin import BlockedPattern, BlockedPatternList, PlatformSettings, PlatformSettingsPatch
from fp.validation.patterns import PATTERNS, Pattern

_IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", required=False, max_length=50, description="The etag of what you changed."),
]


@get("/settings")
async def get_platform_settings(services: WithServices) -> Response[PlatformSettings]:
    """The platform's settings."""
    return _answer(await services.store.settings.get())


@patch("/settings")
async def change_platform_settings(
    data: JSONBody[PlatformSettingsPatch], services: WithServices, if_match: _IfMatch = None
) -> Response[PlatformSettings]:
    """Change what is given, leave the rest. With the etag that you have seen, only if nobody changed anything since."""
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}
    try:
        settings = await services.store.change_settings(given, _seen(if_match))
    except LostRace:
        hint = "Load the settings again, and change what you wanted to change."
        raise ApiError("conflict", "Somebody else changed the settings since you loaded them.", hint=hint) from None
    return _answer(settings)


@get("/patterns")
async def list_patterns() -> BlockedPatternList:
    """The patterns that validation looks for, by the names that `blocked_patterns_off` takes."""
    return BlockedPatternList([BlockedPattern(one.name, one.message, _examples(one)) for one in PATTERNS])


def _examples(pattern: Pattern) -> list[str]:
    named = [*pattern.calls, *sorted(pattern.modules)] or [pattern.name]
    return [name.removeprefix("builtins.") for name in named]


def _seen(if_match: str | None) -> int | None:
    tag = (if_match or "*").strip().removeprefix("W/").strip('"')
    if tag == "*":
        return None
    # What is no etag of ours matches nothing.
    return int(tag) if tag.isascii() and tag.isdigit() else -1


def _answer(settings: platform.PlatformSettings) -> Response[PlatformSettings]:
    headers = {"ETag": f'"{settings.revision}"', "Cache-Control": "no-store"}
    return Response(msgspec.convert(msgspec.structs.asdict(settings), PlatformSettings), headers=headers)


ROUTER = Router(
    "/admin",
    guards=[admin_only],
    route_handlers=[get_platform_settings, change_platform_settings, list_patterns],
    tags=["admin"],
)
