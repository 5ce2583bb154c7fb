"""Accounts: sign up, log in, log out, who am I.

Both sign up and log in open a session of 30 days and answer its token; a browser also gets it as a cookie that no script
can read. Attempts are limited by account and by address, each account-and-address pair tightest, so that a stranger who
guesses cannot lock the owner out; an attempt that was right is given back.
"""

from litestar import Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody

from control.api import security
from control.api.lookup import WithServices
from control.api.problems import ApiError
from control.api.requests import ApiRequest, client_address, is_https
from control.api.services import Services
from control.api.throttle import Limit
from control.domain import accounts
from control.domain.ids import new_id
from control.domain.names import check_username
from fp.api.auth import Credentials, Session, User

_SIGNUPS = Limit("signup", burst=60, seconds=30.0)
_PAIR = Limit("login", burst=10, seconds=30.0)
_ACCOUNT = Limit("login-account", burst=100, seconds=10.0)
_ADDRESS = Limit("login-address", burst=60, seconds=5.0)


@post("/signup", guards=[security.own_origin])
async def signup(data: JSONBody[Credentials], request: ApiRequest, services: WithServices) -> Response[Session]:
    """Make an account. The first one is the administrator; later ones need sign up to be open."""
    services.throttle.spend(_SIGNUPS, client_address(request))
    username = check_username(data.username)
    store = services.store
    if await store.users.any() and not (await store.settings.get()).signup_open:
        raise ApiError("signup_closed", hint="Ask the administrator of this platform.")
    if await store.users.by_username(username):
        raise ApiError("name_taken", f"{username!r} is taken.", hint="Choose another name.")
    user = accounts.User(
        id=new_id(),
        username=username,
        password_hash=await services.passwords.hash(data.password),
        admin=False,
        created_at=services.clock(),
    )
    return await _open(services, request, await store.users.create(user), 201)


@post("/login", status_code=200, guards=[security.own_origin])
async def login(data: JSONBody[Credentials], request: ApiRequest, services: WithServices) -> Response[Session]:
    """Open a session for an account."""
    name, address = data.username[:64], client_address(request)
    spent = [(_PAIR, f"{name} {address}"), (_ACCOUNT, name), (_ADDRESS, address)]
    for limit, key in spent:
        services.throttle.spend(limit, key)
    user = await services.store.users.by_username(name)
    if not await services.passwords.matches(data.password, user.password_hash if user else None) or user is None:
        raise ApiError("wrong_credentials", "No account has this username and password.")
    for limit, key in spent:
        services.throttle.refund(limit, key)
    return await _open(services, request, user, 200)


@post("/logout", status_code=204)
async def logout(request: ApiRequest, services: WithServices) -> Response[None]:
    """End the session that the request shows; without one there is nothing to end, and the cookies go all the same."""
    caller = await security.identify(request)
    if caller is not None:
        await services.store.sessions.delete(caller.session.id)
    return Response(None, status_code=204, cookies=security.no_cookies(secure=is_https(request)))


@get("/me", guards=[security.logged_in])
async def me(request: ApiRequest) -> User:
    """The account that the request's token belongs to."""
    return _present(request.user.user)


async def _open(services: Services, request: ApiRequest, user: accounts.User, status: int) -> Response[Session]:
    from_page = "sec-fetch-site" in request.headers or "origin" in request.headers
    token, session = accounts.open_session(user.id, "browser" if from_page else "bearer", services.clock())
    await services.store.sessions.create(session)
    cookies: list[Cookie] = security.session_cookies(token, secure=is_https(request))
    body = Session(token=token, user=_present(user))
    return Response(body, status_code=status, cookies=cookies, headers={"Cache-Control": "no-store"})


def _present(user: accounts.User) -> User:
    return User(id=user.id, username=user.username, admin=user.admin, created_at=user.created_at)


ROUTER = Router("/auth", route_handlers=[signup, login, logout, me], tags=["auth"])
