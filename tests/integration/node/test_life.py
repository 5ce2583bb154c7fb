"""The node as a process: what it refuses, what it leaves, what it does when its zygote is stuck or cannot be started."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import pytest

from cluster.base import ClusterError, DeployFailed, Limits, Unavailable
from cluster.local import LocalCluster, wire
from tests.support.node_harness import LocalHarness, apply, get, pid_in, workload
from tests.support.node_ingest import until
from tests.support.node_process import ROOT, TOKEN, NodeProcess, alive, initial_environment, pids_of
from tests.support.ports import free_port


async def test_told_to_stop_it_ends_every_instance_and_the_next_finds_the_apps_asleep(local: LocalHarness) -> None:
    for app in ("one", "two"):
        await apply(local.cluster, workload(app))
        await local.follower.awake(app)
    zygote = local.node.zygote()
    assert zygote is not None
    await local.cluster.scale("two", 0)
    assert await local.node.stop() == 0
    assert pids_of(local.node.folder) == []
    assert not alive(zygote)
    synced = local.follower.synced
    await local.node.start()
    await until(lambda: local.follower.synced > synced)
    assert {app: view.replicas for app, view in local.follower.views.items()} == {"one": 0, "two": 0}
    await local.cluster.scale("one", 1)
    assert (await get(await local.follower.awake("one"))).startswith("version 1 ")


async def test_requests_in_flight_end_before_the_node_does(local: LocalHarness) -> None:
    await apply(local.cluster, workload("slow"))
    view = await local.follower.awake("slow")
    slow = asyncio.create_task(get(view, "/slow"))
    await asyncio.sleep(0.1)  # the request must have begun; nothing outside can see that it has
    assert await local.node.stop() == 0
    assert (await slow).startswith("version 1 ")


async def test_a_stuck_zygote_is_replaced_and_the_wake_happens_once(local: LocalHarness) -> None:
    await apply(local.cluster, workload("app"))
    await local.cluster.scale("app", 0)
    await until(lambda: local.instances("app") == 0)
    zygote = local.node.zygote()
    assert zygote is not None
    os.kill(zygote, signal.SIGSTOP)
    await local.cluster.scale("app", 1)
    await get(await local.follower.awake("app", 8.0))
    assert local.instances("app") == 1
    assert not alive(zygote)


async def test_a_zygote_that_cannot_be_started_is_told_in_words(tmp_path: Path) -> None:
    node = NodeProcess(tmp_path, checkin_port=free_port(), internal_port=free_port(), python=Path("/bin/false"))
    await node.start()
    async with node.client() as cluster:
        with pytest.raises(DeployFailed) as failed:
            await apply(cluster, workload("app", limits=Limits(start_seconds=0.5)))
        deploying = asyncio.create_task(apply(cluster, workload("app", limits=Limits(start_seconds=15.0))))
        await until(lambda: list(node.folder.glob("spool/app/*")))
        assert await node.stop(8.0) == 0
        with pytest.raises(Unavailable):
            await deploying
    assert failed.value.failure.code == "start_timeout"
    assert "could be started within 0.5 s" in failed.value.failure.message


async def test_secrets_are_readable_by_the_owner_alone(local: LocalHarness) -> None:
    await apply(local.cluster, workload("app", files={"app.py": workload("app").files["app.py"], "a/b/c.txt": "x"}))
    await get(await local.follower.awake("app"))
    for path in [local.node.folder, *local.node.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_apps_do_not_see_the_platforms_secrets(local: LocalHarness) -> None:
    code = workload("app").files["app.py"].replace("os.environ.get('GREETING')", "sorted(os.environ.items())")
    await apply(local.cluster, workload("app", 1, code))
    view = await local.follower.awake("app")
    answer = await get(view)
    assert "GREETING" in answer
    for secret in (TOKEN, "FP_INTERNAL_TOKEN", view.ticket or "", "FP_DATA"):
        assert secret not in answer
    assert TOKEN not in initial_environment(pid_in(answer))


async def test_two_nodes_do_not_share_a_folder(local: LocalHarness) -> None:
    second = NodeProcess(local.node.data, checkin_port=free_port(), internal_port=free_port())
    with pytest.raises(AssertionError, match="another node runs"):
        await second.start()


async def test_without_its_settings_it_says_all_that_is_missing() -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'cli'}", "FP_NODE_PORT": "many"}
    process = await asyncio.create_subprocess_exec(
        str(ROOT / ".venv" / "bin" / "python"), "-m", "cluster.local", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    assert process.returncode == 2
    for name in ("FP_DATA", "FP_INTERNAL_TOKEN", "FP_CHECKIN_PORT", "FP_INTERNAL_PORT", "FP_RUNNER_PYTHON"):
        assert f"{name} is not set" in told.decode()
    assert "FP_NODE_PORT must be a port" in told.decode()


async def test_a_wrong_token_gets_nothing(local: LocalHarness) -> None:
    async with LocalCluster(local.node.port, "wrong") as stranger:
        with pytest.raises(Unavailable, match="token"):
            await stranger.stats()


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n\r\n", b"\xff\xff\xff\xff", b"\0\0\0\2{}", wire.frame(wire.Call(1, wire.Stats()))],
    ids=["http", "huge", "nonsense", "no hello"],
)
async def test_a_stranger_is_cut_off_and_others_are_served(local: LocalHarness, data: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", local.node.port)
    writer.write(data)
    async with asyncio.timeout(8):
        assert await reader.read() == b""
    writer.close()
    assert (await local.cluster.stats()).apps == 0


@pytest.mark.parametrize("app", ["../other", "a/b", "", ".", "..", "x\0y"])
async def test_an_id_is_never_a_path(local: LocalHarness, app: str) -> None:
    with pytest.raises(ClusterError):
        await apply(local.cluster, workload(app))
    with pytest.raises(ClusterError):
        await local.cluster.delete(app)


async def test_only_the_code_of_the_live_version_is_kept(local: LocalHarness) -> None:
    code = local.node.folder / "apps" / "app" / "code"
    for number in (1, 2, 3):
        await apply(local.cluster, workload("app", number))
    with pytest.raises(DeployFailed):
        await apply(local.cluster, workload("app", 4, "import nothing_of_that_name\n"))
    await until(lambda: [folder.name[:3] for folder in code.iterdir()] == ["v3-"])
    assert (await get(await local.follower.awake("app"))).startswith("version 3 ")
    assert list((local.node.folder / "trash").iterdir()) == []


async def test_an_app_whose_code_was_removed_says_so_and_a_deploy_mends_it(local: LocalHarness) -> None:
    await apply(local.cluster, workload("app"))
    await local.cluster.scale("app", 0)
    await until(lambda: local.instances("app") == 0)
    (folder,) = (local.node.folder / "apps" / "app" / "code").iterdir()
    folder.rename(local.node.data / "elsewhere")
    await local.cluster.scale("app", 1)
    view = await local.follower.view("app", lambda view: view.failure)
    assert view.failure is not None
    assert (view.failure.code, view.replicas) == ("bundle_failed", 0)
    await apply(local.cluster, workload("app"))
    await get(await local.follower.awake("app"))


async def test_a_wake_that_fails_is_told_and_the_next_one_tries_again(local: LocalHarness) -> None:
    switch = local.node.data / "broken"
    code = f"from pathlib import Path\nif Path({str(switch)!r}).exists(): raise RuntimeError('no luck')\n"
    await apply(local.cluster, workload("app", 1, code + workload("app").files["app.py"]))
    await local.cluster.scale("app", 0)
    switch.touch()
    await local.cluster.scale("app", 1)
    view = await local.follower.view("app", lambda view: view.failure)
    assert view.failure is not None
    assert (view.failure.code, view.failure.line, view.replicas, view.upstream) == ("import_failed", 2, 0, None)
    await until(lambda: local.instances("app") == 0)
    switch.unlink()
    await local.cluster.scale("app", 1)
    assert (await local.follower.awake("app")).failure is None


async def test_native_output_does_not_fill_the_disk(local: LocalHarness) -> None:
    code = "import os\nos.write(2, b'x' * (5 * 1024 * 1024))\n"
    await apply(local.cluster, workload("app", 1, code + workload("app").files["app.py"]))
    (native,) = local.node.folder.glob("spool/app/*/native.log")
    await until(lambda: native.stat().st_size == 0)
    await get(await local.follower.awake("app"))


async def test_a_pid_that_is_someone_elses_by_now_is_left_alone(local: LocalHarness) -> None:
    await apply(local.cluster, workload("app"))
    answer = await get(await local.follower.awake("app"))
    bystander = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        await local.kill_cluster()
        local.kill_instance(answer)
        (record,) = local.node.folder.glob("spool/app/*/instance.json")
        record.write_text(record.read_text().replace(f'"pid":{pid_in(answer)}', f'"pid":{bystander.pid}'))
        synced = local.follower.synced
        await local.restart_cluster()
        await until(lambda: local.follower.synced > synced)
        assert local.follower.views["app"].upstream is None
        await local.cluster.delete("app")
        assert bystander.returncode is None
        assert alive(bystander.pid)
    finally:
        bystander.kill()
        await bystander.wait()
