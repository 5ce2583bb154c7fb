"""Accounts for administrators over HTTP, and what an account may do to itself: password, end."""

import asyncio
from typing import Any

import httpx
import pytest

from control.api.problems import ApiError
from control.api.sessions import keep_session
from control.domain.accounts import open_session
from control.domain.clock import utc_now
from control.store import Store
from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_address, new_name, sign_up
from tests.support.browser_session import PASSWORD, browser


async def made(admin: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await admin.post("/api/admin/users", json={"username": new_name(), "password": PASSWORD} | more)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def log_in(api: Api, username: str, password: str = PASSWORD) -> httpx.Response:
    async with api.client() as client:
        body = {"username": username, "password": password}
        return await client.post("/api/auth/login", json=body, headers={"X-Forwarded-For": new_address()})


async def test_only_administrators_see_accounts(api: Api, ada: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    user = (await ada.get("/api/auth/me")).json()["id"]
    for method, path in (("GET", ""), ("POST", ""), ("PATCH", f"/{user}"), ("DELETE", f"/{user}?name=x")):
        problem(await ada.request(method, f"/api/admin/users{path}", json={}), 403, "forbidden")
        async with api.client() as nobody:
            problem(await nobody.request(method, f"/api/admin/users{path}", json={}), 401, "not_logged_in")


async def test_accounts_are_found_by_how_their_name_begins(
    ada: httpx.AsyncClient, app: str, admin: httpx.AsyncClient
) -> None:
    prefix = new_name("find")
    names = [(await made(admin, username=f"{prefix}-{n}"))["username"] for n in range(3)]

    async def found(**params: Any) -> dict[str, Any]:
        answer = await admin.get("/api/admin/users", params=params)
        body: dict[str, Any] = answer.json()
        return body

    first = await found(prefix=prefix.upper(), limit=2)
    second = await found(prefix=prefix, limit=2, cursor=first["next"])
    assert [item["username"] for item in first["items"] + second["items"]] == names[::-1]
    assert second["next"] is None
    assert first["items"][0]["last_seen_at"] is None
    me = (await ada.get("/api/auth/me")).json()
    (mine,) = (await found(prefix=me["username"]))["items"]
    assert (mine["id"], mine["apps"], mine["admin"]) == (me["id"], 1, False)
    assert mine["last_seen_at"] is not None
    assert "password" not in str(mine)
    for wild in (".*", "$", "~", "%", "\\", "a" * 32):
        assert (await found(prefix=wild))["items"] == []


async def test_an_account_is_made_also_while_sign_up_is_closed(
    api: Api, admin: httpx.AsyncClient, opened_store: Store
) -> None:
    await opened_store.settings.set_signup_open(False)
    try:
        user = await made(admin)
    finally:
        await opened_store.settings.set_signup_open(True)
    assert (await log_in(api, user["username"])).status_code == 200
    again = {"username": user["username"], "password": PASSWORD}
    problem(await admin.post("/api/admin/users", json=again), 409, "name_taken")
    for username, password in (
        ("A", PASSWORD),
        (new_name(), "short"),
        (same := new_name(), same),
        (new_name(), "x" * 257),
    ):
        wrong = await admin.post("/api/admin/users", json={"username": username, "password": password})
        problem(wrong, 422, "invalid")


async def test_a_new_password_ends_the_accounts_sessions(api: Api, admin: httpx.AsyncClient) -> None:
    user = await sign_up(api)
    path = f"/api/admin/users/{user['user']['id']}"
    async with api.client(user["token"]) as client:
        assert (await client.get("/api/auth/me")).status_code == 200
        answer = await admin.patch(path, json={"password": "another horse"})
        assert answer.status_code == 200
        problem(await client.get("/api/auth/me"), 401, "not_logged_in")
    problem(await log_in(api, user["user"]["username"]), 401, "wrong_credentials")
    assert (await log_in(api, user["user"]["username"], "another horse")).status_code == 200
    problem(await admin.patch(path, json={"password": user["user"]["username"]}), 422, "invalid")
    problem(await admin.patch(path, json={"username": "other"}), 422, "invalid")
    assert (await admin.patch(path, json={})).status_code == 200
    for nobody in ("x" * 16, "a" * 300, "%00", "~x"):
        problem(await admin.patch(f"/api/admin/users/{nobody}", json={"admin": True}), 404, "not_found")


async def test_rights_work_at_once_and_the_only_administrator_keeps_them(api: Api, admin: httpx.AsyncClient) -> None:
    me = (await admin.get("/api/auth/me")).json()["id"]
    user = await sign_up(api)
    path = f"/api/admin/users/{user['user']['id']}"
    assert (
        "administrator"
        in problem(await admin.patch(f"/api/admin/users/{me}", json={"admin": False}), 409, "conflict")["hint"]
    )
    async with api.client(user["token"]) as client:
        assert (await admin.patch(path, json={"admin": True})).json()["admin"] is True
        assert (await client.get("/api/admin/users")).status_code == 200
        assert (await admin.patch(path, json={"admin": False})).json()["admin"] is False
        problem(await client.get("/api/admin/users"), 403, "forbidden")


async def test_two_administrators_who_leave_at_once_do_not_both(api: Api, admin: httpx.AsyncClient) -> None:
    """The platform's own is demoted meanwhile, so that the two are all there are; in the end it is one again."""
    me = (await admin.get("/api/auth/me")).json()["id"]
    two = [await sign_up(api) for _ in range(2)]
    for user in two:
        await admin.patch(f"/api/admin/users/{user['user']['id']}", json={"admin": True})
    assert (await admin.patch(f"/api/admin/users/{me}", json={"admin": False})).status_code == 200

    async def leave(user: dict[str, Any]) -> httpx.Response:
        async with api.client(user["token"]) as client:
            headers = {"X-Forwarded-For": new_address()}
            return await client.request("DELETE", "/api/auth/me", json={"password": PASSWORD}, headers=headers)

    answers = await asyncio.gather(*(leave(user) for user in two))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    (left,) = (user for user, answer in zip(two, answers, strict=True) if answer.status_code == 409)
    async with api.client(left["token"]) as client:
        problem(await leave(left), 409, "conflict")
        assert (await client.patch(f"/api/admin/users/{me}", json={"admin": True})).status_code == 200
    assert (await leave(left)).status_code == 204


async def test_an_administrator_deletes_an_account_by_its_name(
    api: Api, admin: httpx.AsyncClient, ada: httpx.AsyncClient, app: str
) -> None:
    me = (await ada.get("/api/auth/me")).json()
    path = f"/api/admin/users/{me['id']}"
    problem(await admin.delete(path), 400, "bad_request")
    problem(await admin.delete(path, params={"name": "another"}), 422, "invalid")
    assert (await ada.get(f"/api/apps/{app}")).status_code == 200
    assert (await admin.delete(path, params={"name": me["username"]})).status_code == 204
    problem(await ada.get("/api/auth/me"), 401, "not_logged_in")
    problem(await admin.get(f"/api/apps/{app}"), 404, "not_found")
    problem(await admin.delete(path, params={"name": me["username"]}), 404, "not_found")
    problem(await log_in(api, me["username"]), 401, "wrong_credentials")
    assert (await sign_up(api, me["username"]))["user"]["id"] != me["id"]


async def test_ones_own_account_asks_for_the_password(admin: httpx.AsyncClient) -> None:
    """A borrowed browser of an administrator must not be enough to take the account over."""
    me = (await admin.get("/api/auth/me")).json()
    path = f"/api/admin/users/{me['id']}"
    assert problem(await admin.patch(path, json={"password": "another horse"}), 409, "conflict")["hint"]
    assert problem(await admin.delete(path, params={"name": me["username"]}), 409, "conflict")["hint"]


async def test_another_password_ends_every_other_session(api: Api) -> None:
    async with browser(api) as page:
        name = page.headers["x-username"]
        other = (await log_in(api, name)).json()["token"]
        token = (await page.post("/api/auth/tokens", json={"name": "ci"})).json()["secret"]
        wrong = {"current": "not this one", "new": "another horse"}
        problem(await page.post("/api/auth/password", json=wrong), 401, "wrong_credentials")
        for new in ("short", "x" * 257, name):
            body = {"current": PASSWORD, "new": new}
            problem(await page.post("/api/auth/password", json=body), 422, "invalid")
        body = {"current": PASSWORD, "new": "another horse"}
        assert (await page.post("/api/auth/password", json=body)).status_code == 204
        assert (await page.get("/api/auth/me")).status_code == 200
        for shown, status in ((other, 401), (token, 200)):
            async with api.client(shown) as client:
                assert (await client.get("/api/auth/me")).status_code == status
        problem(await log_in(api, name), 401, "wrong_credentials")
        assert (await log_in(api, name, "another horse")).status_code == 200


@pytest.mark.parametrize("way", ["password", "me"])
async def test_guessing_the_password_of_an_open_session_is_slowed_down(api: Api, way: str) -> None:
    """The same account and address as at log in, and counted together with it."""
    async with browser(api) as page:
        name = page.headers["x-username"]

        async def guess() -> httpx.Response:
            if way == "me":
                return await page.request("DELETE", "/api/auth/me", json={"password": "wrong password"})
            return await page.post("/api/auth/password", json={"current": "wrong password", "new": "another horse"})

        for _ in range(10):
            problem(await guess(), 401, "wrong_credentials")
        assert int(problem_retry(await guess())) >= 1
        login = await page.post("/api/auth/login", json={"username": name, "password": PASSWORD})
        problem(login, 429, "rate_limited")
        assert (await page.get("/api/auth/me")).status_code == 200


def problem_retry(answer: httpx.Response) -> str:
    problem(answer, 429, "rate_limited")
    return str(answer.headers["retry-after"])


async def test_log_in_while_the_password_changes_leaves_no_old_session(api: Api) -> None:
    """Whoever logs in with the old password at the very moment has no session afterwards."""
    async with browser(api) as page:
        name = page.headers["x-username"]
        body = {"current": PASSWORD, "new": "another horse"}
        changed, *tried = await asyncio.gather(
            page.post("/api/auth/password", json=body), *(log_in(api, name) for _ in range(6))
        )
        assert changed.status_code == 204
        for answer in tried:
            if answer.status_code == 200:
                async with api.client(answer.json()["token"]) as client:
                    problem(await client.get("/api/auth/me"), 401, "not_logged_in")
        assert len((await page.get("/api/auth/sessions")).json()["items"]) == 1


@pytest.mark.parametrize("moved", ["password", "deleted"])
async def test_a_session_opened_for_an_account_that_moved_on_is_taken_back(
    api: Api, admin: httpx.AsyncClient, opened_store: Store, moved: str
) -> None:
    """Between the check of the password and the session's first moment the account got another one, or went."""
    user = await opened_store.users.get((await sign_up(api))["user"]["id"])
    if moved == "password":
        await opened_store.users.set_password(user.id, "another", user.password_hash)
    else:
        await opened_store.users.delete(user.id, utc_now())
    _, session = open_session(user.id, "bearer", utc_now())
    with pytest.raises(ApiError):
        await keep_session(opened_store, user, session)
    assert await opened_store.sessions.get(session.id, utc_now()) is None


async def test_a_right_password_is_no_attempt(api: Api) -> None:
    async with browser(api) as page:
        for current, status in (("wrong password", 401),) * 9 + ((PASSWORD, 204), ("wrong password", 401)):
            body = {"current": current, "new": "another horse"}
            assert (await page.post("/api/auth/password", json=body)).status_code == status


async def test_who_leaves_takes_the_cookies_and_every_token_along(api: Api, admin: httpx.AsyncClient) -> None:
    async with browser(api) as page:
        token = (await page.post("/api/auth/tokens", json={"name": "ci", "scope": "admin"})).json()["secret"]
        answer = await page.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
        assert answer.status_code == 204
        assert not page.cookies
        async with api.client(token) as client:
            problem(await client.get("/api/auth/me"), 401, "not_logged_in")
