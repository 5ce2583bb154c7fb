"""Users' databases: each with a MongoDB user of its own that has rights on it alone.

A database exists in three steps, each safe to repeat and to race: the record (a unique index allows one default
database a user), the MongoDB user with the record's password, the mark that it is ready. Whoever finds the record
before it is ready does the remaining steps again; the password is the record's, so both end the same.
"""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import OperationFailure

from control.domain.databases import MAX_DATABASES, Database, database_name
from control.domain.errors import Conflict, NotFound
from control.domain.ids import new_id
from control.domain.pages import Page
from control.store.errors import Duplicate, translated
from control.store.mapping import Collection, Document
from control.store.paging import read_page
from control.store.secrets import SecretBox

_USER_EXISTS = 51003
_USER_NOT_FOUND = 11


class Databases:
    """Collection `databases`, and the MongoDB users that belong to it."""

    def __init__(self, raw: Any, client: AsyncMongoClient[Document], box: SecretBox, mongo_uri: str) -> None:
        self._databases = Collection(raw, Database)
        self._client = client
        self._box = box
        self._mongo_uri = mongo_uri

    async def get(self, database_id: str) -> Database:
        """Raises NotFound."""
        database = await self._databases.find_one({"_id": database_id})
        if database is None:
            raise NotFound("database", database_id)
        return database

    async def find(self, owner: str | None, key: str, *, deleting: bool = False) -> Database:
        """The user's database with that id or name (owner null: anybody's), ready to be used.

        One that is being deleted is only found with `deleting`, and not made ready. Raises NotFound.
        """
        query: Document = {"$or": [{"_id": key}, {"name": key}]}
        if owner is not None:
            query["owner"] = owner
        database = await self._databases.find_one(query)
        if database is None or (database.deleting and not deleting):
            raise NotFound("database", key)
        return database if database.ready or database.deleting else await self._make_ready(database)

    async def page(self, owner: str | None, *, limit: int = 50, cursor: str | None = None) -> Page[Database]:
        """The databases of a user (null: of everyone), newest first. Raises BadCursor."""
        query: Document = {} if owner is None else {"owner": owner}
        return await read_page(self._databases, query, order=("created_at", "_id"), limit=limit, cursor=cursor)

    async def of_owner(self, user_id: str) -> list[Database]:
        """The user's databases, oldest first."""
        return [d async for d in self._databases.find({"owner": user_id}, sort=[("created_at", 1)])]

    async def of_ids(self, database_ids: list[str]) -> dict[str, Database]:
        """Those of these databases that exist, by id."""
        return {d.id: d async for d in self._databases.find({"_id": {"$in": database_ids}})}

    async def default_of(self, user_id: str, username: str, now: datetime) -> Database:
        """The user's default database, made on first use, with its MongoDB user; ready."""
        query: Document = {"owner": user_id, "default": True}
        database = await self._databases.find_one(query)
        if database is None:
            try:
                database = await self._record(user_id, username, now, default=True)
            except Duplicate:
                database = await self._databases.find_one(query)
        if database is None:
            raise NotFound("database", user_id)
        return database if database.ready else await self._make_ready(database)

    async def create(self, user_id: str, username: str, label: str, now: datetime) -> Database:
        """Another database of the user, ready. Raises Conflict when there are MAX_DATABASES already."""
        database = await self._record(user_id, username, now, label=label)
        with translated():
            count = await self._databases.raw.count_documents({"owner": user_id})
        if count > MAX_DATABASES:
            # Counted after the insert, so that two at once cannot both take the last place.
            await self._databases.remove({"_id": database.id})
            raise Conflict(
                f"You have {MAX_DATABASES} databases, the most there may be; delete one that you do not need."
            )
        return await self._make_ready(database)

    async def begin_delete(self, database_id: str) -> None:
        """From now on no app is bound to it, and it is nobody's default. Raises NotFound."""
        update = {"$set": {"deleting": True, "default": False}, "$currentDate": {"deleting_at": True}}
        if not await self._databases.update({"_id": database_id}, update):
            raise NotFound("database", database_id)

    async def end_delete(self, database: Database) -> None:
        """Takes `begin_delete` back; `database` is the record as it was before."""
        update: Document = {"$set": {"deleting": False, "default": database.default}, "$unset": {"deleting_at": True}}
        try:
            await self._databases.update({"_id": database.id}, update)
        except Duplicate:
            update["$set"] = {"deleting": False}
            await self._databases.update({"_id": database.id}, update)

    async def left_deleting(self, before: datetime) -> list[Database]:
        """Those whose deletion began before then and is not over, which is to say that it was cut short."""
        return [one async for one in self._databases.find({"deleting": True, "deleting_at": {"$lt": before}})]

    async def delete(self, database_id: str) -> None:
        """Drops the database with all its data, its MongoDB user and the record. Raises NotFound."""
        database = await self.get(database_id)
        with translated():
            try:
                # The user first: who is still connected writes nothing more.
                await self._client[database.name].command("dropUser", database.name)
            except OperationFailure as error:
                if error.code != _USER_NOT_FOUND:
                    raise
            await self._client.drop_database(database.name)
        await self._databases.remove({"_id": database_id})

    def uri(self, database: Database) -> str:
        """The URI for apps: the platform's MongoDB address with the database's own credentials. Raises SecretUnreadable."""
        password = self._box.open(database.password, purpose(database.id))
        return app_uri(self._mongo_uri, database.name, password)

    async def _record(
        self, user_id: str, username: str, now: datetime, *, default: bool = False, label: str = ""
    ) -> Database:
        database_id = new_id()
        password = self._box.seal(secrets.token_urlsafe(24), purpose(database_id))
        database = Database(
            id=database_id,
            owner=user_id,
            name=database_name(username),
            password=password,
            created_at=now,
            default=default,
            label=label,
        )
        await self._databases.insert(database)
        return database

    async def _make_ready(self, database: Database) -> Database:
        password = self._box.open(database.password, purpose(database.id))
        rights: Document = {"pwd": password, "roles": [{"role": "readWrite", "db": database.name}]}
        with translated():
            commands = self._client[database.name]
            try:
                await commands.command("createUser", database.name, **rights)
            except OperationFailure as error:
                if error.code != _USER_EXISTS:
                    raise
                await commands.command("updateUser", database.name, **rights)
        await self._databases.update({"_id": database.id}, {"$set": {"ready": True}})
        return msgspec.structs.replace(database, ready=True)


def app_uri(mongo_uri: str, name: str, password: str) -> str:
    """A URI for the MongoDB user `name` of the database `name`, at the address of `mongo_uri`.

    Options of `mongo_uri` stay (TLS, replica set, read preference) but who and where to log in. One address without a
    replica set's name is connected to directly, which saves an app the discovery at each start.
    """
    parts = urlsplit(mongo_uri)
    hosts = parts.netloc.rpartition("@")[2]
    options = {key: value for key, value in parse_qsl(parts.query) if key not in {"authSource", "authMechanism"}}
    options["authSource"] = name
    if parts.scheme == "mongodb" and "," not in hosts and "replicaSet" not in options:
        options["directConnection"] = "true"
    return f"{parts.scheme}://{quote(name, safe='')}:{quote(password, safe='')}@{hosts}/{name}?{urlencode(options)}"


def purpose(database_id: str) -> str:
    """What a database's password is sealed for."""
    return f"database:{database_id}"
