"""Figures of the platform and everyone's apps are for administrators, who may do with each app what its owner may."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient

from control.domain.clock import utc_now
from control.store import Store
from control.store.figures import percentile
from fp import __version__
from fp.api.see import RequestRecord, WakeRecord
from tests.integration.api.checks import problem


def request(name: str, hours: float) -> RequestRecord:
    return RequestRecord(
        id=name, time=utc_now() - timedelta(hours=hours), method="GET", path="/", query="", status=200, ms=1.0,
        cold_start_ms=None, bytes_in=0, bytes_out=0, version=1,
    )  # fmt: skip


def wake(name: str, hours: float, ms: float, outcome: str = "ready") -> WakeRecord:
    time = utc_now() - timedelta(hours=hours)
    return WakeRecord(id=name, time=time, cause="request", outcome=outcome, ms=ms, held=1)  # type: ignore[arg-type]


async def test_the_figures_are_of_the_last_day(
    admin: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    app: str,
    opened_store: Store,
    mongo: AsyncMongoClient[dict[str, Any]],
) -> None:
    # A middle is everyone's: what other tests left would move it.
    await mongo["platform"]["wakes"].delete_many({})
    before = (await admin.get("/api/admin/stats")).json()
    records = [request(f"{app}-1", 1), request(f"{app}-2", 23), request(f"{app}-3", 25)]
    await opened_store.intake.requests(app, records, utc_now())
    wakes = [wake(f"{app}-{n}", 1, float(n)) for n in range(1, 21)]
    wakes += [wake(f"{app}-old", 25, 9999.0), wake(f"{app}-bad", 1, 9999.0, "failed")]
    await opened_store.wakes.put([(app, one) for one in wakes])
    after = (await admin.get("/api/admin/stats")).json()
    assert after["requests_day"] - before["requests_day"] == 2
    assert (after["wakes_day"], after["wake_p50_ms"], after["wake_p95_ms"]) == (21, 10.0, 19.0)
    assert (after["apps"]["draft"] >= 1, after["users"] >= 2) == (True, True)
    assert (after["awake"], after["apps_memory_mb"], after["given_back_mb"]) == (None, None, None), "no node is here"
    assert after["mongodb"]["version"].count(".") == 2
    assert after["mongodb"]["storage_bytes"] > 0
    assert after["mongodb"]["connections"] > 0
    assert after["mongodb"]["oplog_seconds"] >= 0
    assert after["process"]["version"] == __version__
    assert 10 < after["process"]["memory_mb"] < 500
    await opened_store.requests.delete_of_app(app)
    await opened_store.wakes.delete_of_app(app)
    problem(await ada.get("/api/admin/stats"), 403, "forbidden")


@pytest.mark.parametrize(
    ("count", "part", "expected"), [(0, 0.5, None), (1, 0.95, 1), (2, 0.5, 1), (20, 0.95, 19), (100, 0.95, 95)]
)
def test_percentiles(count: int, part: float, expected: float | None) -> None:
    assert percentile([float(number) for number in range(1, count + 1)], part) == expected


async def test_everyones_apps_are_found(
    admin: httpx.AsyncClient, ada: httpx.AsyncClient, bob: httpx.AsyncClient, app: str
) -> None:
    owner = (await ada.get("/api/auth/me")).json()["username"]
    him = (await bob.get("/api/auth/me")).json()["username"]
    await ada.post("/api/apps", json={"name": f"{app}-two"})
    await bob.post("/api/apps", json={"name": f"{app}-three"})

    async def names(**wanted: str) -> list[str]:
        return [one["name"] for one in (await admin.get("/api/admin/apps", params=wanted)).json()["items"]]

    assert await names(owner=owner) == [f"{app}-two", app]
    assert await names(owner=him) == [f"{app}-three"]
    assert await names(search=app.upper()) == [f"{app}-three", f"{app}-two", app]
    assert await names(search=".*", owner=owner) == []
    page = (await admin.get("/api/admin/apps", params={"search": app, "limit": 2})).json()
    rest = (await admin.get("/api/admin/apps", params={"search": app, "cursor": page["next"]})).json()
    assert ([one["name"] for one in rest["items"]], rest["next"]) == ([app], None)
    problem(await ada.get("/api/admin/apps"), 403, "forbidden")


async def test_an_administrator_works_on_everyones_apps(
    admin: httpx.AsyncClient, bob: httpx.AsyncClient, ada: httpx.AsyncClient, app: str
) -> None:
    for path in ("", "/draft", "/status", "/settings", "/deploys", "/requests", "/logs", "/wakes", "/audit"):
        assert (await admin.get(f"/api/apps/{app}{path}")).status_code == 200, path
        assert (await bob.get(f"/api/apps/{app}{path}")).status_code == 404, path
    assert (await admin.patch(f"/api/apps/{app}/settings", json={"idle_minutes": 2})).status_code == 200
    assert (await admin.post(f"/api/apps/{app}/pause")).json()["status"] == "paused"
    assert (await admin.post(f"/api/apps/{app}/resume")).json()["status"] == "draft"
    assert (await admin.post(f"/api/apps/{app}/deploy", json={})).status_code == 202
    assert (await admin.delete(f"/api/apps/{app}")).status_code == 204
    problem(await ada.get(f"/api/apps/{app}"), 404, "not_found")
