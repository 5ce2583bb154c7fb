"""The worker as a process: killed, stopped, and cut off from MongoDB and the node in the middle of its work."""

import asyncio
import gc
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from control.domain.accounts import User
from control.domain.apps import App
from control.domain.clock import utc_now
from control.domain.deploys import MAX_ATTEMPTS, Deploy, Source
from control.domain.errors import StoreUnavailable
from control.domain.ids import new_id
from control.lifecycle.views import ClusterViews
from control.store import Store, open_store
from tests.support.control_mongo import SECRET_KEY, MongoServer, make_app, run_module, stopped
from tests.support.control_node import WAIT_SECONDS, Node, awake, ended, get, reached

HELLO = {
    "app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root():\n    return 'hello'\n"
}
SLOW = {"app.py": "import time\n\ntime.sleep(3)\n" + HELLO["app.py"]}
MODULE = "control.worker"

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start(node: Node, views: ClusterViews, control_mongod: MongoServer, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker process; all are gone at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        started.append(run_module(MODULE, node.environ(control_mongod), tmp_path))
        return started[-1]

    yield begin
    for process in started:
        stopped(process)


def log_of(folder: Path) -> str:
    return (folder / f"{MODULE}.log").read_text()


async def logged(folder: Path, text: str) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while text not in log_of(folder):
            await asyncio.sleep(0.02)


def starting(deploy: Deploy) -> bool:
    return deploy.stages[2].status == "running"


async def test_a_deploy_whose_worker_is_killed_is_finished_by_the_next_one(
    store: Store, ada: User, start: Start, views: ClusterViews
) -> None:
    app = await make_app(store, ada)
    worker = start()
    asked = await store.request_deploy(app, "ada", Source(SLOW, "app.py"), utc_now())
    await reached(store, asked.id, starting)
    worker.kill()
    worker.wait(10)
    assert (await store.deploys.get(asked.id)).status == "running"
    start()
    deploy = await ended(store, asked.id)
    assert deploy.status == "succeeded", deploy.findings
    assert deploy.attempts == 2
    assert [version.number for version in (await store.versions.page(app.id)).items] == [1]
    assert (await get(await awake(views, app, 1))).json() == "hello"


async def test_a_worker_that_is_told_to_stop_hands_its_deploy_to_another_at_once(
    store: Store, ada: User, start: Start, views: ClusterViews
) -> None:
    app = await make_app(store, ada)
    worker = start()
    asked = await store.request_deploy(app, "ada", Source(SLOW, "app.py"), utc_now())
    await reached(store, asked.id, starting)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    given_back = await store.deploys.claim(new_id(), 0.01)
    assert given_back is not None
    assert (given_back.id, given_back.attempts) == (asked.id, 1)
    start()
    assert (await ended(store, asked.id)).status == "succeeded"


async def test_a_deploy_that_no_worker_survives_ends_with_a_finding_that_says_so(
    store: Store, ada: User, start: Start, views: ClusterViews
) -> None:
    app = await make_app(store, ada)
    asked = await store.request_deploy(app, "ada", Source(HELLO, "app.py"), utc_now())
    for _ in range(MAX_ATTEMPTS):
        async with asyncio.timeout(WAIT_SECONDS):
            while await store.deploys.claim(new_id(), 0.01) is None:
                await asyncio.sleep(0.01)
    start()
    deploy = await ended(store, asked.id)
    assert deploy.status == "failed"
    assert [finding.code for finding in deploy.findings] == ["worker_lost"]
    assert views.get(app.id) is None


async def test_two_workers_share_the_deploys_and_finish_each_once(
    store: Store, ada: User, start: Start, views: ClusterViews
) -> None:
    apps = [await make_app(store, ada) for _ in range(5)]
    start()
    start()
    asked = [await store.request_deploy(app, "ada", Source(HELLO, "app.py"), utc_now()) for app in apps]
    ends = await asyncio.gather(*(ended(store, deploy.id) for deploy in asked))
    assert [(deploy.status, deploy.attempts) for deploy in ends] == [("succeeded", 1)] * 5


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [kilobytes] = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return kilobytes / 1024


async def test_it_needs_little_memory(store: Store, start: Start, tmp_path: Path) -> None:
    worker = start()
    await logged(tmp_path, "this worker leads")
    assert (resident := resident_mb(worker.pid)) < 60, f"{resident:.1f} MB"


def test_wrong_settings_are_all_told_at_once(control_mongod: MongoServer, tmp_path: Path) -> None:
    worker = run_module(MODULE, control_mongod.environ(FP_NODE_PORT="many", FP_SECRET_KEY="short"), tmp_path)
    assert worker.wait(15) == 2
    for name in ("FP_NODE_PORT", "FP_SECRET_KEY", "FP_INTERNAL_TOKEN", "FP_CONTROL_PORT"):
        assert name in log_of(tmp_path)


async def test_the_worker_waits_for_the_node_and_then_finishes(
    store: Store, ada: User, start: Start, views: ClusterViews, node: Node
) -> None:
    app = await make_app(store, ada)
    start()
    await node.process.kill()
    asked = await store.request_deploy(app, "ada", Source(HELLO, "app.py"), utc_now())
    await reached(store, asked.id, lambda d: d.stages[2].message == "Waiting for the cluster")
    await node.process.start()
    deploy = await ended(store, asked.id)
    assert (deploy.status, deploy.attempts) == ("succeeded", 1), deploy.findings


class Outage:
    """A MongoDB of this test's own, which it may take down, and a worker on it."""

    def __init__(self, server: MongoServer, worker: subprocess.Popen[bytes], folder: Path) -> None:
        self.server = server
        self.worker = worker
        self.folder = folder


@pytest.fixture
async def outage(node: Node, views: ClusterViews, tmp_path: Path) -> AsyncIterator[Outage]:
    with MongoServer(tmp_path / "own") as server:
        server.start()
        worker = run_module(MODULE, node.environ(server), tmp_path)
        yield Outage(server, worker, tmp_path)
        stopped(worker)


async def own_app(store: Store) -> App:
    user = User(id=new_id(), username="bob", password_hash="x", admin=False, created_at=utc_now())
    return await make_app(store, await store.users.create(user))


# A connect that the driver itself cancels leaves its socket to the garbage collector, which complains.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
async def test_a_deploy_lives_through_mongodbs_sudden_death(outage: Outage, views: ClusterViews) -> None:
    async with open_store(outage.server.uri, SECRET_KEY, timeout_seconds=2) as store:
        app = await own_app(store)
        asked = await store.request_deploy(app, "bob", Source(SLOW, "app.py"), utc_now())
        await reached(store, asked.id, starting)
        await asyncio.to_thread(outage.server.stop, signal.SIGKILL)
        with pytest.raises(StoreUnavailable):
            await store.apps.get(app.id)
        await logged(outage.folder, "a part of the platform is away")
        await asyncio.to_thread(outage.server.start)
        deploy = await ended(store, asked.id, 60)
        assert deploy.status == "succeeded", deploy.findings
        assert outage.worker.poll() is None
        assert (await get(await awake(views, app, 1))).json() == "hello"
    gc.collect()


async def test_the_worker_waits_for_mongodb_at_its_start(node: Node, views: ClusterViews, tmp_path: Path) -> None:
    with MongoServer(tmp_path / "own") as server:
        worker = run_module(MODULE, node.environ(server), tmp_path)
        try:
            await logged(tmp_path, "waiting for MongoDB")
            await asyncio.to_thread(server.start)
            await logged(tmp_path, "this worker leads")
        finally:
            code = await asyncio.to_thread(stopped, worker)
        assert code == 0
