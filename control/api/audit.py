"""Every change leaves an entry in the audit log: a layer around all routes, so that a new one cannot be forgotten.

What counts is a request with an unsafe method from somebody who is logged in, however it ends, and signing up, logging in and
out. What an anonymous caller is refused is left out but for failed sign ups and log ins, which are limited in number, so that
nobody can fill the log. A handler may say `opt={"audit": True}` for a GET that matters, `opt={"audit": False}` for a POST
that changes nothing.

An entry is made after the answer, out of what the request left behind: the caller, the app that was looked up, and the names
of the fields in its body. Values are never taken.
"""

from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from control.api.audit_log import Noted
from control.api.problems import STATUS
from control.api.requests import client_address
from control.api.security import Caller, logged_in
from control.domain.apps import App
from control.domain.clock import whole_ms
from control.domain.ids import new_id
from fp.api.admin import AuditEntry

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY = "fp_body"  # `ApiRequest` puts what it decoded there
_APP = "fp_app"
_ENTERING = frozenset({"signup", "login"})
_MADE_BYTES = 64 * 1024
_MAX_TARGET_CHARS = 64


def remember_app(scope: Scope, app: App) -> None:
    """Notes the app that the request is about."""
    scope[_APP] = app  # type: ignore[literal-required]


def is_audited(handler: HTTPRouteHandler, method: str) -> bool:
    """Whether requests to this handler leave entries."""
    said = handler.opt.get("audit")
    if said is not None:
        return bool(said)
    tags = handler.tags or handler.resolve_tags()
    return method not in SAFE_METHODS and (logged_in in handler.resolve_guards() or "auth" in tags)


class Audited:
    """Litestar's middleware around every route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = scope.get("route_handler")
        if not isinstance(handler, HTTPRouteHandler) or not is_audited(handler, str(scope.get("method"))):
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._app(scope, receive, answer.send)
        finally:
            _note(scope, handler, answer)


class _Answer:
    """Passes an answer on; keeps its status, and the body of what was made, in which its id is."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.made = b""

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif self.status == 201 and len(self.made) <= _MADE_BYTES:
            self.made += message.get("body", b"")
        await self._send(message)


class _Made(msgspec.Struct):
    """What tells a new thing from others, in whatever was answered."""

    id: str = ""
    name: str = ""
    username: str = ""


def _note(scope: Any, handler: HTTPRouteHandler, answer: _Answer) -> None:
    caller = scope.get("user")
    operation = handler.fn.__name__
    entering = operation in _ENTERING
    entered = answer.status is not None and answer.status < 400
    throttled = answer.status == STATUS["rate_limited"]
    if not isinstance(caller, Caller) and ((not entered and not entering) or throttled):
        return
    services = scope["litestar_app"].state.services
    body: Any = scope.get(_BODY)
    entry = msgspec.structs.replace(
        _entry(scope, operation, caller if isinstance(caller, Caller) else None),
        status=answer.status,
        what=field_names(body),
        **_target(scope, b"" if entering else answer.made),
    )
    # A sign up that was refused says nothing of who asked: the name it wanted is somebody else's, or free.
    named = entering and (entered or operation == "login")
    services.audit.note(Noted(entry, getattr(body, "username", "")[:_MAX_TARGET_CHARS] if named else "", entered))


def _entry(scope: Any, operation: str, caller: Caller | None) -> AuditEntry:
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    request_id = str(scope.get("fp_request_id", ""))
    app: App | None = scope.get(_APP)
    return AuditEntry(
        id=request_id or new_id(),
        time=whole_ms(scope["litestar_app"].state.services.clock()),
        user=caller.user.id if caller else None,
        username=caller.user.username if caller else "",
        credential=caller.session.kind if caller else "",
        address=client_address(connection),
        method=scope["method"],
        route=scope["path_template"],
        operation=operation,
        status=None,
        request_id=request_id,
        app=app.id if app else None,
        app_name=app.name if app else "",
    )


def field_names(body: Any) -> list[str]:
    """Names of the fields that a body gave: those that have no default, and those that differ from it."""
    if not isinstance(body, msgspec.Struct):
        return []
    return [
        field.encode_name
        for field in msgspec.structs.fields(body)
        if (value := getattr(body, field.name)) is not msgspec.UNSET and (field.required or value != field.default)
    ]


def _target(scope: Any, made: bytes) -> dict[str, Any]:
    """What the route names, or else what it made: `target_kind`, `target`, `target_name`, and the app that it is."""
    parts = scope["path_template"].strip("/").split("/")
    app: App | None = scope.get(_APP)
    if made and (new := _new(made)) is not None:
        kind = _singular(parts[-1])
        about = {"target_kind": kind, "target": new.id, "target_name": new.name or new.username}
        return about | ({"app": new.id, "app_name": new.name} if kind == "app" and app is None else {})
    for place in range(len(parts) - 1, 0, -1):
        if parts[place].startswith("{"):
            value = str(scope["path_params"].get(parts[place].strip("{}"), ""))[:_MAX_TARGET_CHARS]
            kind = _singular(parts[place - 1])
            if kind == "app" and app is not None:
                return {"target_kind": kind, "target": app.id, "target_name": app.name}
            return {"target_kind": kind, "target": value}
    return {}


def _new(made: bytes) -> _Made | None:
    try:
        found = msgspec.json.decode(made, type=_Made)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.id else None


def _singular(word: str) -> str:
    return word.removesuffix("s")
