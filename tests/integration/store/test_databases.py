"""Users' databases: made once, usable by their owner alone, nothing of the password in clear."""

import asyncio
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from control.domain.accounts import User
from control.domain.clock import utc_now
from control.domain.databases import MAX_DATABASES, Database, check_label
from control.domain.errors import Conflict, Invalid, NotFound, SecretUnreadable
from control.store import Store, open_store
from tests.support.control_mongo import MongoServer, make_app


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


async def test_another_database_is_ready_has_a_label_and_is_not_the_default(store: Store, ada: User) -> None:
    made = await store.databases.create(ada.id, ada.username, "Shop data", utc_now())
    default = await store.databases.default_of(ada.id, ada.username, utc_now())
    assert (made.label, made.default, made.ready, made.owner_name) == ("Shop data", False, True, "ada")
    assert default.id != made.id
    async with AsyncMongoClient[dict[str, Any]](store.databases.uri(made)) as client:
        await client.get_default_database()["notes"].insert_one({})


async def test_many_at_once_never_make_more_than_the_limit(store: Store, ada: User) -> None:
    """Whoever is refused leaves nothing behind."""
    asked = (store.databases.create(ada.id, ada.username, "", utc_now()) for _ in range(MAX_DATABASES + 5))
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(one, Database | Conflict) for one in ended)
    while len(await store.databases.of_owner(ada.id)) < MAX_DATABASES:
        await store.databases.create(ada.id, ada.username, "", utc_now())
    with pytest.raises(Conflict, match="You have 10 databases"):
        await store.databases.create(ada.id, ada.username, "", utc_now())
    assert len(await store.databases.of_owner(ada.id)) == MAX_DATABASES
    await store.databases.create("somebody-else", "bob", "", utc_now())


async def test_a_record_from_before_labels_is_read(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    database = await store.databases.default_of(ada.id, ada.username, utc_now())
    records = mongo["platform"]["databases"]
    await records.update_one({"_id": database.id}, {"$unset": {"label": "", "deleting": ""}})
    assert await store.databases.get(database.id) == database


async def test_found_by_id_or_name_within_a_scope(store: Store, ada: User) -> None:
    database = await store.databases.default_of(ada.id, ada.username, utc_now())
    for owner in (ada.id, None):
        for key in (database.id, database.name):
            assert await store.databases.find(owner, key) == database
    for owner, key in ((ada.id, "nothing"), ("other", database.id), ("other", database.name)):
        with pytest.raises(NotFound):
            await store.databases.find(owner, key)


async def test_a_database_left_half_made_is_finished_when_it_is_found(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    database = await store.databases.create(ada.id, ada.username, "", utc_now())
    await mongo[database.name].command("dropUser", database.name)
    await mongo["platform"]["databases"].update_one({"_id": database.id}, {"$set": {"ready": False}})
    found = await store.databases.find(ada.id, database.name)
    assert found.ready
    assert (await store.explorer.sizes(found)).objects == 0


async def test_a_database_that_an_app_is_bound_to_is_not_dropped(store: Store, ada: User) -> None:
    database = await store.databases.default_of(ada.id, ada.username, utc_now())
    apps = [await make_app(store, ada, name) for name in ("todo", "notes", "other")]
    for app in apps[:2]:
        await store.apps.bind(app.id, database.id, utc_now())
    assert await store.apps.bound_to([database.id, "none"]) == {database.id: ["notes", "todo"]}
    with pytest.raises(Conflict, match="notes, todo"):
        await store.delete_database(database)
    assert await store.databases.find(ada.id, database.id) == database
    await store.apps.delete(apps[0].id, utc_now())
    await store.apps.delete(apps[1].id, utc_now())
    await store.delete_database(database)
    assert await store.databases.of_owner(ada.id) == []


async def test_an_app_bound_while_the_deletion_begins_keeps_its_database(
    store: Store, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is taken back, data and rights are there, and it is the default again."""
    database = await store.databases.default_of(ada.id, ada.username, utc_now())
    app = await make_app(store, ada, "todo")
    begin = store.databases.begin_delete

    async def bound_meanwhile(database_id: str) -> None:
        await begin(database_id)
        await store.apps.bind(app.id, database_id, utc_now())

    monkeypatch.setattr(store.databases, "begin_delete", bound_meanwhile)
    with pytest.raises(Conflict, match="todo"):
        await store.delete_database(database)
    assert await store.databases.find(ada.id, database.id) == database
    assert (await store.explorer.sizes(database)).collections == 0


async def test_a_deletion_that_was_cut_short_binds_nobody_and_can_be_finished(store: Store, ada: User) -> None:
    database = await store.databases.default_of(ada.id, ada.username, utc_now())
    await store.databases.begin_delete(database.id)
    with pytest.raises(NotFound):
        await store.databases.find(ada.id, database.id)
    assert (await store.databases.default_of(ada.id, ada.username, utc_now())).id != database.id
    await store.delete_database(await store.databases.find(ada.id, database.id, deleting=True))
    with pytest.raises(NotFound):
        await store.databases.get(database.id)


async def test_the_explorers_client_of_a_deleted_database_is_closed(store: Store, ada: User) -> None:
    database = await store.databases.create(ada.id, ada.username, "", utc_now())
    before = store.explorer.connections.open
    await store.explorer.sizes(database)
    assert store.explorer.connections.open == before + 1
    await store.delete_database(database)
    assert store.explorer.connections.open == before


@pytest.mark.parametrize("label", ["x" * 61, "a\nb", "a\0b", "\ud800", "\u202e" * 3])
def test_labels_are_one_line_of_text(label: str) -> None:
    with pytest.raises(Invalid, match="label"):
        check_label(label)
    assert check_label("  Büro 1 ") == "Büro 1"
