"""An account that is deleted takes all it has along: its app leaves the cluster, its database MongoDB; others' stay."""

from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from cluster.base import Limits
from control.domain.accounts import TOMBSTONE, User
from control.domain.clock import utc_now
from control.domain.errors import NotFound
from control.domain.ids import new_id
from control.lifecycle.closing import LONGEST_DELETE, close_account
from control.lifecycle.reconcile import Reconciler
from control.lifecycle.views import ClusterViews
from control.lifecycle.workload import Recipe
from control.store import Store
from tests.support.control_mongo import MongoServer, make_app
from tests.support.control_node import Node, awake, deployed, worker_loops

USES_DATABASE = """
import os

from fastapi import FastAPI
from pymongo import MongoClient

MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()["notes"].insert_one({"text": "mine"})
app = FastAPI()
"""
RECIPE = Recipe("localhost", Limits(start_seconds=10.0))


async def test_nothing_of_a_deleted_account_is_left(
    store: Store,
    ada: User,
    node: Node,
    views: ClusterViews,
    control_mongod: MongoServer,
    mongo: AsyncMongoClient[dict[str, Any]],
) -> None:
    bob = await store.users.create(
        User(id=new_id(), username="bob", password_hash="x", admin=False, created_at=utc_now())
    )
    app, kept = await make_app(store, bob), await make_app(store, ada)
    async with worker_loops(store, node, node.settings(control_mongod)):
        deploy = await deployed(store, app, {"app.py": USES_DATABASE})
        assert deploy.status == "succeeded", deploy.findings
    await awake(views, app, 1)
    (database,) = await store.databases.of_owner(bob.id)
    assert database.name in await mongo.list_database_names()
    uri = store.databases.uri(database)

    await close_account(store, bob.id, utc_now())
    await Reconciler(store, node.cluster, views, RECIPE, utc_now).run_once()

    await views.until(app.id, lambda view: view is None)
    assert await store.apps.deleted() == []
    assert await store.drafts.of_apps([app.id]) == {}
    assert await store.databases.of_owner(bob.id) == []
    assert database.name not in await mongo.list_database_names()
    async with AsyncMongoClient[dict[str, Any]](uri) as theirs:
        with pytest.raises(OperationFailure):
            await theirs[database.name]["notes"].find_one()
    assert [left.id for left in await store.apps.living()] == [kept.id]
    # The nameless rest goes a while later, in any pass.
    assert [user.username for user in await store.users.deleted()] == [f"~{bob.id}"]
    later = Reconciler(store, node.cluster, views, RECIPE, lambda: utc_now() + TOMBSTONE)
    await later.run_once()
    assert await store.users.deleted() == []
    with pytest.raises(NotFound):
        await store.users.get(bob.id)


async def test_a_databases_deletion_that_was_cut_short_is_finished(
    store: Store, ada: User, node: Node, views: ClusterViews, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    """One that began a moment ago is left to whoever deletes it; one that an app is bound to is kept after all."""
    begun, bound = [await store.databases.create(ada.id, "ada", label, utc_now()) for label in ("begun", "bound")]
    await mongo[begun.name]["notes"].insert_one({"text": "old"})
    app = await make_app(store, ada)
    await store.apps.bind(app.id, bound.id, utc_now())
    for database in (begun, bound):
        await store.databases.begin_delete(database.id)

    await Reconciler(store, node.cluster, views, RECIPE, utc_now).run_once()
    assert {one.id for one in await store.databases.of_owner(ada.id) if one.deleting} == {begun.id, bound.id}

    later = Reconciler(store, node.cluster, views, RECIPE, lambda: utc_now() + 2 * LONGEST_DELETE)
    await later.run_once()
    assert {one.id: one.deleting for one in await store.databases.of_owner(ada.id)} == {bound.id: False}
    assert begun.name not in await mongo.list_database_names()
