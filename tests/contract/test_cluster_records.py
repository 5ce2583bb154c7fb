"""What instances have to tell reaches control: of the living, of the dead, and when control was away for a while."""

import asyncio

import httpx
import pytest

from cluster.kubernetes.keeper import LONGEST_BURIAL
from tests.support.node_harness import Harness, apply, get, workload
from tests.support.node_ingest import until


def _texts(harness: Harness, app: str) -> list[str]:
    return [line["text"] for line in harness.ingest.of(app) if line["kind"] == "log"]


def _paths(harness: Harness, app: str) -> list[str]:
    """A line may come more than once; control stores it once, by its id."""
    return sorted({line["id"]: line["path"] for line in harness.ingest.of(app) if line["kind"] == "request"}.values())


async def test_requests_and_lines_arrive_with_app_version_and_instance(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app, 4))
    view = await harness.follower.awake(app)
    await get(view, "/print/hello-there")
    await until(lambda: "hello-there" in _texts(harness, app))
    await until(lambda: any(line["kind"] == "request" for line in harness.ingest.of(app)))
    query = next(query for query, line in harness.ingest.lines if query["app"] == app)
    assert query == {"app": app, "version": "4", "instance": view.instance}


async def test_a_crash_is_told_with_its_code(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    with pytest.raises(httpx.HTTPError):
        await get(view, "/exit")
    await until(lambda: "Process exited with code 3" in _texts(harness, app))
    line = next(line for line in harness.ingest.of(app) if line.get("text") == "Process exited with code 3")
    assert (line["level"], line["id"].startswith("node-"), line["request_id"]) == ("error", True, None)
    dead = await harness.follower.view(app, lambda view: view.failure and "code 3" in view.failure.message)
    assert dead.failure is not None
    assert (dead.failure.code, dead.failure.message) == ("exited", "Process exited with code 3")


async def test_what_a_process_wrote_by_itself_before_it_was_killed_is_told(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    with pytest.raises(httpx.HTTPError):
        await get(view, "/native")
    await until(lambda: "Process was killed by SIGKILL" in _texts(harness, app))
    if harness.is_local:  # in a pod it is in what `kubectl logs` shows, and in the failure
        assert "the native library gave up" in _texts(harness, app)
    dead = await harness.follower.view(app, lambda view: view.failure and "SIGKILL" in view.failure.message)
    assert dead.failure is not None
    assert "the native library gave up" in (dead.failure.traceback or "")


@pytest.mark.parametrize("age", ["young", "old"])
async def test_a_killed_instance_loses_nothing_that_it_answered(harness: Harness, app: str, age: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    if age == "old" and not harness.is_local:
        await asyncio.sleep(LONGEST_BURIAL + 2)
    async with httpx.AsyncClient(trust_env=False) as http:
        for number in range(200):
            answer = await http.get(f"http://{view.upstream}/print/{number}")
    harness.kill_instance(answer.text)
    await until(lambda: "Process was killed by SIGKILL" in _texts(harness, app), 30.0)
    # In a pod the death is told by whoever watches it, and its last records by the process that comes after it.
    await until(lambda: len(_paths(harness, app)) >= 200, 30.0)
    assert _paths(harness, app) == sorted(f"/print/{number}" for number in range(200))
    await until(lambda: not any(view.instance in trace for trace in harness.traces(app) if view.instance))


async def test_records_wait_while_control_is_away_and_arrive_once(harness: Harness, app: str) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    await harness.ingest.aclose()
    for number in range(20):
        await get(view, f"/print/before-{number}")
    await harness.cluster.scale(app, 0)
    await until(lambda: harness.instances(app) == 0)
    await harness.cluster.scale(app, 1)
    other = await harness.follower.awake(app)
    await get(other, "/print/other-instance")
    await harness.restart_ingest()
    await until(lambda: "other-instance" in _texts(harness, app) and "before-19" in _texts(harness, app))
    texts = _texts(harness, app)
    assert sorted(texts) == sorted([*(f"before-{number}" for number in range(20)), "other-instance"])


@pytest.mark.parametrize("status", [500, 503, 401])
async def test_records_that_control_does_not_take_are_sent_again(harness: Harness, app: str, status: int) -> None:
    await apply(harness.cluster, workload(app))
    view = await harness.follower.awake(app)
    refused = harness.ingest.refused
    harness.ingest.answer = status
    try:
        await get(view, "/print/kept")
        await until(lambda: harness.ingest.refused >= refused + 2)
        assert _texts(harness, app) == []
    finally:
        harness.ingest.answer = 204
    await until(lambda: _texts(harness, app) == ["kept"])
