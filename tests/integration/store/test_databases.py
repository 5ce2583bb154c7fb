"""Users' databases: made once, usable by their owner alone, nothing of the password in clear."""

import asyncio
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from control.domain.accounts import User
from control.domain.clock import utc_now
from control.domain.errors import NotFound, SecretUnreadable
from control.store import Store, open_store
from tests.support.control_mongo import MongoServer


async def test_a_database_asked_for_by_many_at_once_is_made_once_and_works(store: Store, ada: User) -> None:
    made = await asyncio.gather(*(store.databases.default_of(ada.id, ada.username, utc_now()) for _ in range(6)))
    assert len({database.id for database in made}) == 1
    assert len(await store.databases.of_owner(ada.id)) == 1
    async with AsyncMongoClient[dict[str, Any]](store.databases.uri(made[0])) as client:
        notes = client.get_default_database()["notes"]
        await notes.insert_one({"_id": 1, "text": "hello"})
        await notes.create_index("text")
        assert await notes.find_one() == {"_id": 1, "text": "hello"}
        await notes.drop()


async def test_a_users_credentials_open_no_other_database(store: Store, ada: User) -> None:
    """Not the platform's, not another user's, not the list of them, and no command of an administrator."""
    mine = await store.databases.default_of(ada.id, "ada", utc_now())
    theirs = await store.databases.default_of("other-user", "bob", utc_now())
    async with AsyncMongoClient[dict[str, Any]](store.databases.uri(mine)) as client:
        for name in ("platform", theirs.name, "admin", "local", "config"):
            with pytest.raises(OperationFailure, match="not authorized"):
                await client[name]["users"].find_one()
            with pytest.raises(OperationFailure, match="not authorized"):
                await client[name]["users"].insert_one({})
        for command in ("usersInfo", "replSetGetConfig", "serverStatus", "currentOp"):
            with pytest.raises(OperationFailure, match="not authorized"):
                await client.admin.command(command, 1)
        assert theirs.name not in await client.list_database_names()


async def test_a_database_left_half_made_is_finished_by_the_next_who_asks(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    database = await store.databases.default_of(ada.id, "ada", utc_now())
    await mongo[database.name].command("updateUser", database.name, pwd="something else", roles=[])
    await mongo["platform"]["databases"].update_one({"_id": database.id}, {"$set": {"ready": False}})
    again = await store.databases.default_of(ada.id, "ada", utc_now())
    assert again == database
    async with AsyncMongoClient[dict[str, Any]](store.databases.uri(again)) as client:
        await client.get_default_database()["notes"].insert_one({})


async def test_a_deleted_database_is_gone_with_its_user(store: Store, ada: User) -> None:
    database = await store.databases.default_of(ada.id, "ada", utc_now())
    uri = store.databases.uri(database)
    await store.databases.delete(database.id)
    with pytest.raises(NotFound):
        await store.databases.get(database.id)
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        with pytest.raises(OperationFailure, match="Authentication failed"):
            await client.get_default_database()["notes"].find_one()


async def test_the_password_is_nowhere_in_the_platforms_database(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    database = await store.databases.default_of(ada.id, "ada", utc_now())
    password = store.databases.uri(database).split(":")[2].partition("@")[0]
    assert len(password) >= 24
    assert password not in str(await mongo["platform"]["databases"].find_one({"_id": database.id}))


async def test_another_secret_key_cannot_read_it_and_says_so(
    store: Store, ada: User, control_mongod: MongoServer
) -> None:
    database = await store.databases.default_of(ada.id, "ada", utc_now())
    async with open_store(control_mongod.uri, b"k" * 32) as other:
        with pytest.raises(SecretUnreadable, match="FP_SECRET_KEY"):
            other.databases.uri(await other.databases.get(database.id))
