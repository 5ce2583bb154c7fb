"""Two api processes and two workers on one MongoDB: whatever people do through either, the documents and the cluster agree."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient

from control.domain.clock import utc_now
from control.lifecycle.views import ClusterViews
from control.store import Store
from tests.support.api_process import Api, sign_up
from tests.support.control_mongo import MongoServer, run_module, stopped
from tests.support.control_node import WAIT_SECONDS, Node
from tests.support.node_process import TOKEN

PEOPLE = 4
TURNS = 40
APP = "from fastapi import FastAPI\n\napp = FastAPI()\n# {}\n"
BROKEN = "app = \n# {}\n"


@pytest.fixture
async def apis(
    node: Node, views: ClusterViews, control_mongod: MongoServer, tmp_path: Path
) -> AsyncIterator[list[Api]]:
    """Both api processes, with both workers beside them."""
    workers, started = [], []
    try:
        for name in ("one", "two"):
            folder = tmp_path / name
            await asyncio.to_thread(folder.mkdir)
            ports = {"FP_NODE_PORT": str(node.process.port), "FP_INTERNAL_TOKEN": TOKEN}
            started.append(await asyncio.to_thread(Api(control_mongod, folder, **ports).start))
            workers.append(run_module("control.worker", node.environ(control_mongod), folder))
        yield started
    finally:
        for api in started:
            await asyncio.to_thread(api.stop)
        for worker in workers:
            await asyncio.to_thread(stopped, worker)


class Person:
    """Somebody who does at random what people do, through either process; `answers` are all that came back."""

    def __init__(self, number: int, clients: list[httpx.AsyncClient], names: list[str]) -> None:
        self._choose = random.Random(number)
        self._clients = clients
        self._names = names
        self.answers: list[httpx.Response] = []

    async def live(self) -> None:
        for turn in range(TURNS):
            client, name = self._choose.choice(self._clients), self._choose.choice(self._names)
            source = self._choose.choice([APP, APP, BROKEN]).format(f"{id(self)} {turn}")
            for method, path, body in self._wish(name, source):
                self.answers.append(await client.request(method, f"/api/apps{path}", json=body))

    def _wish(self, name: str, source: str) -> list[tuple[str, str, Any]]:
        draft = ("PUT", f"/{name}/draft", {"files": {"app.py": source}})
        wishes: list[list[tuple[str, str, Any]]] = [
            [("POST", "", {"name": name})],
            [draft],
            [draft, ("POST", f"/{name}/deploy", {})],
            [draft, ("POST", f"/{name}/deploy", {})],
            [("POST", f"/{name}/deploy", {})],
            [("DELETE", f"/{name}", None)],
        ]
        return self._choose.choices(wishes, weights=[4, 2, 3, 3, 2, 1])[0]


async def settled(store: Store) -> None:
    """Returns once no deploy runs and all that was deleted is purged, for which nobody waits a day."""
    for app in await store.apps.deleted():
        await store.apps.hasten_purge(app.id, utc_now())
    async with asyncio.timeout(3 * WAIT_SECONDS):
        while await store.deploys.apps_deploying() or await store.apps.deleted():
            await asyncio.sleep(0.05)


async def test_whatever_is_done_through_either_the_documents_and_the_cluster_agree(
    apis: list[Api], store: Store, views: ClusterViews, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    token = (await sign_up(apis[0], "ada"))["token"]
    clients = [api.client(token) for api in apis]
    people = [Person(number, clients, [f"app-{letter}" for letter in "abcd"]) for number in range(PEOPLE)]
    try:
        await asyncio.gather(*(person.live() for person in people))
        answers = [answer for person in people for answer in person.answers]
        assert {answer.status_code for answer in answers} <= {200, 201, 202, 204, 404, 409}, answers
        assert {answer.status_code for answer in answers} >= {201, 202, 204}
        await settled(store)
        told = await asyncio.gather(*(client.get("/api/admin/audit?limit=1") for client in clients))
        assert {answer.status_code for answer in told} == {200}
    finally:
        for client in clients:
            await client.aclose()
    await check_documents(store, mongo)
    await check_cluster(store, views)
    entries = {one["_id"] async for one in mongo["platform"]["audit"].find({}, {"_id": 1})}
    assert {answer.headers["x-request-id"] for answer in answers} <= entries


async def check_documents(store: Store, mongo: AsyncMongoClient[dict[str, Any]]) -> None:
    """Deploys are numbered without a gap and over; the newest that succeeded is live; nothing is left of deleted apps."""
    apps = {app.id: app for app in await store.apps.living()}
    assert len({app.name for app in apps.values()}) == len(apps)
    for app in apps.values():
        deploys = (await store.deploys.page(app.id, limit=200)).items
        assert [deploy.number for deploy in deploys] == list(range(app.deploys, 0, -1))
        assert {deploy.status for deploy in deploys} <= {"succeeded", "failed"}
        succeeded = [deploy for deploy in deploys if deploy.status == "succeeded"]
        versions = [version.number for version in (await store.versions.page(app.id)).items]
        assert len(set(versions)) == len(versions)
        assert (app.live is None) is (not succeeded)
        if app.live is not None:
            assert app.live.deploy == succeeded[0].number
            assert app.live.number in versions
    for collection, field in (("drafts", "_id"), ("versions", "app"), ("deploys", "app")):
        assert set(await mongo["platform"][collection].distinct(field)) <= apps.keys(), collection


async def check_cluster(store: Store, views: ClusterViews) -> None:
    """It knows the apps that have a live version, in that version, and no other."""
    wanted = {app.id: app.live.version for app in await store.apps.living() if app.live is not None}
    async with asyncio.timeout(WAIT_SECONDS):
        while {app: view.version for app, view in views.all.items()} != wanted:
            await asyncio.sleep(0.05)
