"""Reading the audit log: administrators see all of it, owners what was done to their own app."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from control.api.lookup import WithApp, WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.security import admin_only
from control.domain.clock import whole_ms
from control.store.audit import AuditFilter
from fp.api.admin import AuditEntry, AuditOutcome, AuditPage


def _text(name: str, about: str) -> QueryParameter:
    return QueryParameter(name=name, max_length=64, description=about, required=False)


_User = Annotated[str | None, _text("user", "Only what this account did; its id or username.")]
_App = Annotated[str | None, _text("app", "Only what was about this app; its id or name, also of one that is gone.")]
_Operation = Annotated[str | None, _text("operation", "Only this operation, by its name in this document.")]
_Since = Annotated[str | None, _text("since", "The oldest time wanted, RFC 3339.")]
_Until = Annotated[str | None, _text("until", "The newest time wanted, RFC 3339.")]
_Outcome = Annotated[
    AuditOutcome | None, QueryParameter(name="outcome", description="Only what ended so.", required=False)
]


async def read_filter(
    *,
    user: _User = None,
    about: _App = None,
    operation: _Operation = None,
    outcome: _Outcome = None,
    since: _Since = None,
    until: _Until = None,
) -> AuditFilter:
    """Litestar's dependency `wanted`. Raises ApiError `bad_request`."""
    return AuditFilter(
        user=user,
        app=about,
        operation=operation,
        outcome=outcome,
        since=_time("since", since),
        until=_time("until", until),
    )


def _time(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        # A plus that was not escaped arrives as a space.
        return whole_ms(datetime.fromisoformat(text.replace(" ", "+")))
    except (ValueError, OverflowError):
        example = datetime(2026, 1, 31, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
        raise ApiError("bad_request", f"{name}: a time with its zone, such as {example}.") from None


@get(
    "/admin/audit",
    guards=[admin_only],
    dependencies={"wanted": Provide(read_filter)},
    tags=["admin"],
)
async def list_audit(
    wanted: NamedDependency[SkipValidation[AuditFilter]],
    services: WithServices,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> AuditPage:
    """Who did what, newest first."""
    await services.audit.flush()
    page = await services.store.audit.page(wanted, limit=limit, cursor=cursor)
    return AuditPage(items=page.items, next=page.next)


@get("/apps/{key:str}/audit", tags=["see"])
async def list_app_audit(
    app: WithApp, request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> AuditPage:
    """What was done to the app and by whom, newest first. Other people's addresses are left out."""
    await services.audit.flush()
    page = await services.store.audit.page_of_app(app.id, limit=limit, cursor=cursor)
    user = request.user.user
    return AuditPage(items=[_shown(entry, user.id, user.admin) for entry in page.items], next=page.next)


def _shown(entry: AuditEntry, user: str, admin: bool) -> AuditEntry:
    return entry if admin or entry.user == user else msgspec.structs.replace(entry, address="")


ROUTER = Router("/", route_handlers=[list_audit, list_app_audit])
