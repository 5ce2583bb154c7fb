"""Versions, with everything that runs them: what a version takes along, what differs, going back, and the bound database."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from cluster.base import AppView, Synced
from cluster.local import LocalCluster
from tests.integration.api.checks import problem
from tests.support.api_process import TOKEN, sign_up
from tests.support.api_stack import Stack, deployed, until
from tests.support.control_mongo import MongoServer

APP = """\
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def tell():
    names = ("DEBUG", "KEY", "PLATFORM_MONGO_URI")
    return {{"word": {word!r}, "pid": os.getpid(), **{{name: os.environ.get(name) for name in names}}}}
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with (
        MongoServer(tmp_path_factory.mktemp("mongo")) as mongo,
        Stack(mongo.start(), tmp_path_factory.mktemp("fp")) as running,
    ):
        yield running


@pytest.fixture(scope="module")
async def eve(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with stack.api.client((await sign_up(stack.api, "eve"))["token"]) as client:
        client.timeout = httpx.Timeout(60)
        yield client


async def told(stack: Stack, app: str) -> dict[str, Any]:
    """What the app itself says; woken if it sleeps."""
    upstream = ""
    async with LocalCluster(stack.api.node_port, TOKEN) as cluster:
        async for event in cluster.watch():
            if isinstance(event, AppView) and event.name == app:
                upstream = event.upstream or ""
            if upstream or isinstance(event, Synced):
                break
    assert upstream, f"{app} does not run: {stack.logs()}"
    async with httpx.AsyncClient(base_url=f"http://{upstream}", trust_env=False) as client:
        found: dict[str, Any] = (await client.get("/")).json()
        return found


async def publish(eve: httpx.AsyncClient, app: str, word: str) -> dict[str, Any]:
    if (await eve.get(f"/api/apps/{app}")).status_code == 404:
        assert (await eve.post("/api/apps", json={"name": app})).status_code == 201
    await eve.put(f"/api/apps/{app}/draft", json={"files": {"app.py": APP.format(word=word)}})
    ended = await deployed(eve, app)
    assert ended["status"] == "succeeded", ended
    return ended


async def over(eve: httpx.AsyncClient, deploy: str) -> dict[str, Any]:
    async def ended() -> dict[str, Any] | None:
        body: dict[str, Any] = (await eve.get(f"/api/deploys/{deploy}")).json()
        return body if body["status"] != "running" else None

    found: dict[str, Any] = await until(ended)
    return found


async def test_going_back_brings_back_code_and_settings_as_a_new_version(stack: Stack, eve: httpx.AsyncClient) -> None:
    await eve.post("/api/apps", json={"name": "time"})
    settings = {"env": {"DEBUG": "1"}, "secrets": {"KEY": "old"}, "memory_mb": 256}
    assert (await eve.patch("/api/apps/time/settings", json=settings)).json()["undeployed"] == []
    await publish(eve, "time", "one")
    assert (await told(stack, "time"))["KEY"] == "old"
    changed = await eve.patch("/api/apps/time/settings", json={"env": {"DEBUG": None}, "secrets": {"KEY": "new"}})
    assert changed.json()["undeployed"] == ["env.DEBUG", "secrets.KEY"]
    assert (await told(stack, "time"))["KEY"] == "old", "settings wait for the next deploy"
    await publish(eve, "time", "two")
    now = await told(stack, "time")
    assert (now["word"], now["DEBUG"], now["KEY"]) == ("two", None, "new")
    assert (await eve.get("/api/apps/time/settings")).json()["undeployed"] == []

    answer = await eve.post("/api/apps/time/rollback", json={"version": 1}, headers={"Idempotency-Key": "back"})
    assert (answer.status_code, answer.json()["rollback_of"]) == (202, 1)
    again = await eve.post("/api/apps/time/rollback", json={"version": 1}, headers={"Idempotency-Key": "back"})
    assert again.json()["id"] == answer.json()["id"]
    ended = await over(eve, answer.json()["id"])
    assert (ended["status"], ended["version"]) == ("succeeded", 3), ended
    now = await told(stack, "time")
    assert (now["word"], now["DEBUG"], now["KEY"]) == ("one", "1", "old")
    after = (await eve.get("/api/apps/time/settings")).json()
    assert (after["env"], after["memory_mb"], after["undeployed"]) == ({"DEBUG": "1"}, 256, [])
    assert "two" in (await eve.get("/api/apps/time/draft")).json()["files"]["app.py"], "the draft stays"

    items = (await eve.get("/api/apps/time/versions")).json()["items"]
    assert [(item["number"], item["live"], item["rollback_of"]) for item in items] == [
        (3, True, 1), (2, False, None), (1, False, None),
    ]  # fmt: skip
    one = (await eve.get("/api/apps/time/versions/1")).json()
    assert (one["env"], one["secrets"], one["version"]["framework"]) == ({"DEBUG": "1"}, ["KEY"], "fastapi")


async def test_what_differs_is_told_between_any_two(stack: Stack, eve: httpx.AsyncClient) -> None:
    assert (await eve.post("/api/apps", json={"name": "differs"})).status_code == 201
    first = (await eve.get("/api/apps/differs/diff")).json()
    assert (first["before"], [file["change"] for file in first["files"]]) == (None, ["added"])
    await publish(eve, "differs", "one")
    same = (await eve.get("/api/apps/differs/diff")).json()
    assert (same["before"], same["after"], same["files"], same["settings"]) == ("1", "draft", [], [])
    await eve.put("/api/apps/differs/draft", json={"files": {"app.py": APP.format(word="two"), "new.txt": "x"}})
    await eve.patch("/api/apps/differs/settings", json={"env": {"A": "1"}})
    found = (await eve.get("/api/apps/differs/diff?before=1&after=draft")).json()
    assert [(file["path"], file["added"], file["removed"]) for file in found["files"]] == [
        ("app.py", 1, 1), ("new.txt", 1, 0),
    ]  # fmt: skip
    assert found["settings"] == [{"name": "env.A", "before": None, "after": "1"}]
    problem(await eve.get("/api/apps/differs/diff?before=9"), 404, "not_found")
    problem(await eve.get("/api/apps/differs/diff?before=x"), 400, "bad_request")


async def test_a_version_that_is_gone_cannot_be_gone_back_to(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(eve, "young", "one")
    problem(await eve.post("/api/apps/young/rollback", json={"version": 7}), 404, "not_found")
    problem(await eve.post("/api/apps/young/rollback", json={"version": "1"}), 422, "invalid")


async def test_a_restart_is_the_same_version_in_another_process(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(eve, "again", "one")
    before = await told(stack, "again")
    answer = await eve.post("/api/apps/again/restart")
    assert (answer.status_code, answer.json()["status"], answer.json()["version"]) == (200, "running", 1)
    after = await told(stack, "again")
    assert after["word"] == "one"
    assert after["pid"] != before["pid"]
    await eve.post("/api/apps/again/pause")
    problem(await eve.post("/api/apps/again/restart"), 409, "conflict")


async def test_a_deleted_app_that_is_had_back_runs_again(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(eve, "lazarus", "one")
    found = (await eve.get("/api/apps/lazarus")).json()["id"]
    await eve.delete("/api/apps/lazarus")
    assert (await eve.post(f"/api/trash/{found}/restore", json={})).status_code == 200

    async def runs() -> bool:
        return (await eve.get("/api/apps/lazarus/status")).json()["status"] in {"running", "sleeping"}

    await until(runs)
    assert (await eve.post("/api/apps/lazarus/wake")).status_code == 200
    assert (await told(stack, "lazarus"))["word"] == "one"


async def test_two_deploys_at_once_end_with_the_newer_one(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(eve, "race", "one")
    await eve.put("/api/apps/race/draft", json={"files": {"app.py": APP.format(word="two")}})
    older = (await eve.post("/api/apps/race/deploy", json={})).json()["id"]
    newer = (await eve.post("/api/apps/race/rollback", json={"version": 1})).json()["id"]
    ends = await asyncio.gather(over(eve, older), over(eve, newer))
    assert ends[1]["status"] == "succeeded"
    assert (await told(stack, "race"))["word"] == "one"


async def test_another_database_is_bound_without_a_deploy(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(eve, "moves", "one")
    before = (await told(stack, "moves"))["PLATFORM_MONGO_URI"]
    other = (await eve.post("/api/databases", json={"label": "other"})).json()["name"]
    changed = await eve.patch("/api/apps/moves/settings", json={"database": other})
    assert (changed.status_code, changed.json()["database"]) == (200, other)

    async def moved() -> bool:
        await eve.post("/api/apps/moves/wake")
        return other in (await told(stack, "moves"))["PLATFORM_MONGO_URI"]

    await until(moved)
    assert before != (await told(stack, "moves"))["PLATFORM_MONGO_URI"]
    problem(await eve.delete(f"/api/databases/{other}?name={other}"), 409, "conflict")


async def test_an_app_whose_database_went_meanwhile_comes_back_with_the_default(
    stack: Stack, eve: httpx.AsyncClient
) -> None:
    made = (await eve.post("/api/apps", json={"name": "homeless"})).json()["id"]
    other = (await eve.post("/api/databases", json={"label": "short-lived"})).json()["name"]
    await eve.patch("/api/apps/homeless/settings", json={"database": other})
    await eve.delete("/api/apps/homeless")
    assert (await eve.delete(f"/api/databases/{other}?name={other}")).status_code == 204
    assert (await eve.post(f"/api/trash/{made}/restore", json={})).status_code == 200
    assert (await eve.get("/api/apps/homeless/settings")).json()["database"] not in {None, other}
