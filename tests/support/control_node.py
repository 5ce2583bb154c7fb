"""A real node for control's tests, with the activator's part towards runners, and control's loops on top of it.

`Running` is the worker inside the test's own event loop; tests that kill it start `python -m control.worker` instead.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from cluster.base import AppView, Limits
from cluster.local import LocalCluster
from control.domain.apps import App
from control.domain.clock import utc_now
from control.domain.deploys import Deploy, Source
from control.lifecycle.views import ClusterViews
from control.settings import Settings
from control.store import Store
from control.worker import start_loops
from control.workers.cancelling import cancelled
from tests.support.control_mongo import SECRET_KEY, MongoServer
from tests.support.node_checkin import CheckIn
from tests.support.node_process import TOKEN, NodeProcess
from tests.support.ports import free_port

WAIT_SECONDS = 30.0


class Node:
    """The node's process, its client, and what stands where the activator would."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.checkin_port = free_port()
        self.process = NodeProcess(data, checkin_port=self.checkin_port, internal_port=free_port())
        self.cluster: LocalCluster = self.process.client()
        self.checkin = CheckIn(self.cluster)

    async def start(self) -> None:
        await self.checkin.start(self.checkin_port)
        await self.process.start()

    async def stop(self) -> None:
        await self.cluster.aclose()
        await self.process.stop()
        await self.checkin.aclose()

    def settings(self, server: MongoServer, start_seconds: float = 10.0) -> Settings:
        return Settings(
            mongo_uri=server.uri, secret_key=SECRET_KEY, internal_token=TOKEN, control_port=1, internal_port=1,
            activator_port=1, node_port=self.process.port, limits=Limits(start_seconds=start_seconds),
        )  # fmt: skip

    def environ(self, server: MongoServer, **more: str) -> dict[str, str]:
        """The environment of a worker process on this node and that server."""
        ports = dict.fromkeys(("FP_CONTROL_PORT", "FP_INTERNAL_PORT", "FP_ACTIVATOR_PORT"), "1")
        return server.environ(
            FP_NODE_PORT=str(self.process.port), FP_INTERNAL_TOKEN=TOKEN, FP_START_SECONDS="10", **ports, **more
        )


@pytest.fixture(scope="session")
async def node(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Node]:
    """One node for a whole folder of tests."""
    running = Node(tmp_path_factory.mktemp("node"))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


@pytest.fixture(scope="session")
async def watched(node: Node) -> AsyncIterator[ClusterViews]:
    """The node's views, complete."""
    views = ClusterViews(node.cluster)
    following = asyncio.create_task(views.run(), name="views")
    async with asyncio.timeout(WAIT_SECONDS):
        await views.synced()
    yield views
    following.cancel()
    await asyncio.wait({following})


@pytest.fixture
async def views(watched: ClusterViews, node: Node, store: Store) -> ClusterViews:
    """The node's views; it knows no app yet."""
    for app in list(watched.all):
        await node.cluster.delete(app)
        async with asyncio.timeout(WAIT_SECONDS):
            await watched.until(app, lambda view: view is None)
    return watched


@asynccontextmanager
async def worker_loops(store: Store, node: Node, settings: Settings) -> AsyncIterator[None]:
    """All loops of the worker, in this event loop."""
    async with asyncio.TaskGroup() as tasks:
        loops = start_loops(tasks, store, node.cluster, settings)
        try:
            yield
        finally:
            await cancelled(loops)


@pytest.fixture
async def loops(store: Store, node: Node, views: ClusterViews, control_mongod: MongoServer) -> AsyncIterator[None]:
    """The worker runs."""
    async with worker_loops(store, node, node.settings(control_mongod)):
        yield


async def deployed(store: Store, app: App, files: dict[str, str], entrypoint: str = "app.py") -> Deploy:
    """Asks for a deploy and waits for its end."""
    deploy = await store.request_deploy(app, app.owner_name, Source(files, entrypoint), utc_now())
    return await ended(store, deploy.id)


async def ended(store: Store, deploy_id: str, seconds: float = WAIT_SECONDS) -> Deploy:
    """The deploy once it is over."""
    async with asyncio.timeout(seconds):
        return [deploy async for deploy in store.deploys.watch(deploy_id)][-1]


async def reached(store: Store, deploy_id: str, holds: Callable[[Deploy], bool]) -> Deploy:
    """The deploy once `holds` is true of it."""
    async with asyncio.timeout(WAIT_SECONDS):
        async for deploy in store.deploys.watch(deploy_id):
            if holds(deploy):
                return deploy
    raise AssertionError("the deploy ended before that")


async def awake(views: ClusterViews, app: App, number: int) -> AppView:
    """The app's view once version `number` is ready."""
    async with asyncio.timeout(WAIT_SECONDS):
        view = await views.until(app.id, lambda v: v is not None and v.number == number and v.upstream is not None)
    assert view is not None
    return view


async def get(view: AppView, path: str = "/") -> httpx.Response:
    """One request straight to the app's instance."""
    async with httpx.AsyncClient(base_url=f"http://{view.upstream}") as client:
        return await client.get(path, headers={"Host": view.hosts[0]})
