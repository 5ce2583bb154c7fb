"""What the worker writes down by itself: how long apps are awake, how deploys ended, when the node was away; and its figures."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from control.domain.accounts import User
from control.domain.counters import PLATFORM, Counts, start_of, total
from control.domain.ranges import Window
from control.lifecycle.views import ClusterViews
from control.store import Store
from control.workers.awake import LOOK_SECONDS, MOST_SECONDS, AwakeWorker
from tests.support.control_mongo import MongoServer, make_app, run_module, stopped
from tests.support.control_node import WAIT_SECONDS, Node, awake, deployed
from tests.support.ports import free_port

HELLO = {"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}
BEGIN = start_of(datetime.now(UTC) - timedelta(hours=3), 3600)


class Looking:
    """A worker whose clock stands still between two looks. The minutes are three hours ago, where nobody else counts."""

    def __init__(self, store: Store, node: Node, views: ClusterViews) -> None:
        self.now = BEGIN
        self.leads = True
        self.store = store
        self.worker = AwakeWorker(store, node.cluster, views, lambda: self.leads, lambda: self.now)

    async def pass_by(self, seconds: float, looks: int = 1) -> None:
        for _ in range(looks):
            self.now += timedelta(seconds=seconds)
            await self.worker.look()

    async def counts(self, app: str) -> Counts:
        window = Window(BEGIN, BEGIN + timedelta(hours=1), 60, "minute")
        return total(found.counts for found in await self.store.metrics.of_app(app, window) if found.app == app)


@pytest.fixture
async def looking(store: Store, node: Node, views: ClusterViews) -> Looking:
    looking = Looking(store, node, views)
    await looking.worker.look()
    return looking


async def test_time_awake_is_counted_while_the_app_is_and_asleep_costs_nothing(
    loops: None, looking: Looking, store: Store, ada: User, node: Node, views: ClusterViews
) -> None:
    app = await make_app(store, ada)
    deploy = await deployed(store, app, HELLO)
    await awake(views, app, 1)
    await looking.pass_by(LOOK_SECONDS, 24)
    assert (await looking.counts(app.id)).awake_s == 120
    await node.cluster.scale(app.id, 0)
    async with asyncio.timeout(WAIT_SECONDS):
        await views.until(app.id, lambda view: view is not None and not view.replicas)
    await looking.pass_by(LOOK_SECONDS, 36)
    own = await looking.counts(PLATFORM)
    assert (own.watched_s, (await looking.counts(app.id)).awake_s, own.measured_s) == (300, 120, 120)
    assert 5 < own.memory_s / own.measured_s < 500, "megabytes of one small app"
    async with asyncio.timeout(WAIT_SECONDS):
        while not (told := (await store.events.page(app.id)).items):
            await asyncio.sleep(0.02)
    [event] = told
    assert (event.kind, event.version, event.deploy, event.by) == ("deploy_succeeded", 1, deploy.id, "ada")
    live = await store.apps.get(app.id)
    marks = await store.deploys.succeeded(app.id, deploy.created_at, live.updated_at + timedelta(days=1), 10)
    assert [(mark.version, mark.number) for mark in marks] == [(1, 1)]


async def test_nobody_watches_while_another_leads_or_the_process_stood_still(looking: Looking) -> None:
    looking.leads = False
    await looking.pass_by(LOOK_SECONDS, 30)
    looking.leads = True
    await looking.pass_by(LOOK_SECONDS, 2)
    await looking.pass_by(MOST_SECONDS + 1)
    await looking.pass_by(60)
    # The first look after it took over only begins to watch.
    assert (await looking.counts(PLATFORM)).watched_s == LOOK_SECONDS


async def test_a_minute_is_written_once_it_is_over(looking: Looking) -> None:
    await looking.pass_by(LOOK_SECONDS, 11)
    assert (await looking.counts(PLATFORM)).watched_s == 0
    await looking.pass_by(LOOK_SECONDS, 2)
    assert (await looking.counts(PLATFORM)).watched_s == 60


async def test_it_tells_when_the_node_goes_and_comes_back(looking: Looking, node: Node, views: ClusterViews) -> None:
    await node.process.kill()
    async with asyncio.timeout(WAIT_SECONDS):
        while views.connected:
            await asyncio.sleep(0.02)
    await looking.pass_by(LOOK_SECONDS, 3)
    await node.process.start()
    async with asyncio.timeout(WAIT_SECONDS):
        await views.synced()
    await looking.pass_by(LOOK_SECONDS, 20)
    kinds = [event.kind for event in (await looking.store.events.page(None)).items]
    assert kinds == ["node_back", "node_away"]


async def test_the_worker_answers_prometheus_and_says_that_it_began(
    store: Store, ada: User, node: Node, views: ClusterViews, control_mongod: MongoServer, tmp_path: Path
) -> None:
    app = await make_app(store, ada)
    port = free_port()
    worker = run_module("control.worker", node.environ(control_mongod, FP_HEALTH_PORT=str(port)), tmp_path)
    try:
        await deployed(store, app, HELLO)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert (await client.get("/")).text == "ok\n"
            async with asyncio.timeout(WAIT_SECONDS):
                while 'fp_deploys_total{outcome="succeeded"} 1.0' not in (text := (await client.get("/metrics")).text):
                    await asyncio.sleep(0.02)
        assert "fp_loop_lag_seconds_bucket" in text
        assert app.id not in text
        assert "worker_started" in [event.kind for event in (await store.events.page(None)).items]
    finally:
        await asyncio.to_thread(stopped, worker)
