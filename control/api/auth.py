"""Accounts: sign up, log in, log out, who am I, another password, and leaving for good.

Both sign up and log in open a session of 30 days and answer its token; a browser also gets it as a cookie that no script
can read. Wherever a password is asked, attempts are limited by account and by address, each account-and-address pair
tightest, so that a stranger who guesses cannot lock the owner out; an attempt that was right is given back.
"""

from litestar import Response, Router, delete, get, post
from litestar.params import JSONBody

from control.api import security
from control.api.lookup import WithServices
from control.api.problems import ApiError
from control.api.requests import ApiRequest, client_address, is_https
from control.api.services import Services
from control.api.sessions import answer_session, present_user
from control.api.throttle import Limit
from control.domain import accounts
from control.domain.ids import new_id
from control.domain.names import check_username
from control.lifecycle.closing import close_account
from fp.api.accounts import AccountDelete, PasswordChange
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
        password_hash=await services.passwords.hash(username, data.password),
        admin=False,
        created_at=services.clock(),
    )
    return await answer_session(services, request, await store.users.create(user), 201)


@post("/login", status_code=200, guards=[security.own_origin])
async def login(data: JSONBody[Credentials], request: ApiRequest, services: WithServices) -> Response[Session]:
    """Open a session for an account."""
    name = data.username[:64]
    spent = _spend(services, request, name)
    user = await services.store.users.by_username(name)
    if not await services.passwords.matches(data.password, user.password_hash if user else None) or user is None:
        raise ApiError("wrong_credentials", "No account has this username and password.")
    _refund(services, spent)
    return await answer_session(services, request, user, 200)


@post("/logout", status_code=204)
async def logout(request: ApiRequest, services: WithServices) -> Response[None]:
    """End the session that the request shows; without one there is nothing to end, and the cookies go all the same.

    A named token is no session: it stays until it is revoked.
    """
    caller = await security.identify(request)
    if caller is not None:
        request.scope["user"] = caller
    if caller is not None and caller.session.kind != "token":
        await services.store.sessions.delete(caller.session.id)
    return Response(None, status_code=204, cookies=security.no_cookies(secure=is_https(request)))


@get("/me", guards=[security.logged_in])
async def me(request: ApiRequest) -> User:
    """The account that the request's token belongs to."""
    return present_user(request.user.user, request.user.session)


@post("/password", status_code=204, guards=[security.logged_in])
async def change_password(data: JSONBody[PasswordChange], request: ApiRequest, services: WithServices) -> None:
    """Change the password. Every other session of the account ends; named tokens stay."""
    user, store = request.user.user, services.store
    accounts.check_password(user.username, data.new)
    await check_own_password(services, request, data.current)
    changed = await services.passwords.hash(user.username, data.new)
    await store.users.set_password(user.id, changed, user.password_hash)
    await store.sessions.end_logins(user.id, keep=request.user.session.id)


@delete("/me", status_code=204, guards=[security.logged_in])
async def delete_me(data: JSONBody[AccountDelete], request: ApiRequest, services: WithServices) -> Response[None]:
    """Delete the account with all its apps, databases, tokens and sessions. The only administrator cannot go."""
    await check_own_password(services, request, data.password)
    await close_account(services.store, request.user.user.id, services.clock())
    return Response(None, status_code=204, cookies=security.no_cookies(secure=is_https(request)))


async def check_own_password(services: Services, request: ApiRequest, password: str) -> None:
    """Raises ApiError `wrong_credentials` when it is not the caller's, `rate_limited` after too many that were not."""
    user = request.user.user
    spent = _spend(services, request, user.username)
    if not await services.passwords.matches(password, user.password_hash):
        raise ApiError("wrong_credentials", "This is not your password.", hint="Type the one you log in with.")
    _refund(services, spent)


def _spend(services: Services, request: ApiRequest, name: str) -> list[tuple[Limit, str]]:
    """Takes one attempt at the password of that account; what it took. Raises ApiError `rate_limited`."""
    address = client_address(request)
    spent = [(_PAIR, f"{name} {address}"), (_ACCOUNT, name), (_ADDRESS, address)]
    for limit, key in spent:
        services.throttle.spend(limit, key)
    return spent


def _refund(services: Services, spent: list[tuple[Limit, str]]) -> None:
    for limit, key in spent:
        services.throttle.refund(limit, key)


ROUTER = Router("/auth", route_handlers=[signup, login, logout, me, change_password, delete_me], tags=["auth"])
