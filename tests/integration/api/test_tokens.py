"""Named tokens and sessions over HTTP: made, shown once, listed, ended; and what each scope may."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from control.domain.accounts import MAX_TOKENS, make_token, token_hash
from control.domain.clock import utc_now
from control.store import Store
from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_address
from tests.support.browser_session import PASSWORD, browser


async def make(client: httpx.AsyncClient, scope: str = "read", **more: Any) -> dict[str, Any]:
    """A new token of the client's account: `secret` and `token`."""
    answer = await client.post("/api/auth/tokens", json={"name": "ci", "scope": scope} | more)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    return body


async def test_a_token_is_shown_once_listed_used_and_revoked(api: Api, ada: httpx.AsyncClient) -> None:
    made = await make(ada, "admin", name="  deploy from CI ", expires_days=30)
    secret, token = made["secret"], made["token"]
    assert secret.startswith("fp_")
    assert (token["name"], token["scope"], token["last_used_at"]) == ("deploy from CI", "admin", None)
    assert timedelta(days=29) < datetime.fromisoformat(token["expires_at"]) - utc_now() <= timedelta(days=30)
    async with api.client(secret) as client:
        me = (await client.get("/api/auth/me", headers={"X-Forwarded-For": "203.0.113.5"})).json()
        assert me == (await ada.get("/api/auth/me")).json() | {"scope": "admin"}
        listed = await ada.get("/api/auth/tokens")
        used = listed.json()["items"][0]
        assert secret not in listed.text
        assert used | {"last_used_at": None, "last_used_from": None} == token
        assert used["last_used_from"] == "203.0.113.5"
        moment = datetime.fromisoformat(used["last_used_at"])
        assert (moment.second, moment.microsecond) == (0, 0)
        assert (await ada.delete(f"/api/auth/tokens/{token['id']}")).status_code == 204
        problem(await client.get("/api/auth/me"), 401, "not_logged_in")
    assert (await ada.get("/api/auth/tokens")).json() == {"items": [], "next": None}
    problem(await ada.delete(f"/api/auth/tokens/{token['id']}"), 404, "not_found")


async def test_the_secret_is_stored_nowhere(ada: httpx.AsyncClient, opened_store: Store) -> None:
    made = await make(ada)
    stored = await opened_store.sessions.get(token_hash(made["secret"]), utc_now())
    assert stored is not None
    assert made["secret"] not in repr(stored)


async def test_tokens_come_in_pages_and_belong_to_one(ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = [(await make(ada, name=f"t{n}"))["token"]["id"] for n in range(3)]
    first = (await ada.get("/api/auth/tokens", params={"limit": 2})).json()
    second = (await ada.get("/api/auth/tokens", params={"limit": 2, "cursor": first["next"]})).json()
    assert {item["id"] for item in first["items"] + second["items"]} == set(made)
    assert second["next"] is None
    assert (await bob.get("/api/auth/tokens")).json()["items"] == []
    problem(await bob.delete(f"/api/auth/tokens/{made[0]}"), 404, "not_found")
    problem(await ada.delete("/api/auth/tokens/" + "é" * 300), 404, "not_found")
    sessions = (await ada.get("/api/auth/sessions")).json()["items"]
    problem(await ada.delete(f"/api/auth/tokens/{sessions[0]['id']}"), 404, "not_found")
    problem(await ada.delete(f"/api/auth/sessions/{made[0]}"), 404, "not_found")


async def test_bad_wishes_are_told(ada: httpx.AsyncClient) -> None:
    for wish, code in (
        ({"name": " "}, "invalid"),
        ({"name": "x" * 65}, "invalid"),
        ({"name": "a\x1b[2J"}, "invalid"),
        ({"name": "x", "scope": "root"}, "invalid"),
        ({"name": "x", "expires_days": 0}, "invalid"),
        ({"name": "x", "expires_days": 10**30}, "invalid"),
        ({"name": "x", "expires_days": 1.5}, "invalid"),
        ({"name": "x", "more": 1}, "invalid"),
        ({}, "invalid"),
    ):
        answer = await ada.post("/api/auth/tokens", json=wish)
        assert problem(answer, 422, code)["detail"], wish


async def test_each_scope_opens_what_it_says_and_nothing_else(api: Api, admin: httpx.AsyncClient) -> None:
    """Every route of the API is tried with tokens of an administrator, so only the scope can refuse."""
    document = (await admin.get("/api/openapi.json")).json()
    secrets = {scope: (await make(admin, scope))["secret"] for scope in ("read", "deploy")}
    tried = dict.fromkeys(secrets, 0)
    async with api.client(secrets["read"]) as reading, api.client(secrets["deploy"]) as deploying:
        for path, methods in document["paths"].items():
            for method, found in methods.items():
                if "security" not in found or path.endswith("/events"):
                    continue
                for scope, client in (("read", reading), ("deploy", deploying)):
                    # No body and ids of nothing: whatever is let in finds nothing to do.
                    answer = await client.request(method, path.replace("{", "").replace("}", ""))
                    account = path.startswith(("/api/auth/", "/api/admin/")) and path != "/api/auth/me"
                    if account or (method != "get" and (scope == "read" or method == "delete")):
                        detail = problem(answer, 403, "forbidden")["detail"]
                        assert scope in detail, (method, path, detail)
                        tried[scope] += 1
                    elif method == "get":
                        assert answer.status_code in {200, 404}, (method, path, answer.text)
    assert tried["read"] > tried["deploy"] > 10
    async with api.client(secrets["deploy"]) as client:
        app = (await client.post("/api/apps", json={})).json()["name"]
        draft = {"files": {"app.py": "x = 1\n"}, "entrypoint": "app.py"}
        assert (await client.put(f"/api/apps/{app}/draft", json=draft)).status_code == 200
        assert (await client.post(f"/api/apps/{app}/deploy", json={})).status_code == 202
        problem(await client.delete(f"/api/apps/{app}"), 403, "forbidden")


async def test_only_a_whole_token_of_an_admin_sees_what_others_have(
    api: Api, admin: httpx.AsyncClient, app: str
) -> None:
    for scope, status in (("read", 404), ("deploy", 404), ("admin", 200)):
        async with api.client((await make(admin, scope))["secret"]) as client:
            assert (await client.get(f"/api/apps/{app}")).status_code == status
            assert (await client.get("/api/admin/users")).status_code == (200 if scope == "admin" else 403)


async def test_a_token_makes_none_that_is_stronger_or_lives_longer(api: Api, ada: httpx.AsyncClient) -> None:
    async with api.client((await make(ada, "admin", expires_days=10))["secret"]) as client:
        for days in (None, 11):
            wish = {"name": "x", "scope": "read", "expires_days": days}
            assert problem(await client.post("/api/auth/tokens", json=wish), 403, "forbidden")["hint"]
        assert (await make(client, "admin", expires_days=9))["token"]["scope"] == "admin"
    async with api.client((await make(ada, "admin"))["secret"]) as client:
        assert (await make(client, "admin"))["token"]["expires_at"] is None


async def test_an_account_has_a_hundred_tokens_at_most(api: Api, ada: httpx.AsyncClient, opened_store: Store) -> None:
    me = (await ada.get("/api/auth/me")).json()["id"]
    for n in range(MAX_TOKENS):
        await opened_store.sessions.create(make_token(me, f"t{n}", "read", None, utc_now())[1])
    refused = await ada.post("/api/auth/tokens", json={"name": "one more"})
    assert "100" in problem(refused, 409, "conflict")["detail"]


async def test_log_out_leaves_a_named_token(api: Api, ada: httpx.AsyncClient) -> None:
    async with api.client((await make(ada, "admin"))["secret"]) as client:
        assert (await client.post("/api/auth/logout")).status_code == 204
        assert (await client.get("/api/auth/me")).status_code == 200


async def test_sessions_are_listed_and_ended(api: Api) -> None:
    async with browser(api) as page:
        name = page.headers["x-username"]
        async with browser(api, name, "login") as second, api.client() as script:
            login = {"username": name, "password": PASSWORD}
            opened = await script.post(
                "/api/auth/login", json=login, headers={"User-Agent": "x" * 500, "X-Forwarded-For": new_address()}
            )
            script.headers["Authorization"] = f"Bearer {opened.json()['token']}"
            items = (await page.get("/api/auth/sessions")).json()["items"]
            assert [item["kind"] for item in items] == ["bearer", "browser", "browser"]
            assert [item["current"] for item in items] == [False, False, True]
            assert items[0]["client"] == "x" * 240
            assert items[2]["client"] == "Mozilla/5.0 of the tests"
            assert items[2]["last_used_from"] == page.headers["x-forwarded-for"]
            assert opened.json()["token"] not in str(items)
            assert (await page.delete(f"/api/auth/sessions/{items[1]['id']}")).status_code == 204
            problem(await second.get("/api/auth/me"), 401, "not_logged_in")
            assert (await script.get("/api/auth/me")).status_code == 200
            assert (await page.delete("/api/auth/sessions")).status_code == 204
            problem(await script.get("/api/auth/me"), 401, "not_logged_in")
        left = (await page.get("/api/auth/sessions")).json()["items"]
        assert [item["current"] for item in left] == [True]
        assert (await page.delete(f"/api/auth/sessions/{left[0]['id']}")).status_code == 204
        problem(await page.get("/api/auth/me"), 401, "not_logged_in")


async def test_nobody_ends_the_sessions_of_others(api: Api, ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    mine = (await ada.get("/api/auth/sessions")).json()["items"][0]["id"]
    problem(await bob.delete(f"/api/auth/sessions/{mine}"), 404, "not_found")
    assert (await bob.delete("/api/auth/sessions")).status_code == 204
    assert (await ada.get("/api/auth/me")).status_code == 200


async def test_ending_a_session_from_a_page_needs_the_csrf_token(api: Api) -> None:
    async with browser(api) as page:
        del page.headers["X-CSRF-Token"]
        problem(await page.delete("/api/auth/sessions"), 403, "csrf")
        problem(await page.post("/api/auth/tokens", json={"name": "x"}), 403, "csrf")
