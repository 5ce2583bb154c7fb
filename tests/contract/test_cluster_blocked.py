"""An app that may not run: it is put to sleep, nothing starts it, and it is as before once it may."""

import asyncio

import msgspec
import pytest

from cluster.base import AppBlocked, AppView, Blocked
from tests.support.node_harness import Harness, apply, get, stages, workload
from tests.support.node_ingest import until


async def block(harness: Harness, app: str, why: Blocked) -> AppView:
    """Configure it so; the view that says it."""
    await harness.cluster.configure(app, idle_minutes=15, hosts=[f"{app}.localhost"], blocked=why)
    return await harness.follower.view(app, lambda view: view.blocked == why)


@pytest.mark.parametrize("why", ["paused", "over_limit"])
async def test_an_awake_app_that_is_blocked_drains_and_is_seen_to_be_so_at_once(
    harness: Harness, app: str, why: Blocked
) -> None:
    await apply(harness.cluster, workload(app))
    before = await harness.follower.awake(app)
    slow = asyncio.create_task(get(before, "/slow"))
    await asyncio.sleep(0.1)  # the request must have begun; nothing outside can see that it has
    view = await block(harness, app, why)
    assert (view.replicas, view.upstream, view.digest) == (0, None, before.digest)
    assert not slow.done()
    assert (await slow).startswith("version 1 ")
    await until(lambda: harness.instances(app) == 0)


async def test_nothing_wakes_a_blocked_app_and_it_can_be_put_to_sleep(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await block(harness, app, "paused")
    await until(lambda: harness.instances(app) == 0)
    with pytest.raises(AppBlocked):
        await harness.cluster.scale(app, 1)
    await harness.cluster.scale(app, 0)
    await harness.cluster.gate(app, closed=False)
    assert harness.instances(app) == 0
    await block(harness, app, "")
    assert harness.follower.views[app].replicas == 0, "it sleeps until somebody wants it"
    await harness.cluster.scale(app, 1)
    assert (await get(await harness.follower.awake(app))).startswith("version 1 ")


async def test_a_version_that_is_applied_while_blocked_is_tried_and_rests(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await block(harness, app, "paused")
    checkpoints = await apply(harness.cluster, msgspec.structs.replace(workload(app, 2), blocked="paused"))
    assert stages(checkpoints) == ["start", "ready"]
    view = await harness.follower.view(app, lambda view: view.number == 2)
    assert (view.blocked, view.replicas, view.upstream) == ("paused", 0, None)
    await until(lambda: harness.instances(app) == 0)
    await block(harness, app, "")
    await harness.cluster.scale(app, 1)
    assert (await get(await harness.follower.awake(app))).startswith("version 2 ")


async def test_an_app_that_is_blocked_while_it_wakes_does_not_get_up(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await until(lambda: harness.instances(app) == 0)
    harness.checkin.hold.clear()
    try:
        await harness.cluster.scale(app, 1)
        await until(lambda: harness.instances(app) == 1)
        view = await block(harness, app, "paused")
    finally:
        harness.checkin.hold.set()
    assert view.replicas == 0
    await until(lambda: harness.instances(app) == 0)
    assert harness.follower.views[app].upstream is None


async def test_a_blocked_app_is_so_in_the_next_cluster(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await block(harness, app, "paused")
    synced = harness.follower.synced
    await harness.kill_cluster()
    await harness.restart_cluster()
    await until(lambda: harness.follower.synced > synced)
    view = harness.follower.views[app]
    assert (view.blocked, view.replicas) == ("paused", 0)
    await until(lambda: harness.instances(app) == 0)
    with pytest.raises(AppBlocked):
        await harness.cluster.scale(app, 1)
