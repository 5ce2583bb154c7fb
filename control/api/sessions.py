"""Sessions: opening one, and the owner's list of those that are open.

A session that is opened while the password is changed, or the account deleted, could outlive what should have ended it.
So whoever opens one looks at the account once more when it is stored, and takes it back if it has another password by then.
"""

from litestar import Response, Router, delete, get
from litestar.params import FromPath

from control.api import security
from control.api.lookup import WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest, client_address, is_https
from control.api.services import Services
from control.domain import accounts
from control.domain.errors import NotFound
from control.store import Store
from fp.api.accounts import SessionItem, SessionPage
from fp.api.auth import Session, User

_CLIENT_CHARS = 80
_AGENT_CHARS = 240
"""Browsers name themselves late in their agent: what tells one from another is mostly behind the first 80."""


async def answer_session(
    services: Services, request: ApiRequest, user: accounts.User, status: int
) -> Response[Session]:
    """Opens a session for who just showed the password: its token, also as cookies. Raises ApiError."""
    from_page = "sec-fetch-site" in request.headers or "origin" in request.headers
    client = printable(request.headers.get("user-agent", ""), _AGENT_CHARS)
    token, session = accounts.open_session(
        user.id, "browser" if from_page else "bearer", services.clock(), client, client_address(request)
    )
    await keep_session(services.store, user, session)
    cookies = security.session_cookies(token, secure=is_https(request))
    body = Session(token=token, user=present_user(user, session))
    return Response(body, status_code=status, cookies=cookies, headers={"Cache-Control": "no-store"})


async def keep_session(store: Store, user: accounts.User, session: accounts.Session) -> None:
    """Stores a new session of the account as `user` knows it. Raises ApiError `wrong_credentials` when it moved on."""
    await store.sessions.create(session)
    if not await _is_still(store, user):
        await store.sessions.delete(session.id)
        raise ApiError("wrong_credentials", "The account was changed at this moment.", hint="Log in again.")
    await store.users.seen(user.id, accounts.whole_minute(session.created_at))


async def _is_still(store: Store, user: accounts.User) -> bool:
    try:
        return (await store.users.get(user.id)).password_hash == user.password_hash
    except NotFound:
        return False


def present_user(user: accounts.User, session: accounts.Session) -> User:
    """The account, and what the token that asks may if it is a named one."""
    scope = session.scope if session.kind == "token" else None
    return User(id=user.id, username=user.username, admin=user.admin, created_at=user.created_at, scope=scope)


def printable(text: str, longest: int = _CLIENT_CHARS) -> str:
    """What a program calls itself, short and in letters that are safe to show."""
    return "".join(letter for letter in text if letter.isprintable())[:longest].strip()


@get("/", opt={"scope": "admin"})
async def list_sessions(
    request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> SessionPage:
    """The caller's sessions, newest first. Named tokens have a list of their own."""
    me = request.user
    page = await services.store.sessions.page(me.user.id, services.clock(), tokens=False, limit=limit, cursor=cursor)
    return SessionPage(items=[_present(item, me.session.id) for item in page.items], next=page.next)


@delete("/", status_code=204)
async def end_other_sessions(request: ApiRequest, services: WithServices) -> None:
    """End all sessions of the caller but this one. Named tokens stay."""
    await services.store.sessions.end_logins(request.user.user.id, keep=request.user.session.id)


@delete("/{session_id:str}", status_code=204)
async def end_session(session_id: FromPath[str], request: ApiRequest, services: WithServices) -> None:
    """End one session, which may be this one."""
    await services.store.sessions.end(request.user.user.id, session_id, tokens=False)


def _present(session: accounts.Session, current: str) -> SessionItem:
    return SessionItem(
        id=session.short_id,
        kind="browser" if session.kind == "browser" else "bearer",
        client=session.name,
        current=session.id == current,
        created_at=session.created_at,
        expires_at=session.expires_at,
        last_used_at=session.used_at,
        last_used_from=session.used_from or None,
    )


ROUTER = Router("/auth/sessions", route_handlers=[list_sessions, end_other_sessions, end_session], tags=["auth"])
