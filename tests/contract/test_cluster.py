"""The Cluster protocol, sentence by sentence, over every implementation: versions, scaling, the gate, tickets, deletion."""

import asyncio

import httpx
import pytest

from cluster.base import (
    AppGone,
    AppView,
    DeployFailed,
    Failure,
    InstanceReport,
    Limits,
    Synced,
    UnknownApp,
    UnknownTicket,
)
from tests.support.node_harness import Follower, Harness, apply, get, stages, workload
from tests.support.node_ingest import ended, until

BROKEN = "import nothing_of_that_name\n"
_GATE = {True: lambda view: view.closed, False: lambda view: not view.closed}
SLEEPER = "import time\ntime.sleep(30)\n"


async def test_apply_tells_start_then_ready_and_the_version_serves(harness: Harness, app: str) -> None:
    checkpoints = await apply(harness.cluster, workload(app))
    assert stages(checkpoints) == ["start", "ready"]
    assert all(checkpoint.message for checkpoint in checkpoints)
    view = await harness.follower.awake(app)
    assert (view.version, view.number, view.digest, view.replicas, view.closed) == ("v1", 1, f"{app}-1", 1, False)
    assert view.hosts == [f"{app}.localhost"]
    assert view.instance
    assert view.ticket
    assert view.failure is None
    assert (await get(view)).endswith("env hello")


async def test_an_app_is_unknown_until_its_first_version_is_live(harness: Harness, app: str) -> None:
    harness.checkin.hold.clear()
    try:
        deploying = asyncio.create_task(apply(harness.cluster, workload(app)))
        await until(lambda: harness.instances(app) == 1)
        assert app not in harness.follower.views
        with pytest.raises(UnknownApp):
            await harness.cluster.scale(app, 1)
    finally:
        harness.checkin.hold.set()
    await deploying
    await harness.follower.awake(app)


async def test_the_same_digest_again_ends_at_once_and_starts_nothing(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    before = await harness.follower.awake(app)
    assert await apply(harness.cluster, workload(app)) == []
    assert harness.follower.views[app] == before


async def test_the_same_digest_on_a_sleeping_app_does_not_wake_it(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await harness.follower.view(app, lambda view: view.replicas == 0)
    assert await apply(harness.cluster, workload(app)) == []
    await until(lambda: harness.instances(app) == 0)
    assert harness.follower.views[app].replicas == 0


async def test_two_callers_of_the_same_version_share_one_start(harness: Harness, app: str) -> None:
    before = len(harness.checkin.reported)
    first, second = await asyncio.gather(apply(harness.cluster, workload(app)), apply(harness.connect(), workload(app)))
    assert first[0] == second[0]
    assert first[-1] == second[-1]
    assert len(harness.checkin.reported) == before + 1


async def test_a_sleeping_app_is_awake_on_the_new_version_after_a_deploy(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await apply(harness.cluster, workload(app, 2))
    view = await harness.follower.view(app, lambda view: view.upstream and view.number == 2)
    assert (await get(view)).startswith("version 2 ")


async def test_no_request_fails_while_versions_change(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.follower.awake(app)
    answers: list[str] = []

    async def ask() -> None:
        async with httpx.AsyncClient(trust_env=False) as http:
            while True:
                answer = await http.get(f"http://{harness.follower.views[app].upstream}/", timeout=5.0)
                answers.append(answer.raise_for_status().text)

    asking = [asyncio.create_task(ask()) for _ in range(2)]
    for number in (2, 3, 4):
        seen = len(answers)
        await until(lambda seen=seen: len(answers) > seen + 20)
        await apply(harness.cluster, workload(app, number))
    await until(lambda: answers[-1].startswith("version 4 "))
    for task in asking:
        assert not task.done()
        await ended(task)
    assert [answers[0].split()[1], answers[-1].split()[1]] == ["1", "4"]
    await until(lambda: harness.instances(app) == 1)


@pytest.mark.parametrize(
    ("code", "expected"),
    [(BROKEN, "import_failed"), ("x = 1\n", "no_app"), ("import os\nos._exit(7)\n", "exited")],
    ids=["import", "no app", "exits"],
)
async def test_a_version_that_does_not_start_leaves_the_old_one_serving(
    harness: Harness, app: str, code: str, expected: str
) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    before = await get(view)
    with pytest.raises(DeployFailed) as failed:
        await apply(harness.cluster, workload(app, 2, code))
    assert failed.value.failure.code == expected
    assert str(failed.value) == failed.value.failure.message
    assert harness.follower.views[app] == view
    assert await get(view) == before
    await until(lambda: harness.instances(app) == 1)


async def test_a_failure_points_at_the_line(harness: Harness, app: str) -> None:
    with pytest.raises(DeployFailed) as failed:
        await apply(harness.cluster, workload(app, 1, "x = 1\n" + BROKEN))
    assert (failed.value.failure.file, failed.value.failure.line) == ("app.py", 2)
    with pytest.raises(UnknownApp):
        await harness.cluster.scale(app, 1)


async def test_an_exit_before_ready_says_the_code(harness: Harness, app: str) -> None:
    code = "import os\nos.write(2, b'no licence found\\n')\nos._exit(7)\n"
    with pytest.raises(DeployFailed) as failed:
        await apply(harness.cluster, workload(app, 1, code))
    assert "code 7" in failed.value.failure.message
    assert "no licence found" in (failed.value.failure.traceback or "")


async def test_a_version_that_never_gets_ready_is_given_up(harness: Harness, app: str) -> None:
    stuck = workload(app, 1, SLEEPER, limits=Limits(start_seconds=1.0, grace_seconds=1.0))
    async with asyncio.timeout(8):
        with pytest.raises(DeployFailed) as failed:
            await apply(harness.cluster, stuck)
    assert failed.value.failure.code == "start_timeout"
    await until(lambda: harness.instances(app) == 0)


async def test_the_newer_of_two_deploys_wins(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    older = asyncio.create_task(apply(harness.cluster, workload(app, 2, SLEEPER)))
    await until(lambda: harness.instances(app) == 2)
    await apply(harness.connect(), workload(app, 3))
    with pytest.raises(DeployFailed) as failed:
        await older
    assert failed.value.failure.code == "superseded"
    view = await harness.follower.view(app, lambda view: view.number == 3)
    assert (await get(view)).startswith("version 3 ")
    await until(lambda: harness.instances(app) == 1)


async def test_an_abandoned_version_never_goes_live(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    before = await harness.follower.view(app, lambda view: view.upstream is not None)
    unwanted = workload(app, 2, SLEEPER)
    following = asyncio.create_task(apply(harness.cluster, unwanted))
    await until(lambda: harness.instances(app) == 2)
    await harness.cluster.abandon(app, "some other version")
    assert not following.done()
    await harness.cluster.abandon(app, unwanted.version)
    async with asyncio.timeout(8):
        with pytest.raises(DeployFailed) as failed:
            await following
    assert failed.value.failure.code == "cancelled"
    await until(lambda: harness.instances(app) == 1)
    assert harness.follower.views[app] == before
    await harness.cluster.abandon(app, unwanted.version)
    await harness.cluster.abandon(app, before.version)
    assert (await get(before)).startswith("version 1 ")
    await apply(harness.cluster, workload(app, 3))
    await harness.follower.view(app, lambda view: view.number == 3)


async def test_a_deploy_goes_on_when_its_caller_leaves(harness: Harness, app: str) -> None:
    harness.checkin.hold.clear()
    try:
        caller = asyncio.create_task(apply(harness.cluster, workload(app)))
        await until(lambda: harness.instances(app) == 1)
        await ended(caller)
    finally:
        harness.checkin.hold.set()
    assert (await get(await harness.follower.awake(app))).startswith("version 1 ")


async def test_files_may_not_leave_their_folder(harness: Harness, app: str) -> None:
    for path in ("../escape.py", "/etc/escape.py", "a/../../escape.py", "a\\b.py", "a\0b.py", "", "a//b.py"):
        hostile = workload(app)
        hostile.files[path] = "x = 1\n"
        with pytest.raises(DeployFailed) as failed:
            await apply(harness.cluster, hostile)
        assert failed.value.failure.code == "bundle_failed"


async def test_scale_is_idempotent_both_ways(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    before = await harness.follower.awake(app)
    assert not await harness.cluster.scale(app, 1)
    assert (await get(before)) == await get(harness.follower.views[app])
    for _ in range(2):
        await harness.cluster.scale(app, 0)
        await harness.follower.view(app, lambda view: view.replicas == 0 and view.upstream is None)
    await until(lambda: harness.instances(app) == 0)
    assert await harness.cluster.scale(app, 1)
    after = await harness.follower.awake(app)
    assert after.instance != before.instance
    assert after.ticket != before.ticket


async def test_however_many_ask_for_a_wake_there_is_one_instance(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await until(lambda: harness.instances(app) == 0)
    before = len(harness.checkin.reported)
    clients = [harness.connect() for _ in range(4)]
    await asyncio.gather(*(client.scale(app, 1) for client in clients for _ in range(25)))
    await harness.follower.awake(app)
    assert harness.instances(app) == 1
    assert len(harness.checkin.reported) == before + 1


async def test_an_app_that_starts_can_be_told_to_sleep(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    await harness.cluster.scale(app, 0)
    await until(lambda: harness.instances(app) == 0)
    harness.checkin.hold.clear()
    try:
        await harness.cluster.scale(app, 1)
        await until(lambda: harness.instances(app) == 1)
        await harness.cluster.scale(app, 0)
        await until(lambda: harness.instances(app) == 0)
    finally:
        harness.checkin.hold.set()
    view = await harness.follower.view(app, lambda view: view.replicas == 0)
    assert (view.upstream, view.failure) == (None, None)


async def test_a_wake_does_not_wait_for_the_old_instance_to_drain(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    before = await harness.follower.awake(app)
    slow = asyncio.create_task(get(before, "/slow" if harness.is_local else "/slow/4"))
    await asyncio.sleep(0.1)  # the request must have begun; nothing outside can see that it has
    await harness.cluster.scale(app, 0)
    await harness.cluster.scale(app, 1)
    after = await harness.follower.view(app, lambda view: view.upstream and view.instance != before.instance)
    assert not slow.done()
    assert (await get(after)).startswith("version 1 ")
    assert (await slow).startswith("version 1 ")


async def test_the_gate_is_seen_by_every_watcher_and_opened_by_a_wake(harness: Harness, app: str) -> None:
    other = Follower(harness.connect())
    following = asyncio.create_task(other.run())
    await apply(harness.cluster, workload(app))
    for closed in (True, False, True):
        await harness.cluster.gate(app, closed=closed)
        for follower in (harness.follower, other):
            assert (await follower.view(app, _GATE[closed])).upstream
    await harness.cluster.scale(app, 1)
    await other.view(app, lambda view: not view.closed)
    await ended(following)


async def test_routing_is_changed_without_a_new_instance(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    before = await harness.follower.awake(app)
    await harness.cluster.configure(app, idle_minutes=3, hosts=["other.localhost"], blocked="")
    view = await harness.follower.view(app, lambda view: view.idle_minutes == 3)
    assert (view.hosts, view.instance) == (["other.localhost"], before.instance)


async def test_unknown_apps_are_told_apart_from_known_ones(harness: Harness) -> None:
    for call in (
        harness.cluster.scale("nobody", 1),
        harness.cluster.scale("nobody", 0),
        harness.cluster.gate("nobody", closed=True),
        harness.cluster.configure("nobody", idle_minutes=1, hosts=[], blocked=""),
    ):
        with pytest.raises(UnknownApp):
            await call
    await harness.cluster.delete("nobody")


async def test_only_the_right_ticket_gets_the_bundle(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    assert view.ticket
    assert view.instance
    bundle = await harness.cluster.bundle(view.ticket, view.instance)
    assert (bundle.app, bundle.version, bundle.env, bundle.entrypoint) == (app, "v1", {"GREETING": "hello"}, "app.py")
    for ticket, instance in (("wrong", view.instance), ("", view.instance), (view.ticket, "i-other")):
        with pytest.raises(UnknownTicket):
            await harness.cluster.bundle(ticket, instance)
    await harness.cluster.scale(app, 0)
    with pytest.raises(UnknownTicket):
        await harness.cluster.bundle(view.ticket, view.instance)


async def test_a_report_of_an_instance_that_is_gone_changes_nothing(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    assert view.instance
    await harness.cluster.scale(app, 0)
    asleep = await harness.follower.view(app, lambda view: view.replicas == 0)
    await harness.cluster.report(InstanceReport(view.instance, "ready", view.upstream))
    await harness.cluster.report(InstanceReport(view.instance, "failed", failure=Failure("exited", "too late")))
    await harness.cluster.report(InstanceReport("i-nobody", "ready", "127.0.0.1:1"))
    await harness.cluster.gate(app, closed=True)
    assert await harness.follower.view(app, lambda view: view.closed) == _closed(asleep)


async def test_nothing_is_left_of_a_deleted_app(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    answer = await get(await harness.follower.awake(app))
    assert harness.traces(app)
    await harness.cluster.delete(app)
    assert not harness.is_alive(answer)
    assert harness.traces(app) == []
    await until(lambda: AppGone(app) in harness.follower.events)
    with pytest.raises(UnknownApp):
        await harness.cluster.scale(app, 1)
    await apply(harness.cluster, workload(app))
    assert (await get(await harness.follower.awake(app))).startswith("version 1 ")


async def test_an_app_can_be_deleted_while_it_is_deployed(harness: Harness, app: str) -> None:
    deploying = asyncio.create_task(apply(harness.cluster, workload(app, 1, SLEEPER)))
    await until(lambda: harness.instances(app) == 1)
    await harness.cluster.delete(app)
    with pytest.raises(UnknownApp):
        await deploying
    assert harness.instances(app) == 0
    assert harness.traces(app) == []


async def test_a_watch_lists_then_follows_and_two_agree(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    followers = [Follower(harness.connect()) for _ in range(2)]
    following = [asyncio.create_task(follower.run()) for follower in followers]
    for follower in followers:
        await until(lambda follower=follower: follower.synced == 1)
        listed = follower.events[: follower.events.index(Synced())]
        assert app in {event.app for event in listed if isinstance(event, AppView)}
    await harness.cluster.scale(app, 0)
    await harness.cluster.scale(app, 1)
    await apply(harness.cluster, workload(app, 2))
    views = [await follower.view(app, lambda view: view.number == 2 and view.upstream) for follower in followers]
    assert views[0] == views[1]
    for task in following:
        await ended(task)


async def test_stats_count_apps_and_what_is_awake(harness: Harness, app: str) -> None:
    before = await harness.cluster.stats()
    await apply(harness.cluster, workload(app))
    awake = await harness.cluster.stats()
    assert (awake.apps, awake.awake) == (before.apps + 1, before.awake + 1)
    assert awake.memory_mb > 1 or not harness.is_local
    await harness.cluster.scale(app, 0)
    asleep = await harness.cluster.stats()
    assert (asleep.apps, asleep.awake) == (awake.apps, before.awake)


def _closed(view: AppView) -> AppView:
    return AppView(**{**{name: getattr(view, name) for name in AppView.__struct_fields__}, "closed": True})
