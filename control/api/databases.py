"""Databases: list, make, look at, delete. What belongs to somebody else is not found; an administrator finds all."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from control.api.lookup import WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.services import Services
from control.domain import databases
from control.domain.databases import check_label
from control.domain.errors import NotFound
from fp.api.databases import Database, DatabaseCreate, DatabaseDetail, DatabasePage

WithDatabase = NamedDependency[SkipValidation[databases.Database]]
_MAX_KEY_CHARS = 64
_Name = Annotated[
    str,
    QueryParameter(name="name", max_length=200, description="The database's name again, so that no other one goes."),
]
_Owner = Annotated[
    str,
    QueryParameter(name="owner", max_length=200, description="That user's alone, for administrators; beside `all`."),
]
_All = Annotated[
    bool, QueryParameter(name="all", description="Everyone's, for administrators; otherwise those of the caller.")
]


async def find_database(database: FromPath[str], request: ApiRequest, services: WithServices) -> databases.Database:
    """The database with that id or name, one that is being deleted too. Raises NotFound."""
    if len(database) > _MAX_KEY_CHARS:
        raise NotFound("database", database[:_MAX_KEY_CHARS])
    return await services.store.databases.find(request.user.scope, database, deleting=True)


FIND = {"found_database": Provide(find_database)}
"""What a router's handlers need to take `found_database: WithDatabase`."""


@get("/")
async def list_databases(
    request: ApiRequest,
    services: WithServices,
    everyone: _All = False,
    owner: _Owner = "",
    *,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> DatabasePage:
    """The caller's databases, newest first."""
    if everyone and not request.user.user.admin:
        raise ApiError("forbidden", "Only administrators see everyone's databases.", hint="Leave out `all`.")
    whose = (await _user(services, owner) if owner else None) if everyone else request.user.user.id
    page = await services.store.databases.page(whose, limit=limit, cursor=cursor)
    return DatabasePage(items=await _present(services, page.items), next=page.next)


@post("/")
async def create_database(data: JSONBody[DatabaseCreate], request: ApiRequest, services: WithServices) -> Database:
    """Make another database. An app uses it once it is bound to it in the app's settings."""
    label, user = check_label(data.label), request.user.user
    made = await services.store.databases.create(user.id, user.username, label, services.clock())
    return (await _present(services, [made]))[0]


@get("/{database:str}")
async def get_database(found_database: WithDatabase, services: WithServices) -> DatabaseDetail:
    """One database: how large it is, and which apps are bound to it."""
    shown = (await _present(services, [found_database]))[0]
    if found_database.deleting:
        return DatabaseDetail(**msgspec.structs.asdict(shown))
    sizes = await services.store.explorer.sizes(found_database)
    return DatabaseDetail(**msgspec.structs.asdict(shown), **msgspec.structs.asdict(sizes))


@delete("/{database:str}")
async def delete_database(found_database: WithDatabase, services: WithServices, name: _Name = "") -> None:
    """Delete a database with all its data, which cannot be undone; its name must be repeated.

    Answers `conflict` with the apps' names while an app is bound to it.
    """
    if name != found_database.name:
        raise ApiError(
            "invalid", "name: not the database's name; nothing was deleted.", hint="Repeat its name exactly."
        )
    await services.store.delete_database(found_database)


async def _user(services: Services, username: str) -> str:
    """The user's id. Raises NotFound."""
    if (user := await services.store.users.by_username(username)) is None:
        raise NotFound("user", username)
    return user.id


async def _present(services: Services, found: Sequence[databases.Database]) -> list[Database]:
    apps = await services.store.apps.bound_to([database.id for database in found])
    return [
        Database(
            id=database.id,
            name=database.name,
            label=database.label,
            owner=database.owner_name,
            default=database.default,
            created_at=database.created_at,
            apps=apps.get(database.id, []),
            deleting=database.deleting,
        )
        for database in found
    ]


ROUTER = Router(
    "/databases",
    dependencies=FIND,
    route_handlers=[list_databases, create_database, get_database, delete_database],
    tags=["databases"],
)
