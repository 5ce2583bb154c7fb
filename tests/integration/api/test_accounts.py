"""Accounts over HTTP: sign up, log in, log out; who may not; and how often one may try."""

import asyncio

import httpx

from control.store import Store
from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_name, sign_up

PASSWORD = "correct horse"


async def test_only_the_first_account_is_admin(admin: httpx.AsyncClient, ada: httpx.AsyncClient) -> None:
    assert (await admin.get("/api/auth/me")).json()["admin"] is True
    assert (await ada.get("/api/auth/me")).json()["admin"] is False
    assert (await admin.get("/api/info")).json()["has_users"] is True


async def test_sign_up_answers_a_token_that_works_and_log_out_ends_it(api: Api) -> None:
    made = await sign_up(api)
    async with api.client(made["token"]) as client:
        assert (await client.get("/api/auth/me")).json() == made["user"]
        assert (await client.post("/api/auth/logout")).status_code == 204
        problem(await client.get("/api/auth/me"), 401, "not_logged_in")


async def test_log_in_opens_another_session(api: Api) -> None:
    name = new_name()
    first = await sign_up(api, name)
    async with api.client() as client:
        answer = await client.post("/api/auth/login", json={"username": name, "password": PASSWORD})
        assert answer.status_code == 200
        assert answer.json()["user"] == first["user"]
        assert answer.json()["token"] != first["token"]


async def test_a_wrong_password_and_an_unknown_name_look_the_same(api: Api) -> None:
    name = new_name()
    await sign_up(api, name)
    async with api.client() as client:
        wrong = await client.post("/api/auth/login", json={"username": name, "password": "not this one"})
        nobody = await client.post("/api/auth/login", json={"username": new_name(), "password": "not this one"})
    first, second = problem(wrong, 401, "wrong_credentials"), problem(nobody, 401, "wrong_credentials")
    first.pop("request_id")
    second.pop("request_id")
    assert first == second


async def test_names_and_passwords_have_rules(api: Api) -> None:
    async with api.client() as client:
        for username, password in (
            ("Ada", PASSWORD),
            ("a", PASSWORD),
            ("a b", PASSWORD),
            (new_name(), "short"),
            ("x" * 33, PASSWORD),
        ):
            answer = await client.post("/api/auth/signup", json={"username": username, "password": password})
            problem(answer, 422, "invalid")
        answer = await client.post("/api/auth/signup", json={"username": new_name()})
        assert "password" in problem(answer, 422, "invalid")["detail"]


async def test_two_who_want_one_name_at_once_do_not_both_get_it(api: Api, admin: httpx.AsyncClient) -> None:
    body = {"username": new_name(), "password": PASSWORD}
    async with api.client() as client:
        answers = await asyncio.gather(*(client.post("/api/auth/signup", json=body) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    problem(next(answer for answer in answers if answer.status_code == 409), 409, "name_taken")


async def test_a_bad_token_is_not_logged_in_even_beside_a_good_cookie(api: Api) -> None:
    token = (await sign_up(api))["token"]
    async with api.client() as client:
        client.cookies.set("fp_session", token)
        assert (await client.get("/api/auth/me")).status_code == 200
        for header in ("Bearer nope", "Bearer", "Basic abc", f"Bearer {'x' * 5000}", "Bearer \xff\xfe"):
            answer = await client.get("/api/auth/me", headers={b"Authorization": header.encode("latin-1")})
            problem(answer, 401, "not_logged_in")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_guessing_is_slowed_down_but_the_owner_gets_in_from_elsewhere(api: Api) -> None:
    name = new_name()
    await sign_up(api, name)
    wrong = {"username": name, "password": "wrong password"}
    async with api.client() as client:
        for _ in range(10):
            problem(
                await client.post("/api/auth/login", json=wrong, headers={"X-Forwarded-For": "203.0.113.9"}),
                401,
                "wrong_credentials",
            )
        refused = await client.post("/api/auth/login", json=wrong, headers={"X-Forwarded-For": "203.0.113.9"})
        problem(refused, 429, "rate_limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 30
        right = {"username": name, "password": PASSWORD}
        answer = await client.post("/api/auth/login", json=right, headers={"X-Forwarded-For": "203.0.113.10"})
        assert answer.status_code == 200


async def test_logging_in_rightly_is_never_limited(api: Api) -> None:
    name = new_name()
    await sign_up(api, name)
    async with api.client() as client:
        for _ in range(15):
            answer = await client.post("/api/auth/login", json={"username": name, "password": PASSWORD})
            assert answer.status_code == 200


async def test_an_address_cannot_make_accounts_without_end(api: Api, admin: httpx.AsyncClient) -> None:
    headers = {"X-Forwarded-For": "203.0.113.77"}
    async with api.client() as client:
        for _ in range(60):
            await client.post("/api/auth/signup", json={"username": "-", "password": PASSWORD}, headers=headers)
        answer = await client.post(
            "/api/auth/signup", json={"username": new_name(), "password": PASSWORD}, headers=headers
        )
        problem(answer, 429, "rate_limited")


async def test_sign_up_can_be_closed(api: Api, admin: httpx.AsyncClient, opened_store: Store) -> None:
    await opened_store.settings.set_signup_open(False)
    try:
        async with api.client() as client:
            assert (await client.get("/api/info")).json()["signup_open"] is False
            answer = await client.post("/api/auth/signup", json={"username": new_name(), "password": PASSWORD})
            problem(answer, 403, "signup_closed")
    finally:
        await opened_store.settings.set_signup_open(True)
