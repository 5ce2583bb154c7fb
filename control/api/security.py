"""Who is asking, and may a browser's request be trusted.

A token is shown as `Authorization: Bearer` or in the cookie `fp_session`. Only the cookie can be sent by a page that is not
ours, so only there an unsafe request needs more: it must come from our own origin, as far as the browser says, and carry the
CSRF token in `X-CSRF-Token`. That token is derived from the session's, so one that another host planted in the cookie jar
is worth nothing; the page reads it from the cookie `fp_csrf`.
"""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from control.api.problems import ApiError
from control.domain.accounts import SESSION_DAYS, Session, User, token_hash
from control.domain.errors import NotFound

SESSION_COOKIE = "fp_session"
CSRF_COOKIE = "fp_csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})
_MAX_TOKEN_CHARS = 200

Connection = ASGIConnection[Any, Any, Any, Any]


class Caller(msgspec.Struct, frozen=True):
    """Whoever a request's token belongs to, and the session it opened."""

    user: User
    session: Session

    @property
    def scope(self) -> str | None:
        """Whose apps the caller sees: a user's id, null for everyone's."""
        return None if self.user.admin else self.user.id


async def logged_in(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: sets `request.user` to the Caller. Raises ApiError `not_logged_in` or `csrf`."""
    caller = await identify(connection)
    if caller is None:
        raise ApiError(
            "not_logged_in",
            hint="Log in, or send a token as `Authorization: Bearer`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    connection.scope["user"] = caller


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
        _check_csrf(connection, token)
    return caller


async def _caller(connection: Connection, token: str) -> Caller | None:
    if not token or len(token) > _MAX_TOKEN_CHARS:
        return None
    services = connection.app.state.services
    session = await services.store.sessions.get(token_hash(token), services.clock())
    if session is None:
        return None
    try:
        return Caller(await services.store.users.get(session.user), session)
    except NotFound:
        return None


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
