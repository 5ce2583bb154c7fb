"""Who is asking, and may a browser's request be trusted.

A token is shown as `Authorization: Bearer` or in the cookie `fp_session`. Only the cookie can be sent by a page that is not
ours, so only there an unsafe request needs more: it must come from our own origin, as far as the browser says, and carry the
CSRF token in `X-CSRF-Token`. That token is derived from the session's, so one that another host planted in the cookie jar
is worth nothing; the page reads it from the cookie `fp_csrf`.

What a token may is checked in the same guard that asks who shows it, against what the route says of itself:
`opt={"scope": "deploy"}`. A route that says nothing needs `read` when its method is safe and `admin` when it is not, so
one that was forgotten is shut.
"""

import base64
import hashlib
import hmac
from contextlib import suppress
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler

from control.api.peers import client_address
from control.api.problems import ApiError
from control.domain.accounts import SESSION_DAYS, Session, User, covers, token_hash, whole_minute
from control.domain.errors import NotFound, StoreUnavailable
from fp.api.accounts import TokenScope

SESSION_COOKIE = "fp_session"
CSRF_COOKIE = "fp_csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})
_MAX_TOKEN_CHARS = 200
_SCOPES: dict[Any, TokenScope] = {scope: scope for scope in get_args(TokenScope)}

Connection = ASGIConnection[Any, Any, Any, Any]


class Caller(msgspec.Struct, frozen=True):
    """Whoever a request's token belongs to, and the session it opened."""

    user: User
    session: Session

    @property
    def is_admin(self) -> bool:
        """Whether the caller may what only an administrator may: a weaker token of one may not."""
        return self.user.admin and self.session.scope == "admin"

    @property
    def scope(self) -> str | None:
        """Whose apps the caller sees: a user's id, null for everyone's."""
        return None if self.is_admin else self.user.id


async def logged_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: sets `request.user` to the Caller. Raises ApiError `not_logged_in`, `csrf` or `forbidden`."""
    caller = await caller_of(connection)
    needed = needed_scope(handler, str(connection.scope.get("method")))
    if not covers(caller.session.scope, needed):
        raise ApiError(
            "forbidden",
            f"This token's scope is `{caller.session.scope}`; this needs `{needed}`.",
            hint=f"Log in, or use a token whose scope is `{needed}`.",
        )
    connection.scope["user"] = caller


async def caller_of(connection: Connection) -> Caller:
    """The caller, whatever the scope of the token. Raises ApiError `not_logged_in` or `csrf`."""
    caller = await identify(connection)
    if caller is None:
        raise ApiError(
            "not_logged_in",
            hint="Log in, or send a token as `Authorization: Bearer`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return caller


async def admin_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of what only an administrator may, also alone; sets `request.user`. Raises as `logged_in` does."""
    caller = connection.scope.get("user")
    if not isinstance(caller, Caller):
        await logged_in(connection, handler)
        caller = connection.scope.get("user")
    if not isinstance(caller, Caller) or not caller.is_admin:
        raise ApiError("forbidden", "Only an administrator may do this.", hint="Ask an administrator of this platform.")


def needed_scope(handler: BaseRouteHandler, method: str) -> TokenScope:
    """The scope that a token needs for this method of the route; a word that is no scope shuts it."""
    if admin_only in handler.resolve_guards():
        return "admin"
    said = handler.opt.get("scope", "read" if method in _SAFE_METHODS else "admin")
    return _SCOPES.get(said, "admin")


async def own_origin(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of log in and sign up: another site's page must not log its visitor in as somebody else."""
    check_origin(connection)


async def identify(connection: Connection) -> Caller | None:
    """The caller, null without a valid token. Raises ApiError `csrf` when a browser's request cannot be trusted."""
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return await _caller(connection, token.strip()) if scheme.lower() == "bearer" else None
    token = connection.cookies.get(SESSION_COOKIE, "")
    caller = await _caller(connection, token)
    if caller is not None and connection.scope.get("method") not in _SAFE_METHODS:
        check_origin(connection)
        # Any page may open a WebSocket with the visitor's cookie and none can add a header: there, the origin is all there is.
        if connection.scope["type"] != ScopeType.WEBSOCKET:
            _check_csrf(connection, token)
    return caller


async def _caller(connection: Connection, token: str) -> Caller | None:
    if not token or len(token) > _MAX_TOKEN_CHARS:
        return None
    services = connection.app.state.services
    now = services.clock()
    session = await services.store.sessions.get(token_hash(token), now)
    if session is None:
        return None
    try:
        user = await services.store.users.get(session.user)
    except NotFound:
        return None
    minute = whole_minute(now)
    if session.used_at is None or session.used_at < minute:
        # Once a minute for each token; a note that cannot be made is no reason to refuse.
        with suppress(StoreUnavailable):
            if await services.store.sessions.touch(session, minute, client_address(connection)):
                await services.store.users.seen(user.id, minute)
    return Caller(user, session)


def check_origin(connection: Connection) -> None:
    """Raises ApiError `csrf` when the browser says that another origin's page made the request."""
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    foreign = origin is not None and _host_of(origin) != connection.headers.get("host", "").lower()
    if foreign or (site is not None and site not in _OWN_SITE):
        raise ApiError("csrf", "The request was made by a page of another site.")


def _host_of(origin: str) -> str | None:
    """Host and port of an `Origin`; null for `null` and for what is none."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _check_csrf(connection: Connection, token: str) -> None:
    shown = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(shown.encode("utf-8", "replace"), csrf_token(token).encode()):
        raise ApiError("csrf", hint=f"Send the cookie {CSRF_COOKIE} again as the header {CSRF_HEADER}.")


def csrf_token(token: str) -> str:
    """The CSRF token of a session's token; the way back is a preimage of SHA-256."""
    digest = hashlib.sha256(b"fp-csrf:" + token.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def session_cookies(token: str, *, secure: bool) -> list[Cookie]:
    """The two cookies of a new session: the token, which no script can read, and the CSRF token, which the page must."""
    return [
        _cookie(SESSION_COOKIE, token, SESSION_DAYS * 86400, secure=secure, httponly=True),
        _cookie(CSRF_COOKIE, csrf_token(token), SESSION_DAYS * 86400, secure=secure, httponly=False),
    ]


def no_cookies(*, secure: bool) -> list[Cookie]:
    """What takes both cookies away again."""
    return [
        _cookie(SESSION_COOKIE, "", 0, secure=secure, httponly=True),
        _cookie(CSRF_COOKIE, "", 0, secure=secure, httponly=False),
    ]


def _cookie(key: str, value: str, max_age: int, *, secure: bool, httponly: bool) -> Cookie:
    return Cookie(key=key, value=value, max_age=max_age, path="/", samesite="lax", secure=secure, httponly=httponly)
