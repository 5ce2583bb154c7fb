"""Accounts, for administrators: see them, make one, give and take rights, set a new password, delete.

What an administrator does to the own account goes the way of every owner, with the password asked: a borrowed browser
must not be enough to take an account over.
"""

from typing import Annotated

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from control.api import security
from control.api.lookup import WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.services import Services
from control.api.throttle import Limit
from control.domain import accounts
from control.domain.errors import NotFound
from control.domain.ids import is_id, new_id
from control.domain.names import check_username
from control.lifecycle.closing import close_account
from fp.api.accounts import AdminUser, AdminUserCreate, AdminUserPage, AdminUserPatch

_HASHES = Limit("admin-password", burst=60, seconds=2.0)

_Prefix = Annotated[
    str, QueryParameter(name="prefix", max_length=32, description="Only accounts whose name begins so.")
]
_Name = Annotated[
    str, QueryParameter(name="name", max_length=64, description="The username again, so that no other one goes.")
]


@get("/")
async def list_users(
    services: WithServices, prefix: _Prefix = "", cursor: Cursor = None, limit: PageSize = 50
) -> AdminUserPage:
    """All accounts, newest first, with the number of their apps."""
    page = await services.store.users.page(prefix=prefix.lower(), limit=limit, cursor=cursor)
    return AdminUserPage(items=await _present(services, page.items), next=page.next)


@post("/")
async def create_user(data: JSONBody[AdminUserCreate], request: ApiRequest, services: WithServices) -> AdminUser:
    """Make an account, also while sign up is closed."""
    username = check_username(data.username)
    accounts.check_password(username, data.password)
    services.throttle.spend(_HASHES, request.user.user.id)
    user = accounts.User(
        id=new_id(),
        username=username,
        password_hash=await services.passwords.hash(username, data.password),
        admin=data.admin,
        created_at=services.clock(),
    )
    return (await _present(services, [await services.store.users.create(user)]))[0]


@patch("/{user_id:str}")
async def change_user(
    user_id: FromPath[str], data: JSONBody[AdminUserPatch], request: ApiRequest, services: WithServices
) -> AdminUser:
    """Make somebody an administrator or not, or set a new password, which ends the account's sessions."""
    user = await _find(services, user_id)
    if data.password is not msgspec.UNSET:
        if user.id == request.user.user.id:
            raise ApiError("conflict", "This is your own account.", hint="Change your password in your account.")
        accounts.check_password(user.username, data.password)
        services.throttle.spend(_HASHES, request.user.user.id)
        changed = await services.passwords.hash(user.username, data.password)
        user = await services.store.users.set_password(user.id, changed, user.password_hash)
        await services.store.sessions.end_logins(user.id)
    if data.admin is not msgspec.UNSET:
        user = await services.store.users.set_admin(user.id, data.admin)
    return (await _present(services, [user]))[0]


@delete("/{user_id:str}", status_code=204)
async def delete_user(user_id: FromPath[str], name: _Name, request: ApiRequest, services: WithServices) -> None:
    """Delete an account with all its apps, databases, tokens and sessions. The only administrator cannot go."""
    user = await _find(services, user_id)
    if user.id == request.user.user.id:
        raise ApiError("conflict", "This is your own account.", hint="Delete it in your account.")
    if name != user.username:
        raise ApiError("invalid", "name: this is not the account's name.", hint="Nothing was deleted; look again.")
    await close_account(services.store, user.id, services.clock())


async def _find(services: Services, user_id: str) -> accounts.User:
    if not is_id(user_id):
        raise NotFound("user", user_id[:64])
    return await services.store.users.get(user_id)


async def _present(services: Services, users: list[accounts.User]) -> list[AdminUser]:
    apps = await services.store.apps.count_by_owner([user.id for user in users])
    return [
        AdminUser(
            id=user.id,
            username=user.username,
            admin=user.admin,
            created_at=user.created_at,
            apps=apps.get(user.id, 0),
            last_seen_at=user.last_seen_at,
        )
        for user in users
    ]


ROUTER = Router(
    "/admin/users",
    guards=[security.admin_only],
    route_handlers=[list_users, create_user, change_user, delete_user],
    tags=["admin"],
)
