"""Deploys over HTTP: queued once per key, followed event by event, resumed where a reader left.

The steps that the worker would make are made here, through the store, so that each test decides what happens when.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import httpx

from control.domain import deploys
from control.domain.clock import utc_now
from control.store import Store
from fp.api.problems import Finding
from tests.integration.api.checks import problem

ACCEPT = {"Accept": "text/event-stream"}


async def read_events(
    client: httpx.AsyncClient, deploy: str, last: str | None = None
) -> AsyncGenerator[dict[str, Any], None]:
    """The events of a deploy as they come: `id`, `event`, and `data` decoded."""
    headers = ACCEPT | ({"Last-Event-ID": last} if last is not None else {})
    async with client.stream("GET", f"/api/deploys/{deploy}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, Any] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line == "" and "data" in event:
                yield event
                event = {}
            elif name in {"id", "event", "data"}:
                event[name] = json.loads(value) if name == "data" else value


async def queued(client: httpx.AsyncClient, app: str) -> str:
    answer = await client.post(f"/api/apps/{app}/deploy", json={})
    assert answer.status_code == 202
    deploy_id: str = answer.json()["id"]
    return deploy_id


async def step(store: Store, deploy: deploys.Deploy, name: str, number: int | None = None) -> deploys.Deploy:
    """Begins and ends one stage."""
    begun = await store.deploys.save(deploys.begin(deploy, name, f"{name} runs", utc_now()))  # type: ignore[arg-type]
    return await store.deploys.save(deploys.end(begun, f"{name} done", utc_now(), version=number))


async def test_a_deploy_is_queued_with_all_its_stages(ada: httpx.AsyncClient, app: str) -> None:
    body = (await ada.post(f"/api/apps/{app}/deploy", json={})).json()
    assert body["status"] == "running"
    assert [stage["name"] for stage in body["stages"]] == ["validate", "version", "start", "ready"]
    assert (await ada.get(f"/api/apps/{app}/status")).json()["status"] == "deploying"
    assert (await ada.get(f"/api/deploys/{body['id']}")).json() == body
    assert (await ada.get(f"/api/apps/{app}/deploys")).json()["items"] == [body]


async def test_a_deploy_tells_which_draft_it_took(ada: httpx.AsyncClient, app: str) -> None:
    """Its etag, also after the draft has moved on: so one can tell whether what it found still is in the draft."""
    url = f"/api/apps/{app}/draft"
    taken = (await ada.get(url)).json()
    deploy = await queued(ada, app)
    files = taken["files"] | {"more.py": "x = 1\n"}
    changed = (await ada.put(url, json={"files": files, "entrypoint": taken["entrypoint"]})).json()
    assert changed["etag"] != taken["etag"]
    assert (await ada.get(f"/api/deploys/{deploy}")).json()["draft_etag"] == taken["etag"]
    newer = await queued(ada, app)
    assert (await ada.get(f"/api/deploys/{newer}")).json()["draft_etag"] == changed["etag"]


async def test_the_same_key_makes_one_deploy(ada: httpx.AsyncClient, app: str) -> None:
    url, key = f"/api/apps/{app}/deploy", {"Idempotency-Key": "build-17"}
    answers = await asyncio.gather(*(ada.post(url, json={}, headers=key) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await ada.post(url, json={}, headers={"Idempotency-Key": "build-18"})
    assert other.json()["id"] != answers[0].json()["id"]
    problem(await ada.post(url, json={}, headers={"Idempotency-Key": "x" * 201}), 400, "bad_request")


async def test_every_step_is_told_as_it_happens_and_then_it_ends(
    ada: httpx.AsyncClient, app: str, opened_store: Store
) -> None:
    deploy_id = await queued(ada, app)
    deploy = await opened_store.deploys.get(deploy_id)
    events: list[dict[str, Any]] = []
    async with aclosing(read_events(ada, deploy_id)) as stream:
        events.append(await anext(stream))
        deploy = await step(opened_store, deploy, "validate")
        events += [await anext(stream), await anext(stream)]
        deploy = await step(opened_store, deploy, "version", 1)
        begun = await opened_store.deploys.save(deploys.begin(deploy, "ready", "", utc_now()))
        await opened_store.deploys.save(deploys.succeed(begun, utc_now()))
        events += [event async for event in stream]
    assert [event["id"] for event in events] == [str(number) for number in range(1, 8)]
    assert {event["event"] for event in events} == {"deploy"}
    assert [event["data"]["seq"] for event in events] == list(range(1, 8))
    assert events[1]["data"]["deploy"]["stages"][0]["status"] == "running"
    assert events[-1]["data"]["deploy"]["status"] == "succeeded"
    assert events[-1]["data"]["deploy"] == (await ada.get(f"/api/deploys/{deploy_id}")).json()


async def test_a_reader_that_comes_back_is_told_what_it_missed_and_no_more(
    ada: httpx.AsyncClient, app: str, opened_store: Store
) -> None:
    deploy_id = await queued(ada, app)
    deploy = await opened_store.deploys.get(deploy_id)
    async with aclosing(read_events(ada, deploy_id)) as stream:
        first = await anext(stream)
    deploy = await step(opened_store, deploy, "validate")
    finding = Finding("syntax_error", "no", "app.py", 3)
    await opened_store.deploys.save(deploys.fail(deploy, [finding], utc_now()))
    missed = [event async for event in read_events(ada, deploy_id, first["id"])]
    assert [event["id"] for event in missed] == ["2", "3", "4"]
    assert missed[-1]["data"]["deploy"]["findings"][0]["line"] == 3
    done = await ada.get(f"/api/deploys/{deploy_id}/events", headers=ACCEPT | {"Last-Event-ID": "4"})
    assert (done.status_code, done.content) == (204, b"")
    for strange in ("x", "-1", "999999999999", "\u0664"):
        header = strange.encode()
        answer = await ada.get(f"/api/deploys/{deploy_id}/events", headers=[(b"Last-Event-ID", header)])
        assert answer.status_code in {200, 204}


async def test_a_reader_that_leaves_does_not_disturb_the_next(
    ada: httpx.AsyncClient, app: str, opened_store: Store
) -> None:
    deploy_id = await queued(ada, app)
    for _ in range(20):
        async with aclosing(read_events(ada, deploy_id)) as stream:
            assert (await anext(stream))["id"] == "1"
    assert (await ada.get("/api/health")).status_code == 200


async def test_a_deploy_that_waits_is_cancelled_at_once(ada: httpx.AsyncClient, app: str) -> None:
    deploy = await queued(ada, app)
    first, again = [await ada.post(f"/api/deploys/{deploy}/cancel") for _ in range(2)]
    assert (first.status_code, again.status_code) == (202, 202)
    body = first.json()
    assert (body["status"], body["findings"][0]["code"]) == ("failed", "cancelled")
    assert body["cancelled_by"] in body["findings"][0]["message"]
    assert again.json() == body
    events = [event async for event in read_events(ada, deploy)]
    assert events[-1]["data"]["deploy"] == body
    assert (await ada.get(f"/api/apps/{app}/deploys")).json()["items"] == [body]


async def test_one_that_a_worker_has_is_left_to_it(ada: httpx.AsyncClient, app: str, opened_store: Store) -> None:
    deploy = await opened_store.deploys.get(await queued(ada, app))
    begun = await opened_store.deploys.save(deploys.begin(deploy, "validate", "", utc_now()))
    noted = await ada.post(f"/api/deploys/{begun.id}/cancel")
    assert (noted.status_code, noted.json()["status"]) == (202, "running")
    assert noted.json()["cancelled_by"]
    await opened_store.deploys.save(deploys.end(begun, "", utc_now()))


async def test_what_is_over_cannot_be_cancelled(ada: httpx.AsyncClient, app: str, opened_store: Store) -> None:
    for end in ("succeeded", "failed"):
        deploy = await opened_store.deploys.get(await queued(ada, app))
        if end == "succeeded":
            begun = await opened_store.deploys.save(deploys.begin(deploy, "ready", "", utc_now()))
            await opened_store.deploys.save(deploys.succeed(begun, utc_now()))
        else:
            await opened_store.deploys.end_failed(deploy.id, Finding("syntax_error", "no", "app.py", 3), utc_now())
        refused = problem(await ada.post(f"/api/deploys/{deploy.id}/cancel"), 409, "conflict")
        assert end in refused["detail"]
        assert refused["hint"]


async def test_an_unknown_deploy_is_not_found(ada: httpx.AsyncClient) -> None:
    problem(await ada.get("/api/deploys/nope"), 404, "not_found")
    problem(await ada.get("/api/deploys/nope/events"), 404, "not_found")
