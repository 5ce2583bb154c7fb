"""Deploy, sleep and wake over HTTP, with a real worker, node and activator."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest

from cluster.base import AppView, Synced, Unavailable
from cluster.local import LocalCluster
from tests.integration.api.checks import problem
from tests.support.api_process import TOKEN, sign_up
from tests.support.api_stack import Stack, deployed, until
from tests.support.control_mongo import MongoServer

BROKEN = "from fastapi import FastAPI\n\napp = FastAPI()\n\nraise ValueError('not today')\n"


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


async def views(stack: Stack) -> dict[str, AppView]:
    """What the cluster says of each app now, by name."""
    found: dict[str, AppView] = {}
    async with LocalCluster(stack.api.node_port, TOKEN) as cluster, aclosing(cluster.watch()) as events:  # type: ignore[type-var]
        async for event in events:
            if isinstance(event, Synced):
                break
            if isinstance(event, AppView):
                found[event.name] = event
    return found


async def upstream(stack: Stack, app: str) -> str:
    """Where the app itself listens, as the cluster says."""
    address = (await views(stack))[app].upstream
    assert address is not None, f"{app} is not awake: {stack.logs()}"
    return address


async def asked(stack: Stack, app: str, method: str, path: str, body: str | None = None, **more: Any) -> httpx.Response:
    """The app's own answer."""
    kind = "application/json" if body and body[0] in "{[" else "application/x-www-form-urlencoded"
    async with httpx.AsyncClient(base_url=f"http://{await upstream(stack, app)}", trust_env=False) as client:
        return await client.request(method, path, content=body, headers={"Content-Type": kind} | more)


async def publish(stack: Stack, eve: httpx.AsyncClient, app: str, **body: str) -> None:
    assert (await eve.post("/api/apps", json={"name": app} | body)).status_code == 201
    ended = await deployed(eve, app)
    assert ended["status"] == "succeeded", f"{ended} {stack.logs()}"


async def status(eve: httpx.AsyncClient, app: str) -> str:
    word: str = (await eve.get(f"/api/apps/{app}/status")).json()["status"]
    return word


async def test_every_part_but_the_door_gets_ready(stack: Stack, eve: httpx.AsyncClient) -> None:
    async def checks() -> dict[str, str] | None:
        answer = await eve.get("/api/ready")
        found: dict[str, str] = answer.json()["checks"]
        others = {said for part, said in found.items() if part != "door"}
        return {"status": str(answer.status_code), **found} if others == {"ok"} else None

    found = await until(checks)
    assert found["door"] != "ok"
    assert found["status"] == "503"


async def test_an_app_is_deployed_sleeps_and_wakes(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(stack, eve, "sleepy")
    assert await status(eve, "sleepy") == "running"
    slept = await eve.post("/api/apps/sleepy/sleep")
    assert (slept.status_code, slept.json()["status"]) == (200, "sleeping")
    assert (await eve.get("/api/apps/sleepy")).json()["status"] == "sleeping"
    assert (await eve.post("/api/apps/sleepy/sleep")).json()["status"] == "sleeping"
    woken = await eve.post("/api/apps/sleepy/wake")
    assert (woken.status_code, woken.json()["status"], woken.json()["version"]) == (200, "running", 1)
    assert (await eve.get("/api/apps/sleepy")).json()["status"] == "running"
    assert (await asked(stack, "sleepy", "GET", "/")).status_code == 200


async def test_a_paused_app_sleeps_and_stays_asleep_until_it_is_resumed(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(stack, eve, "halted")
    for _ in range(2):
        paused = await eve.post("/api/apps/halted/pause")
        assert (paused.status_code, paused.json()["status"]) == (200, "paused")
    view = (await views(stack))["halted"]
    assert (view.blocked, view.replicas) == ("paused", 0)
    problem(await eve.post("/api/apps/halted/wake"), 409, "conflict")
    assert (await eve.patch("/api/apps/halted/settings", json={"idle_minutes": 7})).status_code == 200
    view = (await views(stack))["halted"]
    assert (view.blocked, view.idle_minutes) == ("paused", 7), "other settings let it go on"
    assert (await deployed(eve, "halted"))["status"] == "succeeded"
    assert await status(eve, "halted") == "paused"
    assert (await views(stack))["halted"].blocked == "paused"
    resumed = await eve.post("/api/apps/halted/resume")
    assert (resumed.status_code, resumed.json()["status"]) == (200, "sleeping")
    assert (await eve.post("/api/apps/halted/wake")).json()["status"] == "running"


async def test_a_pause_that_the_cluster_did_not_hear_of_reaches_it_later(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(stack, eve, "deaf")
    stack.end("cluster.local")
    try:
        assert (await eve.post("/api/apps/deaf/pause")).json()["status"] == "paused"
    finally:
        stack.start("cluster.local")

    async def heard() -> bool:
        try:
            return (await views(stack))["deaf"].blocked == "paused"
        except Unavailable:  # it is still starting
            return False

    await until(heard)


async def test_the_owner_is_shown_all_of_a_failed_wake(stack: Stack, eve: httpx.AsyncClient, tmp_path: Path) -> None:
    flag = tmp_path / "moon"
    code = f"import pathlib\n\nif pathlib.Path({str(flag)!r}).exists():\n    raise ValueError('the key is 42')\n"
    code += "from fastapi import FastAPI\n\napp = FastAPI()\n"
    await eve.post("/api/apps", json={"name": "fragile"})
    await eve.put("/api/apps/fragile/draft", json={"files": {"app.py": code}})
    assert (await deployed(eve, "fragile"))["status"] == "succeeded"
    await eve.post("/api/apps/fragile/sleep")
    flag.touch()
    answer = await eve.post("/api/apps/fragile/wake")
    assert (answer.status_code, answer.json()["code"]) == (502, "app_failed")
    woken = answer.json()
    state = (await eve.get("/api/apps/fragile/status")).json()
    assert (state["status"], "the key is 42" in state["failure"]) == ("error", True)
    for finding in (woken["findings"][0], state["findings"][0]):
        assert (finding["file"], finding["line"]) == ("app.py", 4)
        assert "the key is 42" in finding["message"]
        assert "Traceback" in finding["traceback"]
    flag.unlink()
    woken = (await eve.post("/api/apps/fragile/wake")).json()
    assert (woken["status"], woken["failure"], woken["findings"]) == ("running", None, [])
    assert (await eve.get("/api/apps/fragile/status")).json()["findings"] == []


async def test_settings_reach_the_cluster(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(stack, eve, "settled")
    await eve.patch("/api/apps/settled/settings", json={"idle_minutes": 7})
    assert (await views(stack))["settled"].idle_minutes == 7
    settings = (await eve.get("/api/apps/settled/settings")).json()
    assert settings["idle_minutes"] == 7
    assert settings["database"].startswith("u_eve_")


async def test_a_broken_first_deploy_points_at_the_line(stack: Stack, eve: httpx.AsyncClient) -> None:
    await eve.post("/api/apps", json={"name": "broken"})
    await eve.put("/api/apps/broken/draft", json={"files": {"app.py": BROKEN}})
    ended = await deployed(eve, "broken")
    assert ended["status"] == "failed"
    assert [(finding["file"], finding["line"]) for finding in ended["findings"]] == [("app.py", 5)]
    state = (await eve.get("/api/apps/broken/status")).json()
    assert state["status"] == "error"
    assert "not today" in state["failure"]
    problem(await eve.post("/api/apps/broken/wake"), 409, "conflict")


async def test_requests_and_logs_of_an_app_arrive(stack: Stack, eve: httpx.AsyncClient) -> None:
    code = "from fastapi import FastAPI\n\napp = FastAPI()\n\n@app.get('/')\ndef index():\n    print('asked for')\n    return 1\n"
    await eve.post("/api/apps", json={"name": "chatty"})
    await eve.put("/api/apps/chatty/draft", json={"files": {"app.py": code}})
    assert (await deployed(eve, "chatty"))["status"] == "succeeded"
    await asked(stack, "chatty", "GET", "/?q=1")

    async def arrived() -> Any:
        requests = (await eve.get("/api/apps/chatty/requests")).json()["items"]
        logs = (await eve.get("/api/apps/chatty/logs?search=asked")).json()["items"]
        return (requests, logs) if requests and logs else None

    requests, logs = await until(arrived)
    assert [(item["method"], item["path"], item["query"], item["status"]) for item in requests] == [
        ("GET", "/", "q=1", 200)
    ]
    assert logs[0]["text"] == "asked for"
    assert logs[0]["version"] == 1
    assert (await eve.get("/api/apps/chatty")).json()["last_request_at"] == requests[0]["time"]


async def test_without_the_activator_waking_is_unavailable_and_then_works_again(
    stack: Stack, eve: httpx.AsyncClient
) -> None:
    await publish(stack, eve, "patient")
    stack.end("activator")
    problem(await eve.post("/api/apps/patient/wake"), 503, "unavailable")
    assert (await eve.get("/api/ready")).json()["checks"]["activator"] != "ok"
    stack.start("activator")

    async def woken() -> bool:
        return (await eve.post("/api/apps/patient/wake")).status_code == 200

    await until(woken)


async def test_a_deleted_app_is_stopped(stack: Stack, eve: httpx.AsyncClient) -> None:
    await publish(stack, eve, "doomed")
    assert (await eve.delete("/api/apps/doomed")).status_code == 204

    async def gone() -> bool:
        return "doomed" not in await views(stack)

    await until(gone)
