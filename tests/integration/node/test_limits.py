"""An app stays within its memory, its CPU and its processes, takes down nobody but itself, and leaves nothing behind.

By the control groups of the machine that the tests run on; where those may not be written they are skipped, and say why.
"""

import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from cluster.base import AppView, DeployFailed, Failure, Limits
from tests.support.greedy import GREEDY, Groups, Neighbour, cpu_seconds
from tests.support.node_harness import LocalHarness, apply, get, workload
from tests.support.node_ingest import until
from tests.support.node_process import APPS_PYTHON, alive

LIMITS = Limits(memory_mb=64, cpus=0.3, processes=20, start_seconds=10.0, grace_seconds=5.0)


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[LocalHarness]:
    """A node with control groups; in the end there is none left."""
    if not APPS_PYTHON.exists():
        pytest.skip("the apps' packages are not installed")
    async with LocalHarness.running(tmp_path) as running:
        groups = Groups(running)
        if not groups.words.startswith("memory, CPU and processes of each app, by cgroup v1"):
            pytest.skip(f"limits here: {groups.words}")
        yield running
    assert groups.left() == []


async def greedy(local: LocalHarness, name: str = "greedy", limits: Limits = LIMITS) -> AppView:
    """The app that takes too much, awake; its limits are read back, so that no test runs it without."""
    await apply(local.cluster, workload(name, 1, GREEDY, limits=limits))
    view = await local.follower.awake(name)
    groups = Groups(local)
    assert groups.read(view, "memory", "memory.limit_in_bytes") == str(limits.memory_mb * 1024 * 1024)
    assert groups.read(view, "pids", "pids.max") == str(limits.processes)
    return view


async def neighbour(local: LocalHarness) -> Neighbour:
    """Another app, which is asked from now on."""
    await apply(local.cluster, workload("neighbour"))
    return Neighbour(await local.follower.awake("neighbour"))


async def failure(local: LocalHarness, app: str = "greedy") -> Failure:
    """Why the app died."""
    view = await local.follower.view(app, lambda view: view.failure and view.failure.code != "exited")
    assert view.failure is not None
    return view.failure


def told(local: LocalHarness, text: str) -> list[str]:
    """Error lines of logs that control got, with this text in them."""
    lines = [line for _, line in local.ingest.lines if line["kind"] == "log" and line["level"] == "error"]
    return [line["text"] for line in lines if text in line["text"]]


@pytest.mark.parametrize("path", ["/eat", "/eat-in-child"])
async def test_an_app_that_eats_memory_ends_alone_and_is_told_why(local: LocalHarness, path: str) -> None:
    view = await greedy(local)
    beside = await neighbour(local)
    zygote = local.node.zygote()
    with suppress(httpx.HTTPError):
        await get(view, path)
    found = await failure(local)
    assert (found.code, found.message) == (
        "out_of_memory",
        "The app used more than its 64 MB of memory and was stopped",
    )
    assert "FP_APP_MEMORY_MB" in (found.hint or "")
    await until(lambda: told(local, "more than its 64 MB"))
    so_far = beside.answers
    await until(lambda: beside.answers > so_far + 5)
    await beside.stop()
    assert local.node.zygote() == zygote
    await local.cluster.scale("greedy", 1)
    assert (await get(await local.follower.awake("greedy"))).startswith("pid ")


async def test_an_app_that_eats_memory_while_it_starts_fails_its_deploy(local: LocalHarness) -> None:
    await greedy(local)
    code = GREEDY + "\neat()\n"
    with pytest.raises(DeployFailed, match="more than its 64 MB of memory"):
        await apply(local.cluster, workload("greedy", 2, code, limits=LIMITS))
    assert (await get(await local.follower.awake("greedy"))).startswith("pid ")


async def test_a_fork_bomb_stays_within_its_limit_and_goes_with_its_app(local: LocalHarness) -> None:
    view = await greedy(local)
    beside = await neighbour(local)
    groups = Groups(local)
    await get(view, "/bomb")
    await until(lambda: told(local, "its limit of 20 processes and threads"), 20.0)
    pids = groups.pids(view)
    assert 10 < len(pids) <= 20
    so_far = beside.answers
    await until(lambda: beside.answers > so_far + 5)
    await local.cluster.scale("greedy", 0)
    await until(lambda: not any(map(alive, pids)))
    await beside.stop()
    await until(lambda: not (groups.folders["pids"] / str(view.instance)).exists())
    assert len(told(local, "its limit of 20")) == 1


async def test_what_could_not_be_started_is_told_also_when_the_app_ends_at_once(local: LocalHarness) -> None:
    view = await greedy(local)
    count, number = (await get(view, "/crowd")).split()[2:]
    assert 10 < int(count) < 20
    assert int(number) == 11  # EAGAIN
    await local.cluster.scale("greedy", 0)
    await until(lambda: told(local, "its limit of 20 processes and threads"))


async def test_a_busy_app_gets_its_share_of_cpu_and_no_more(local: LocalHarness) -> None:
    view = await greedy(local)
    groups = Groups(local)
    await get(view, "/burn")
    used, periods = cpu_seconds(groups.pids(view)), groups.counter(view, "nr_periods")
    await until(lambda: groups.counter(view, "nr_periods") >= periods + 30, 60.0)
    passed = groups.counter(view, "nr_periods") - periods
    spent = cpu_seconds(groups.pids(view)) - used
    assert groups.counter(view, "nr_throttled") > 10
    assert spent <= passed * 0.1 * LIMITS.cpus * 1.25


async def test_while_it_starts_it_is_inside_and_has_all_the_cpu(local: LocalHarness) -> None:
    view = await greedy(local)
    assert "('-1', '20')" in await get(view)
    await until(lambda: Groups(local).read(view, "cpu", "cpu.cfs_quota_us") == "30000")


@pytest.mark.parametrize("path", ["/daemon", "/child"])
async def test_what_an_app_forked_does_not_outlive_it(local: LocalHarness, path: str) -> None:
    view = await greedy(local)
    await get(view, path)
    pids = Groups(local).pids(view)
    assert len(pids) == 2
    await local.cluster.scale("greedy", 0)
    await until(lambda: not any(map(alive, pids)))
    await until(lambda: local.instances("greedy") == 0)


async def test_orphans_that_end_by_themselves_are_reaped(local: LocalHarness) -> None:
    view = await greedy(local)
    await get(view, "/daemon")
    own = int((await get(view)).split()[1])
    (daemon,) = [pid for pid in Groups(local).pids(view) if pid != own]
    os.kill(daemon, signal.SIGKILL)
    await until(lambda: not Path(f"/proc/{daemon}").exists())


async def test_the_next_node_takes_groups_over_with_their_instances_and_removes_the_others(local: LocalHarness) -> None:
    kept, lost = await greedy(local, "kept"), await greedy(local, "lost")
    groups = Groups(local)
    for view in (kept, lost):
        await get(view, "/daemon")
    left = groups.pids(lost)
    await local.kill_cluster()
    os.kill(int((await get(lost)).split()[1]), signal.SIGKILL)
    await local.restart_cluster()
    await until(lambda: not any(map(alive, left)))
    await until(lambda: not (groups.folders["memory"] / str(lost.instance)).exists())
    with suppress(httpx.HTTPError):
        await get(kept, "/eat")
    assert (await failure(local, "kept")).code == "out_of_memory"
    await until(lambda: not (groups.folders["memory"] / str(kept.instance)).exists())


async def test_what_ran_out_of_memory_while_no_node_ran_is_told_so(local: LocalHarness) -> None:
    view = await greedy(local)
    await local.kill_cluster()
    with suppress(httpx.HTTPError):
        await get(view, "/eat")
    await local.restart_cluster()
    await until(
        lambda: told(local, "Process ended while the platform was not running: the app used more than its memory")
    )


async def test_the_apps_together_weigh_as_much_as_the_platform_on_each_core(local: LocalHarness) -> None:
    shares = (Groups(local).folders["cpu"] / "cpu.shares").read_text()
    assert int(shares) == 1024 * (os.cpu_count() or 1)


async def test_the_node_says_at_its_start_how_limits_are_kept(local: LocalHarness) -> None:
    assert re.search(r'"kept": "memory, CPU and processes of each app, by cgroup v1"', local.node.log())
