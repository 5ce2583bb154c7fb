"""The audit log: each change leaves one entry that says who, what and how it ended, and none that says a secret."""

import re
import secrets
from typing import Any

import httpx
import pytest

from control.api.application import make_api
from control.api.openapi import make_openapi
from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_address, new_name, sign_up

CHANGES_NOTHING = {"validate_files", "validate_app"}
UNSAFE = {"post", "put", "patch", "delete"}
PASSWORD = "correct horse"


async def entries(admin: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    answer = await admin.get("/api/admin/audit", params={"limit": "200"} | wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def mutations() -> list[tuple[str, str, str]]:
    """Path, method and name of every route that needs an account and may change something."""
    paths = make_openapi(make_api(None))["paths"]
    found = [(path, method, one) for path, methods in paths.items() for method, one in methods.items()]
    return [
        (path, method, one["operationId"])
        for path, method, one in found
        if method in UNSAFE and "security" in one and one["operationId"] not in CHANGES_NOTHING
    ]


async def test_every_change_that_the_api_has_leaves_one_entry(api: Api, admin: httpx.AsyncClient) -> None:
    user = (await sign_up(api))["user"]
    names = [name for _, _, name in mutations()]
    assert len(names) > 8
    session = (await _login(api, user["username"])).json()["token"]
    async with api.client(session) as client:
        for path, method, _ in mutations():
            where = re.sub(r"{\w+}", "nobody-has-this", path)
            await client.request(method, where, json={})
    told = [entry["operation"] for entry in await entries(admin, user=user["id"])]
    assert sorted(name for name in told if name not in {"signup", "login"}) == sorted(names)


async def _login(api: Api, username: str, password: str = PASSWORD) -> httpx.Response:
    async with api.client() as client:
        headers = {"X-Forwarded-For": new_address()}
        return await client.post("/api/auth/login", json={"username": username, "password": password}, headers=headers)


async def test_an_entry_says_who_what_where_and_how_it_ended(
    ada: httpx.AsyncClient, admin: httpx.AsyncClient, app: str
) -> None:
    answer = await ada.patch(f"/api/apps/{app}/settings", json={"idle_minutes": 3})
    me, found = (await ada.get("/api/auth/me")).json(), (await ada.get(f"/api/apps/{app}")).json()
    entry, made = await entries(admin, user=me["username"], app=app)
    assert entry["request_id"] == answer.headers["x-request-id"]
    assert {key: value for key, value in entry.items() if key not in {"id", "time", "request_id"}} == {
        "user": me["id"], "username": me["username"], "credential": "bearer", "address": "127.0.0.1", "method": "PATCH",
        "route": "/api/apps/{key}/settings", "operation": "change_settings", "status": 200, "app": found["id"],
        "app_name": app, "target_kind": "app", "target": found["id"], "target_name": app, "what": ["idle_minutes"],
    }  # fmt: skip
    assert (made["operation"], made["target"], made["app"], made["status"]) == (
        "create_app", found["id"], found["id"], 201
    )  # fmt: skip


async def test_a_change_that_was_refused_is_told_too(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient, app: str
) -> None:
    await bob.delete(f"/api/apps/{app}")
    await ada.patch(f"/api/apps/{app}/settings", json={"idle_minutes": -1})
    him = (await bob.get("/api/auth/me")).json()["id"]
    [tried] = await entries(admin, user=him, operation="delete_app", outcome="refused")
    assert (tried["status"], tried["target"], tried["app"]) == (404, app, None)
    refused, tried_too = await entries(admin, app=app, outcome="refused")
    assert (refused["status"], refused["operation"], tried_too["id"]) == (422, "change_settings", tried["id"])
    owners = (await ada.get(f"/api/apps/{app}/audit")).json()["items"]
    assert [one["operation"] for one in owners] == ["change_settings", "create_app"]
    assert await entries(admin, app=app, outcome="failed") == []


async def test_no_value_of_what_was_sent_is_kept(
    ada: httpx.AsyncClient, admin: httpx.AsyncClient, app: str, api: Api
) -> None:
    secret = secrets.token_hex(8)
    await ada.put(f"/api/apps/{app}/draft", json={"files": {"app.py": f"KEY = '{secret}'\n"}})
    await ada.put(f"/api/apps/{app}/draft", json={"files": {}, secret: 1})
    await _login(api, secret, secret)
    [refused, saved] = await entries(admin, app=app, operation="save_draft")
    assert (saved["what"], refused["what"]) == (["files"], [])
    assert secret not in (await admin.get("/api/admin/audit", params={"limit": "200"})).text


async def test_entering_and_leaving_are_told(api: Api, admin: httpx.AsyncClient) -> None:
    name = new_name()
    user = (await sign_up(api, name))["user"]
    await _login(api, name, "wrong password")
    token = (await _login(api, name)).json()["token"]
    async with api.client(token) as client:
        assert (await client.post("/api/auth/logout")).status_code == 204
    told = [(one["operation"], one["status"], one["user"]) for one in await entries(admin) if name in str(one)]
    assert told == [
        ("logout", 204, user["id"]), ("login", 200, user["id"]), ("login", 401, None), ("signup", 201, user["id"])
    ]  # fmt: skip
    [failed] = [
        one for one in await entries(admin, operation="login", outcome="refused") if one["target"] == user["id"]
    ]
    assert failed["target_name"] == name


async def test_strangers_cannot_fill_it(api: Api, admin: httpx.AsyncClient) -> None:
    async with api.client() as nobody:
        answers = [await nobody.post("/api/apps", json={"name": "x"}), await nobody.delete("/api/apps/none")]
        answers += [await nobody.post("/api/auth/logout"), await nobody.post("/api/auth/signup", json={"a": 1})]
    seen = {one["request_id"]: one for one in await entries(admin)}
    told = [answer.headers["x-request-id"] in seen for answer in answers]
    assert told == [False, False, True, True]


async def test_owners_see_their_own_app_and_no_address_but_theirs(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient, app: str
) -> None:
    assert (await admin.patch(f"/api/apps/{app}/settings", json={"idle_minutes": 9})).status_code == 200
    page = (await ada.get(f"/api/apps/{app}/audit", params={"limit": 1})).json()
    assert [(one["username"], one["address"]) for one in page["items"]] == [("admin", "")]
    rest = (await ada.get(f"/api/apps/{app}/audit", params={"cursor": page["next"]})).json()
    assert [(one["operation"], one["address"]) for one in rest["items"]] == [("create_app", "127.0.0.1")]
    assert rest["next"] is None
    [by_admin, _] = (await admin.get(f"/api/apps/{app}/audit")).json()["items"]
    assert by_admin["address"] == "127.0.0.1"
    problem(await bob.get(f"/api/apps/{app}/audit"), 404, "not_found")
    problem(await ada.get("/api/admin/audit"), 403, "forbidden")


async def test_times_bound_what_is_told(ada: httpx.AsyncClient, admin: httpx.AsyncClient, app: str) -> None:
    await ada.patch(f"/api/apps/{app}/settings", json={"idle_minutes": 3})
    changed, made = await entries(admin, app=app)
    assert [one["id"] for one in await entries(admin, app=app, until=made["time"])] == [made["id"]]
    assert [one["id"] for one in await entries(admin, app=app, since=changed["time"])] == [changed["id"]]


@pytest.mark.parametrize(
    "wanted",
    [{"since": "yesterday"}, {"until": "2026-01-01"}, {"outcome": "well"}, {"cursor": "x"}, {"user": "u" * 65}],
)
async def test_filters_that_make_no_sense_are_said_so(admin: httpx.AsyncClient, wanted: dict[str, str]) -> None:
    answer = await admin.get("/api/admin/audit", params=wanted)
    problem(answer, 400, "bad_request")
    assert next(iter(wanted)) in answer.json()["detail"]
