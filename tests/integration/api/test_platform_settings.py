"""Administrators change the platform's settings without overwriting one another, and what they set counts at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient

from control.store import open_store
from control.store.indexes import DAY
from tests.integration.api.checks import problem
from tests.support.api_process import new_name
from tests.support.control_mongo import SECRET_KEY, MongoServer

PATH = "/api/admin/settings"
DEFAULTS: dict[str, Any] = {
    "signup_open": True, "allowed_imports": None, "blocked_patterns_off": [], "max_memory_mb": None, "max_cpus": None,
    "default_idle_minutes": 15, "versions_kept": 10, "requests_days": 7, "logs_days": 3, "wakes_days": 30,
    "events_days": 30, "audit_days": 365,
}  # fmt: skip


@pytest.fixture
async def settings(admin: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The admin, who finds and leaves the defaults."""
    yield admin
    assert (await admin.patch(PATH, json=DEFAULTS)).status_code == 200


async def kept(mongo: AsyncMongoClient[dict[str, Any]], collection: str) -> list[int]:
    """Seconds after which MongoDB removes documents of the collection."""
    indexes = await mongo["platform"][collection].index_information()
    return [index["expireAfterSeconds"] for index in indexes.values() if "expireAfterSeconds" in index]


async def test_they_are_read_and_changed_field_by_field(settings: httpx.AsyncClient, ada: httpx.AsyncClient) -> None:
    before = (await settings.get(PATH)).json()
    assert {name: before[name] for name in DEFAULTS} == DEFAULTS
    answer = await settings.patch(PATH, json={"logs_days": 5})
    assert answer.json() == before | {"logs_days": 5, "revision": before["revision"] + 1}
    assert answer.headers["etag"] == f'"{before["revision"] + 1}"'
    assert (await settings.patch(PATH, json={})).json()["logs_days"] == 5
    problem(await ada.get(PATH), 403, "forbidden")
    problem(await ada.patch(PATH, json={"signup_open": False}), 403, "forbidden")


async def test_each_pattern_that_is_told_can_be_switched_off(
    settings: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    patterns = (await settings.get("/api/admin/patterns")).json()["items"]
    names = [pattern["name"] for pattern in patterns]
    assert {"shell", "ctypes"} <= set(names)
    assert all(pattern["message"] and pattern["examples"] for pattern in patterns)
    answer = await settings.patch(PATH, json={"blocked_patterns_off": names})
    assert answer.json()["blocked_patterns_off"] == names
    problem(await ada.get("/api/admin/patterns"), 403, "forbidden")


async def test_two_administrators_do_not_overwrite_each_other(settings: httpx.AsyncClient) -> None:
    fields = ["requests_days", "logs_days", "wakes_days", "events_days"]
    answers = await asyncio.gather(*(settings.patch(PATH, json={field: 9}) for field in fields))
    assert {answer.status_code for answer in answers} == {200}
    now = await settings.get(PATH)
    assert [now.json()[field] for field in fields] == [9] * 4
    etag = now.headers["etag"]
    first = await settings.patch(PATH, json={"wakes_days": 10}, headers={"If-Match": etag})
    assert first.status_code == 200
    for stale in (etag, f"W/{etag}", "nonsense", '"9999999999999999999999"'):
        problem(await settings.patch(PATH, json={"wakes_days": 11}, headers={"If-Match": stale}), 409, "conflict")
    assert (await settings.get(PATH)).json()["wakes_days"] == 10
    assert (await settings.patch(PATH, json={"wakes_days": 12}, headers={"If-Match": "*"})).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"default_idle_minutes": -1}, {"default_idle_minutes": 10081}, {"versions_kept": 0}, {"versions_kept": 11},
        {"requests_days": 91}, {"logs_days": 0}, {"audit_days": 29}, {"logs_days": "3"}, {"logs_days": None},
        {"allowed_imports": ["no-name"]}, {"allowed_imports": ["a" * 101]}, {"allowed_imports": ["x"] * 1001},
        {"unknown": 1}, {"revision": 7}, {"versions_kept": 2**70},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_by_its_name(settings: httpx.AsyncClient, change: dict[str, Any]) -> None:
    before = (await settings.get(PATH)).json()
    answer = await settings.patch(PATH, json={"signup_open": False} | change)
    problem(answer, 422, "invalid")
    assert next(iter(change)) in answer.json()["detail"]
    assert (await settings.get(PATH)).json() == before


async def test_records_stay_as_long_as_is_set_also_after_a_new_start(
    settings: httpx.AsyncClient, mongo: AsyncMongoClient[dict[str, Any]], control_mongod: MongoServer
) -> None:
    await settings.patch(PATH, json={"requests_days": 20, "audit_days": 40})
    assert (await kept(mongo, "requests"), await kept(mongo, "audit")) == ([20 * DAY], [40 * DAY])
    assert await kept(mongo, "logs") == [3 * DAY]
    async with open_store(control_mongod.uri, SECRET_KEY):
        assert (await kept(mongo, "requests"), await kept(mongo, "audit")) == ([20 * DAY], [40 * DAY])
    # As if the process had died between the document and the index.
    await mongo["platform"]["settings"].update_one({"_id": "platform"}, {"$set": {"requests_days": 21}})
    async with open_store(control_mongod.uri, SECRET_KEY):
        assert await kept(mongo, "requests") == [21 * DAY]


async def test_new_apps_get_the_idle_minutes_that_are_set(settings: httpx.AsyncClient, ada: httpx.AsyncClient) -> None:
    await settings.patch(PATH, json={"default_idle_minutes": 0})
    made = (await ada.post("/api/apps", json={"name": new_name("app")})).json()
    assert made["idle_minutes"] == 0


async def test_apps_import_only_what_is_allowed(settings: httpx.AsyncClient, ada: httpx.AsyncClient) -> None:
    body = {"files": {"app.py": "import httpx\nfrom fastapi import FastAPI\napp = FastAPI()\n"}}
    assert (await ada.post("/api/validate", json=body)).json()["ok"]
    await settings.patch(PATH, json={"allowed_imports": ["fastapi"]})
    [finding] = (await ada.post("/api/validate", json=body)).json()["findings"]
    assert (finding["line"], "httpx" in finding["message"]) == (1, True)


async def test_an_app_may_be_given_more_where_an_administrator_says_so(
    settings: httpx.AsyncClient, ada: httpx.AsyncClient, app: str
) -> None:
    more = {"memory_mb": 1024, "cpus": 2.0}
    problem(await ada.patch(f"/api/apps/{app}/settings", json=more), 422, "invalid")
    assert (await settings.patch(PATH, json={"max_memory_mb": 2048, "max_cpus": 2})).status_code == 200
    assert (await ada.patch(f"/api/apps/{app}/settings", json=more)).json()["memory_mb"] == 1024
    problem(await settings.patch(PATH, json={"max_memory_mb": 1}), 422, "invalid")


async def test_a_pattern_that_is_switched_off_is_not_looked_for(
    settings: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    files = {"app.py": "import os\nfrom fastapi import FastAPI\napp = FastAPI()\nos.system('true')\n"}
    found = (await ada.post("/api/validate", json={"files": files})).json()
    assert [finding["code"] for finding in found["findings"]] == ["blocked_pattern"]
    problem(await settings.patch(PATH, json={"blocked_patterns_off": ["nonsense"]}), 422, "invalid")
    off = await settings.patch(PATH, json={"blocked_patterns_off": ["shell"]})
    assert off.status_code == 200, off.text
    assert (await ada.post("/api/validate", json={"files": files})).json()["ok"]
