"""The Cluster protocol when something is killed: what serves goes on serving, and what is asked next works."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from cluster.base import AppView, Unavailable, UnknownApp
from tests.support.node_harness import Follower, Harness, apply, get, stages, workload
from tests.support.node_ingest import ended, until


@pytest.fixture
async def restarted(harness: Harness) -> AsyncIterator[Harness]:
    """A cluster that a test may kill; it answers again in the end."""
    yield harness
    try:
        await harness.cluster.stats()
    except Unavailable:
        await harness.restart_cluster()


async def test_without_the_cluster_every_call_is_unavailable_and_apps_serve_on(restarted: Harness, app: str) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    before = await get(view)
    await harness.kill_cluster()
    for call in (
        harness.cluster.scale(app, 1),
        harness.cluster.gate(app, closed=True),
        harness.cluster.bundle("x", "y"),
        harness.cluster.delete(app),
        harness.cluster.stats(),
        harness.connect().stats(),
    ):
        with pytest.raises(Unavailable):
            await call
    with pytest.raises(Unavailable):
        await apply(harness.cluster, workload(app, 2))
    with pytest.raises(Unavailable):
        await anext(aiter(harness.cluster.watch()))
    assert await get(view) == before
    await harness.restart_cluster()
    assert await get(await harness.follower.awake(app)) == before


async def test_a_killed_cluster_finds_its_instances_again(restarted: Harness, app: str) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    before = await harness.follower.awake(app)
    answer = await get(before)
    failed: list[Exception] = []

    async def ask() -> None:
        async with httpx.AsyncClient(trust_env=False) as http:
            while True:
                try:
                    assert (await http.get(f"http://{before.upstream}/", timeout=5.0)).text == answer
                except (httpx.HTTPError, AssertionError) as error:
                    failed.append(error)
                await asyncio.sleep(0.005)

    asking = asyncio.create_task(ask())
    await harness.kill_cluster()
    await harness.restart_cluster()
    watcher = Follower(harness.connect())
    following = asyncio.create_task(watcher.run())
    after = await watcher.awake(app)
    await ended(asking)
    await ended(following)
    assert failed == []
    assert after == before
    assert await get(after) == answer
    await harness.cluster.scale(app, 1)
    assert harness.instances(app) == 1
    await harness.cluster.scale(app, 0)
    await until(lambda: not harness.is_alive(answer))
    await harness.cluster.scale(app, 1)
    assert await get(await harness.follower.awake(app)) != answer


async def test_a_watcher_that_was_cut_off_catches_up(restarted: Harness, app: str) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    await harness.follower.awake(app)
    cut_off, synced = harness.follower.cut_off, harness.follower.synced
    await harness.kill_cluster()
    await until(lambda: harness.follower.cut_off > cut_off)
    await harness.restart_cluster()
    await until(lambda: harness.follower.synced > synced)
    await harness.cluster.delete(app)
    await until(lambda: app not in harness.follower.views)
    with pytest.raises(UnknownApp):
        await harness.cluster.scale(app, 1)


async def test_who_is_told_that_an_instance_starts_hears_of_no_earlier_death(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    for _ in range(4):
        before = await harness.follower.awake(app)
        harness.kill_instance(await get(before))
        async with asyncio.timeout(20):
            while not await harness.cluster.scale(app, 1):
                await asyncio.sleep(0.005)
        told = len(harness.follower.events)
        # The answer may be here before the view that says so: what is known now can still be the instance that died.
        await harness.follower.awake(app, after=before)
        since = [event for event in harness.follower.events[told:] if isinstance(event, AppView)]
        assert [event.failure for event in since if event.app == app and event.failure] == []


async def test_an_instance_that_died_while_the_cluster_was_away_is_not_taken_for_alive(
    restarted: Harness, app: str
) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    answer = await get(await harness.follower.awake(app))
    await harness.kill_cluster()
    harness.kill_instance(answer)
    await until(lambda: not harness.is_alive(answer))
    synced = harness.follower.synced
    await harness.restart_cluster()
    await until(lambda: harness.follower.synced > synced)
    if harness.is_local:
        assert harness.follower.views[app].upstream is None
    else:  # a watch goes on where it was cut off, and comes to the death a moment later
        await harness.follower.view(app, lambda view: view.upstream is None and view.replicas == 0)
    await harness.cluster.scale(app, 1)
    assert await get(await harness.follower.awake(app)) != answer


async def test_a_deploy_that_the_cluster_died_in_leaves_the_old_version(restarted: Harness, app: str) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    answer = await get(await harness.follower.awake(app))
    deploying = asyncio.create_task(apply(harness.cluster, workload(app, 2, "import time\ntime.sleep(30)\n")))
    await until(lambda: harness.instances(app) == 2)
    # The cluster must know of the process it started, else it is a stray that is refused when it checks in.
    await until(lambda: _known(harness, app) == 2)
    await harness.kill_cluster()
    with pytest.raises(Unavailable):
        await deploying
    await harness.restart_cluster()
    view = await harness.follower.view(app, lambda view: view.number == 1 and view.upstream)
    assert await get(view) == answer
    if harness.is_local:  # elsewhere it waits for who goes on with the deploy, and is replaced by the next
        await until(lambda: harness.instances(app) == 1)
    await apply(harness.cluster, workload(app, 3))
    assert (await get(await harness.follower.view(app, lambda view: view.number == 3))).startswith("version 3 ")


async def test_a_wake_survives_the_death_of_the_cluster(restarted: Harness, app: str) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await until(lambda: harness.traces(app) and _known(harness, app) == 0)
    harness.checkin.hold.clear()
    try:
        await harness.cluster.scale(app, 1)
        await until(lambda: _known(harness, app) == 1)
        await harness.kill_cluster()
        await harness.restart_cluster()
        assert harness.instances(app) == 1
    finally:
        harness.checkin.hold.set()
    await get(await harness.follower.awake(app))
    assert harness.instances(app) == 1


async def test_what_was_configured_is_still_so_in_the_next_cluster(restarted: Harness, app: str) -> None:
    harness = restarted
    await apply(harness.cluster, workload(app))
    await harness.cluster.configure(app, idle_minutes=7, hosts=["seven.localhost"], blocked="")
    before = await harness.follower.view(app, lambda view: view.idle_minutes == 7)
    synced = harness.follower.synced
    await harness.kill_cluster()
    await harness.restart_cluster()
    await until(lambda: harness.follower.synced > synced)
    assert harness.follower.views[app] == before


async def test_without_its_starter_apps_serve_and_the_next_wake_works(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    before = await get(view)
    await harness.kill_starter()
    assert await get(view) == before
    await harness.cluster.scale(app, 0)
    await harness.cluster.scale(app, 1)
    after = await harness.follower.awake(app, after=view)
    assert await get(after) != before
    await until(lambda: not harness.is_alive(before))


async def test_a_wake_asked_for_at_the_moment_the_starter_dies_happens_once(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await until(lambda: harness.instances(app) == 0)
    killing = asyncio.create_task(harness.kill_starter())
    await harness.cluster.scale(app, 1)
    await killing
    await get(await harness.follower.awake(app))
    await until(lambda: harness.instances(app) == 1)


async def test_a_killed_instance_is_noticed_and_the_next_wake_works(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    before = await get(await harness.follower.awake(app))
    harness.kill_instance(before)
    began = time.monotonic()
    await harness.follower.view(app, lambda view: view.upstream is None and view.failure, 5.0)
    assert time.monotonic() - began < 1.0
    dead = await harness.follower.view(app, lambda view: view.failure and view.failure.code == "killed")
    assert dead.replicas == 0
    assert dead.failure is not None
    assert (dead.failure.code, "SIGKILL" in dead.failure.message) == ("killed", True)
    await harness.cluster.scale(app, 1)
    alive = await harness.follower.awake(app)
    assert alive.failure is None
    assert await get(alive) != before


async def test_an_orphan_of_a_dead_starter_still_says_how_it_ended(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    await harness.kill_starter()
    with pytest.raises(httpx.HTTPError):
        await get(view, "/exit")
    await harness.follower.view(app, lambda view: view.failure and "code 3" in view.failure.message)


async def test_the_same_version_is_started_again_when_it_had_failed(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    harness.kill_instance(await get(await harness.follower.awake(app)))
    await harness.follower.view(app, lambda view: view.failure)
    checkpoints = await apply(harness.cluster, workload(app))
    assert stages(checkpoints) == ["start", "ready"]
    await get(await harness.follower.awake(app))


def _known(harness: Harness, app: str) -> int:
    """Instances that the cluster would find again."""
    if not harness.is_local:
        return harness.instances(app)
    return sum(trace.endswith("instance.json") for trace in harness.traces(app))
