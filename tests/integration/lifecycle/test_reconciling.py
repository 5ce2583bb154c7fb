"""The cluster follows the documents: what is lost comes back, what is too much goes, what is right is left alone."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pymongo import AsyncMongoClient

from cluster.base import Limits
from control.domain.accounts import User
from control.domain.apps import UNDO_HOURS, App
from control.domain.clock import utc_now
from control.domain.deploys import Source
from control.domain.errors import NotFound
from control.domain.status import status_of
from control.lifecycle.reconcile import Reconciler, pause_after
from control.lifecycle.views import ClusterViews
from control.lifecycle.workload import Recipe
from control.store import Store
from tests.support.control_mongo import MongoServer, make_app
from tests.support.control_node import WAIT_SECONDS, Node, awake, deployed, get, worker_loops

HELLO = {
    "app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root():\n    return 'hello'\n"
}
RECIPE = Recipe("localhost", Limits(start_seconds=10.0))


@pytest.fixture
def reconciler(store: Store, node: Node, views: ClusterViews) -> Reconciler:
    return Reconciler(store, node.cluster, views, RECIPE, utc_now)


@pytest.fixture
async def live(store: Store, ada: User, node: Node, views: ClusterViews, control_mongod: MongoServer) -> App:
    """A deployed app; no loop runs any more."""
    app = await make_app(store, ada)
    async with worker_loops(store, node, node.settings(control_mongod)):
        deploy = await deployed(store, app, HELLO)
        assert deploy.status == "succeeded", deploy.findings
    await awake(views, app, 1)
    return await store.apps.get(app.id)


async def gone(views: ClusterViews, app: App) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        await views.until(app.id, lambda view: view is None)


async def test_what_is_as_it_should_be_is_left_alone(live: App, reconciler: Reconciler, views: ClusterViews) -> None:
    before = views.get(live.id)
    assert await reconciler.run_once() == 0
    assert views.get(live.id) == before


async def test_a_sleeping_app_is_not_woken(live: App, reconciler: Reconciler, views: ClusterViews, node: Node) -> None:
    await node.cluster.scale(live.id, 0)
    async with asyncio.timeout(WAIT_SECONDS):
        view = await views.until(live.id, lambda v: v is not None and v.replicas == 0 and v.upstream is None)
    assert await reconciler.run_once() == 0
    assert views.get(live.id) == view
    assert status_of(live, None, view) == "sleeping"


async def test_an_app_that_the_cluster_lost_comes_back(
    live: App, reconciler: Reconciler, views: ClusterViews, node: Node
) -> None:
    await node.cluster.delete(live.id)
    await gone(views, live)
    assert await reconciler.run_once() == 1
    assert (await get(await awake(views, live, 1))).json() == "hello"
    assert await reconciler.run_once() == 0


async def test_a_new_idle_time_reaches_the_cluster_without_a_new_instance(
    live: App, reconciler: Reconciler, views: ClusterViews, store: Store
) -> None:
    before = views.get(live.id)
    assert before is not None
    await store.apps.set_idle_minutes(live.id, 3, utc_now())
    assert await reconciler.run_once() == 1
    async with asyncio.timeout(WAIT_SECONDS):
        after = await views.until(live.id, lambda view: view is not None and view.idle_minutes == 3)
    assert after == msgspec.structs.replace(before, idle_minutes=3)
    assert await reconciler.run_once() == 0


async def test_an_app_without_a_document_is_taken_out_of_the_cluster(
    live: App, reconciler: Reconciler, views: ClusterViews, store: Store
) -> None:
    await store.apps.delete(live.id, utc_now())
    await store.purge_app(live.id)
    assert await reconciler.run_once() == 1
    await gone(views, live)


async def test_a_deleted_app_stops_at_once_and_is_purged_a_day_later(
    live: App, reconciler: Reconciler, views: ClusterViews, store: Store, node: Node
) -> None:
    await store.apps.delete(live.id, utc_now())
    await reconciler.run_once()
    await gone(views, live)
    assert [app.id for app in await store.apps.deleted()] == [live.id]
    tomorrow = Reconciler(store, node.cluster, views, RECIPE, lambda: utc_now() + timedelta(hours=UNDO_HOURS))
    await tomorrow.run_once()
    assert await store.apps.deleted() == []
    with pytest.raises(NotFound):
        await store.drafts.get(live.id)


async def test_an_app_that_is_had_back_runs_again(
    live: App, reconciler: Reconciler, views: ClusterViews, store: Store
) -> None:
    await store.apps.delete(live.id, utc_now())
    await reconciler.run_once()
    await gone(views, live)
    await store.apps.undelete(live.id, None, utc_now())
    assert await reconciler.run_once() == 1
    assert (await get(await awake(views, live, 1))).json() == "hello"


async def test_an_app_under_deploy_is_left_to_its_deploy(
    live: App, reconciler: Reconciler, views: ClusterViews, node: Node, store: Store
) -> None:
    draft = await store.drafts.get(live.id)
    await store.request_deploy(live, "ada", Source(draft.files, draft.entrypoint), utc_now())
    await node.cluster.delete(live.id)
    await gone(views, live)
    assert await reconciler.run_once() == 0


async def test_an_app_that_cannot_be_applied_is_noted_and_rests_longer_each_time(
    live: App, views: ClusterViews, node: Node, store: Store
) -> None:
    """The live version needs longer to start than it now may."""
    now = utc_now()
    hasty = Reconciler(store, node.cluster, views, Recipe("localhost", Limits(start_seconds=0.001)), lambda: now)
    assert await hasty.run_once() == 1
    app = await store.apps.get(live.id)
    assert app.trouble is not None
    assert app.trouble.count == 1
    assert await hasty.run_once() == 0
    later = Reconciler(
        store,
        node.cluster,
        views,
        Recipe("localhost", Limits(start_seconds=0.001)),
        lambda: now + pause_after(1) + timedelta(seconds=1),
    )
    assert await later.run_once() == 1
    assert ((await store.apps.get(live.id)).trouble or app.trouble).count == 2
    assert (await get(await awake(views, live, 1))).json() == "hello"
    patient = Reconciler(store, node.cluster, views, RECIPE, lambda: now + timedelta(days=1))
    assert await patient.run_once() == 0


async def test_views_survive_the_nodes_death_and_know_what_went_meanwhile(
    live: App, views: ClusterViews, node: Node
) -> None:
    assert views.connected
    await node.process.kill()
    async with asyncio.timeout(WAIT_SECONDS):
        while views.connected:
            await asyncio.sleep(0.01)
    assert views.get(live.id) is not None
    await node.process.start()
    async with asyncio.timeout(WAIT_SECONDS):
        await views.synced()
    assert list(views.all) == [live.id]
    assert (await get(await awake(views, live, 1))).json() == "hello"


async def test_a_password_that_cannot_be_read_stops_that_app_only(
    *, live: App, reconciler: Reconciler, views: ClusterViews, store: Store, mongo: AsyncMongoClient[dict[str, Any]],
    node: Node, control_mongod: MongoServer,
) -> None:  # fmt: skip
    """The app keeps running as it is, its deploy says why it cannot go on, and another user's app is still brought back."""
    bob = await store.users.create(User(id="bob1", username="bob", password_hash="", admin=False, created_at=utc_now()))
    other = await make_app(store, bob)
    async with worker_loops(store, node, node.settings(control_mongod)):
        assert (await deployed(store, other, HELLO)).status == "succeeded"
        touched = {"$set": {"password.key": "00000000"}}
        await mongo["platform"]["databases"].update_one({"_id": live.database}, touched)
        failed = await deployed(store, live, HELLO)
    assert [finding.code for finding in failed.findings] == ["secret_unreadable"]
    await node.cluster.delete(other.id)
    await gone(views, other)
    assert await reconciler.run_once() >= 1
    await awake(views, other, 1)
    assert (await get(await awake(views, live, 1))).json() == "hello"
