"""Metrics, grouped errors, events and Prometheus over HTTP: what is reported is counted once, and each sees what is theirs."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import msgspec
import pytest

from control.domain.apps import Live
from control.domain.clock import utc_now
from control.domain.counters import PLATFORM, Counts, start_of
from control.domain.deploys import Deploy, Source, succeed
from control.domain.ids import new_id
from control.store import Store
from tests.integration.api.checks import problem
from tests.integration.api.test_ingest import post, request_line
from tests.support.api_process import Api

TRACEBACK = (
    'Traceback (most recent call last):\n  File "app.py", line 7, in pay\n    raise ValueError(n)\nValueError: 5'
)
RANGES = {"1h": 60, "6h": 120, "24h": 600, "7d": 3600, "30d": 21600}


@pytest.fixture
async def app_id(ada: httpx.AsyncClient, app: str) -> str:
    found: str = (await ada.get(f"/api/apps/{app}")).json()["id"]
    return found


async def metrics(client: httpx.AsyncClient, app: str, **query: str) -> dict[str, Any]:
    answer = await client.get(f"/api/apps/{app}/metrics", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def wake_line(app: str, number: int, outcome: str, **more: Any) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    wake = {"id": f"{app}-w{number}", "time": at, "cause": "request", "outcome": outcome, "ms": 80.0, "held": 1}
    return {"kind": "wake", "app": app, "wake": wake | more}


async def post_wakes(api: Api, *lines: dict[str, Any]) -> None:
    async with api.internal() as client:
        body = b"\n".join(msgspec.json.encode(line) for line in lines)
        assert (await client.post("/ingest/wakes", content=body)).status_code == 204


async def test_what_is_posted_twice_or_at_once_is_counted_once(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    now = time.time()
    lines = [
        request_line(
            n, time=now - n, ms=10.0 * (n + 1), status=500 if n == 0 else 200, cold_start_ms=40.0 if n == 1 else None
        )
        for n in range(10)
    ]
    await post(api, app_id, *lines[:4])
    await asyncio.gather(*(post(api, app_id, *lines) for _ in range(4)))
    wakes = [wake_line(app_id, 1, "ready"), wake_line(app_id, 2, "failed")]
    await post_wakes(api, *wakes)
    await post_wakes(api, *wakes, wake_line(app_id, 1, "ready", ms=81.0))
    for name in RANGES:
        totals = (await metrics(ada, app_id, range=name))["totals"]
        assert (totals["requests"], totals["errors"], totals["cold_starts"]) == (10, 1, 1)
        assert totals["statuses"] == {"1xx": 0, "2xx": 9, "3xx": 0, "4xx": 0, "5xx": 1}
        assert (totals["bytes_out"], totals["wakes"], totals["wakes_failed"], totals["error_share"]) == (20, 2, 1, 0.1)
        assert 50 / 1.19 <= totals["p50"] <= 50 * 1.19
        assert 100 / 1.19 <= totals["p99"] <= 100 * 1.19
        assert 40 / 1.19 <= totals["cold_p50"] <= 40 * 1.19
        assert 80 / 1.19 <= totals["wake_p95"] <= 80 * 1.19


async def test_points_cover_the_range_also_where_nothing_was(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    now = time.time()
    # Late ones last: an app that was cut off ships what it kept.
    for back in (0, 50 * 60, 20 * 60):
        await post(api, app_id, request_line(back, time=now - back, ms=5.0))
    for name, step in RANGES.items():
        found = await metrics(ada, app_id, range=name)
        times = [datetime.fromisoformat(point["time"]) for point in found["points"]]
        assert found["step_seconds"] == step
        assert len(times) <= 300
        assert {(b - a).total_seconds() for a, b in pairwise(times)} == {step}
        assert times[0] == datetime.fromisoformat(found["since"])
        assert sum(point["requests"] for point in found["points"]) == found["totals"]["requests"] == 3
    hour = await metrics(ada, app_id, range="1h")
    busy = [point for point in hour["points"] if point["requests"]]
    assert [(point["requests"], point["errors"]) for point in busy] == [(1, 0)] * 3
    assert sum(point["client_errors"] for point in hour["points"]) == hour["totals"]["statuses"]["4xx"] == 0
    await post(api, app_id, request_line(9, time=now, ms=5.0, status=404))
    assert [p["client_errors"] for p in (await metrics(ada, app_id, range="1h"))["points"] if p["client_errors"]] == [1]
    assert busy[0]["rate"] == round(1 / 60, 4)
    quiet = next(point for point in hour["points"] if not point["requests"])
    assert (quiet["p50"], quiet["p99"], quiet["rate"], quiet["wakes"]) == (None, None, 0.0, 0)


async def test_any_time_can_be_asked_for(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    await post(api, app_id, request_line(1, time=(now - timedelta(hours=2)).timestamp()))
    since, until = now - timedelta(hours=3), now - timedelta(hours=1)
    found = await metrics(ada, app_id, since=since.isoformat(), until=until.isoformat())
    assert (found["totals"]["requests"], found["step_seconds"]) == (1, 60)
    later = await metrics(ada, app_id, since=(now - timedelta(minutes=30)).isoformat().replace("+00:00", "Z"))
    assert (later["totals"]["requests"], later["totals"]["p50"], len(later["points"])) == (
        0,
        None,
        later["points"] and 31,
    )


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"range": "2h"}, 400, "range"),
        ({"since": "yesterday"}, 422, "since"),
        ({"since": "2026-01-01T00:00:00"}, 422, "zone"),
        ({"since": "2001-01-01T00:00:00Z"}, 422, "30 days"),
        ({"since": "2999-01-01T00:00:00Z"}, 422, "since"),
        ({"since": "0001-01-01T00:00:00+23:59"}, 422, "since"),
        ({"until": "2999-01-01T00:00:00Z"}, 422, "until"),
        ({"range": "1h", "since": "2999-01-01T00:00:00Z"}, 422, "range"),
        ({"since": "9" * 100}, 400, "since"),
    ],
)
async def test_a_range_that_cannot_be_says_why(
    ada: httpx.AsyncClient, app: str, query: dict[str, str], status: int, said: str
) -> None:
    answer = await ada.get(f"/api/apps/{app}/metrics", params=query)
    assert said in problem(answer, status, "invalid" if status == 422 else "bad_request")["detail"]


async def go_live(store: Store, app_id: str, at: datetime) -> Deploy:
    """A deploy of the app that succeeded at that time, as the worker would leave it; nothing runs."""
    app = await store.apps.get(app_id)
    deploy = await store.request_deploy(app, app.owner_name, Source({"app.py": ""}, "app.py"), at)
    claimed = msgspec.structs.replace(await store.deploys.get(deploy.id), version=1)
    await store.apps.go_live(app_id, Live(new_id(), 1, deploy.number), at)
    return await store.deploys.save(succeed(claimed, at))


async def test_health_sleep_and_deploys_are_those_of_the_app(
    api: Api, ada: httpx.AsyncClient, app_id: str, opened_store: Store
) -> None:
    assert (await metrics(ada, app_id))["health"]["word"] == "unknown"
    assert (await metrics(ada, app_id))["totals"]["asleep_share"] is None
    now = utc_now()
    deploy = await go_live(opened_store, app_id, now - timedelta(hours=5))
    assert (await metrics(ada, app_id))["health"]["word"] == "idle"
    await post(api, app_id, *(request_line(n, time=time.time() - 1800, status=500) for n in range(9)))
    assert (await metrics(ada, app_id))["health"]["word"] == "idle", "that was half an hour ago"
    await post(api, app_id, *(request_line(n, time=time.time()) for n in range(20, 28)))
    assert (await metrics(ada, app_id))["health"]["word"] == "healthy"
    await post(api, app_id, *(request_line(n, time=time.time(), status=500) for n in range(40, 42)))
    assert (await metrics(ada, app_id))["health"]["word"] == "degraded"
    # Two minutes watched, one of them before the app was live; awake for half of the other.
    watched = {(PLATFORM, start_of(now - timedelta(hours=h), 60)): Counts(watched_s=60.0) for h in (4, 6)}
    awake = {(app_id, start_of(now - timedelta(hours=4), 60)): Counts(awake_s=30.0)}
    await opened_store.metrics.add(watched | awake, now)
    found = await metrics(ada, app_id, range="24h")
    totals = found["totals"]
    assert (totals["awake_hours"], totals["asleep_hours"], totals["asleep_share"]) == (0.008, 0.008, 0.5)
    assert sum(point["awake_seconds"] for point in found["points"]) == 30
    slept = {point["asleep_seconds"] for point in found["points"]}
    assert slept == {None, 30.0}, "unwatched, or not live yet; half a minute of the one that was both"
    assert [(mark["version"], mark["deploy"]) for mark in found["deploys"]] == [(1, deploy.id)]
    assert (await metrics(ada, app_id, range="1h"))["deploys"] == []
    [item] = (await ada.get("/api/metrics/apps")).json()["items"]
    assert item["asleep_share"] == 0.5
    measured = {(PLATFORM, start_of(now, 60)): Counts(memory_s=600.0, measured_s=10.0)}
    await opened_store.metrics.add(measured, now)
    summary = (await ada.get("/api/metrics/summary")).json()
    assert (summary["asleep_share"], summary["awake_app_mb"], summary["given_back_mb_hours"]) == (0.5, 60.0, 0.5)
    assert (summary["apps"], summary["given_back_mb"]) == ({"waking": 1}, 0.0), "none of them sleeps"


async def test_activity_has_the_callers_apps_in_the_order_of_the_list(
    api: Api, ada: httpx.AsyncClient, bob: httpx.AsyncClient, app_id: str
) -> None:
    second = (await ada.post("/api/apps", json={})).json()
    await post(api, app_id, *(request_line(n, status=500 if n else 200) for n in range(3)))
    for name, bars in (("24h", 24), ("7d", 28), ("30d", 30)):
        page = (await ada.get("/api/metrics/apps", params={"range": name})).json()
        assert [item["app"] for item in page["items"]] == [second["id"], app_id]
        assert (page["items"][1]["requests"], page["items"][1]["errors"], page["next"]) == (3, 2, None)
        assert page["items"][1]["asleep_share"] is None, "it was never deployed"
        assert [len(item["bars"]) for item in page["items"]] == [bars, bars]
        assert (sum(page["items"][1]["bars"]), sum(page["items"][0]["bars"])) == (3, 0)
    first = (await ada.get("/api/metrics/apps", params={"limit": 1})).json()
    rest = (await ada.get("/api/metrics/apps", params={"limit": 1, "cursor": first["next"]})).json()
    assert [first["items"][0]["app"], rest["items"][0]["app"]] == [second["id"], app_id]
    assert (await bob.get("/api/metrics/apps")).json()["items"] == []
    summary = (await ada.get("/api/metrics/summary")).json()
    assert (summary["apps"], summary["requests"], summary["errors"]) == ({"draft": 2}, 3, 2)
    assert (await bob.get("/api/metrics/summary")).json()["requests"] == 0


async def test_errors_are_grouped_resolved_and_come_again(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    failed = [request_line(n, status=500, error=TRACEBACK.replace("5", str(n))) for n in range(3)]
    for _ in range(2):
        await post(api, app_id, *failed)
    [group] = (await ada.get(f"/api/apps/{app_id}/errors")).json()["items"]
    assert (group["kind"], group["file"], group["line"], group["function"]) == ("ValueError", "app.py", 7, "pay")
    assert (group["count"], group["version"], group["message"]) == (3, 3, "2")
    assert (await ada.get(f"/api/apps/{app_id}/requests")).json()["items"][0]["id"] == group["request"]
    path = f"/api/apps/{app_id}/errors/{group['fingerprint']}/resolve"
    assert (await ada.post(path)).status_code == 204
    assert (await ada.get(f"/api/apps/{app_id}/errors")).json()["items"] == []
    await post(api, app_id, request_line(100, status=500, error=TRACEBACK, time=time.time() + 1))
    assert [g["count"] for g in (await ada.get(f"/api/apps/{app_id}/errors")).json()["items"]] == [4]
    problem(await ada.post(f"/api/apps/{app_id}/errors/{'x' * 200}/resolve"), 404, "not_found")


async def test_what_is_somebody_elses_is_not_there(
    api: Api, admin: httpx.AsyncClient, ada: httpx.AsyncClient, bob: httpx.AsyncClient, app_id: str
) -> None:
    await post(api, app_id, request_line(1, status=500, error=TRACEBACK))
    [group] = (await ada.get(f"/api/apps/{app_id}/errors")).json()["items"]
    for path in ("metrics", "errors", "events"):
        problem(await bob.get(f"/api/apps/{app_id}/{path}"), 404, "not_found")
        assert (await admin.get(f"/api/apps/{app_id}/{path}")).status_code == 200
        async with api.client() as nobody:
            problem(await nobody.get(f"/api/apps/{app_id}/{path}"), 401, "not_logged_in")
    problem(await bob.post(f"/api/apps/{app_id}/errors/{group['fingerprint']}/resolve"), 404, "not_found")
    own = (await bob.post("/api/apps", json={})).json()["id"]
    problem(await bob.post(f"/api/apps/{own}/errors/{group['fingerprint']}/resolve"), 404, "not_found")
    assert len((await ada.get(f"/api/apps/{app_id}/errors")).json()["items"]) == 1


async def test_what_is_done_to_an_app_is_told(admin: httpx.AsyncClient, ada: httpx.AsyncClient, app: str) -> None:
    me = (await ada.get("/api/auth/me")).json()["username"]
    await ada.patch(f"/api/apps/{app}/settings", json={"idle_minutes": 7})
    await ada.post(f"/api/apps/{app}/pause")
    await ada.post(f"/api/apps/{app}/resume")
    problem(await ada.post(f"/api/apps/{app}/wake"), 409, "conflict")
    events = (await ada.get(f"/api/apps/{app}/events")).json()["items"]
    assert [event["kind"] for event in events] == ["resumed", "paused", "settings_changed", "app_created"]
    assert {event["by"] for event in events} == {me}
    assert events[2]["message"] == "idle_minutes"
    everyones = (await admin.get("/api/admin/events", params={"limit": 1})).json()["items"]
    assert [(event["kind"], event["app_name"]) for event in everyones] == [("resumed", app)]
    await ada.delete(f"/api/apps/{app}")
    problem(await ada.get("/api/admin/events"), 403, "forbidden")
    last = (await admin.get("/api/admin/events", params={"limit": 1})).json()
    assert (last["items"][0]["kind"], last["items"][0]["message"], last["items"][0]["app"]) == (
        "app_deleted",
        app,
        None,
    )
    assert last["next"]


async def test_prometheus_sees_routes_and_records_and_only_with_the_token(
    api: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    await post(api, app_id, request_line(1), b"{nonsense")
    await ada.get(f"/api/apps/{app_id}")
    await ada.get("/api/nothing/here")
    async with api.internal() as client:
        answer = await client.get("/metrics")
        assert (await client.post("/metrics")).status_code == 405
        client.headers["Authorization"] = "Bearer other"
        assert (await client.get("/metrics")).status_code == 401
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    text = answer.text
    assert 'fp_api_requests_total{method="GET",route="/api/apps/{key}",status="200"}' in text
    assert 'fp_api_requests_total{method="GET",route="none",status="404"}' in text
    for name in (
        'fp_ingest_records_total{kind="requests"}',
        'fp_ingest_records_total{kind="bad"}',
        "fp_loop_lag_seconds_count",
    ):
        assert name in text
    assert app_id not in text
    assert "fp_" not in (await ada.get("/metrics")).text


def memory_line(name: str, at: float, used: int) -> dict[str, Any]:
    return {"kind": "memory", "id": name, "time": at, "bytes": used}


async def test_memory_is_the_most_and_the_last_that_the_app_told(
    api: Api, ada: httpx.AsyncClient, app_id: str, opened_store: Store
) -> None:
    found = await metrics(ada, app_id)
    assert (found["totals"]["memory_max"], found["totals"]["memory_last"]) == (None, None)
    now = time.time() // 60 * 60
    told = [memory_line("a", now - 90, 50), memory_line("b", now - 70, 90), memory_line("c", now - 30, 70)]
    for lines in (told, told[::-1], [memory_line("d", now - 110, 40), {**told[0], "bytes": -1}]):
        assert (await post(api, app_id, *lines)).status_code == 204
    found = await metrics(ada, app_id, range="1h")
    points = [(p["memory_max"], p["memory_last"]) for p in found["points"] if p["memory_max"] is not None]
    assert points == [(90, 90), (70, 70)]
    assert (found["totals"]["memory_max"], found["totals"]["memory_last"]) == (90, 70)
    assert (await metrics(ada, app_id, range="30d"))["totals"]["memory_last"] == 70
    assert found["totals"]["requests"] == 0
    [item] = (await ada.get("/api/metrics/apps")).json()["items"]
    assert item["memory"] == 70
    # The mean is over the hours' most, and the lines above may lie on both sides of the turn of one.
    await post(api, app_id, *(memory_line(f"e{at:g}", at, 64 * 2**20) for at in (now - 110, time.time())))
    await go_live(opened_store, app_id, utc_now() - timedelta(hours=5))
    watched = {(PLATFORM, start_of(utc_now() - timedelta(hours=2), 60)): Counts(watched_s=1800.0)}
    await opened_store.metrics.add(watched, utc_now())
    summary = (await ada.get("/api/metrics/summary")).json()
    assert summary["awake_app_mb"] == 64.0, "by what the caller's own apps told"
    assert summary["given_back_mb_hours"] > 0
