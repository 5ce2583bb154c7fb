"""Log in by device over HTTP: a program asks, a browser's session decides, the program gets a session, once."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_address
from tests.support.browser_session import PASSWORD, browser


async def start(client: httpx.AsyncClient, name: str = "fp on laptop") -> dict[str, Any]:
    answer = await client.post("/api/auth/device", json={"client": name}, headers={"X-Forwarded-For": "198.51.100.7"})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def poll(client: httpx.AsyncClient, code: dict[str, Any]) -> httpx.Response:
    body = {"device_code": code["device_code"]}
    return await client.post("/api/auth/device/token", json=body, headers={"X-Forwarded-For": new_address()})


async def decide(page: httpx.AsyncClient, code: dict[str, Any], approve: bool) -> httpx.Response:
    return await page.post(f"/api/auth/device/{code['user_code']}", json={"approve": approve})


async def test_a_program_is_let_in_by_a_browser_and_only_once(api: Api) -> None:
    async with api.client() as program, browser(api) as page:
        code = await start(program)
        assert code["user_code"][4] == "-"
        assert set(code["user_code"].replace("-", "")) <= set("BCDFGHJKLMNPQRSTVWXZ")
        assert (code["expires_in"], len(code["user_code"])) == (600, 9)
        assert code["verification_uri"] == f"http://localhost:{api.door_port}/device"
        assert code["verification_uri_complete"] == f"{code['verification_uri']}?code={code['user_code']}"
        assert problem(await poll(program, code), 400, "authorization_pending")["hint"]
        typed = code["user_code"].replace("-", "").lower()
        asks = (await page.get(f"/api/auth/device/{typed}")).json()
        assert (asks["client"], asks["address"]) == ("fp on laptop", "198.51.100.7")
        assert asks["user_code"] == code["user_code"]
        assert (await decide(page, code, approve=True)).status_code == 204
        answers = await asyncio.gather(*(poll(program, code) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
        for answer in answers:
            if answer.status_code == 200:
                session = answer
            else:
                problem(answer, 400, "expired_token")
        assert session.json()["user"]["username"] == page.headers["x-username"]
        assert "set-cookie" not in session.headers
        assert session.headers["cache-control"] == "no-store"
        async with api.client(session.json()["token"]) as client:
            assert (await client.get("/api/auth/me")).json()["scope"] is None
        listed = (await page.get("/api/auth/sessions")).json()["items"]
        assert (listed[0]["kind"], listed[0]["client"]) == ("bearer", "fp on laptop")
        problem(await decide(page, code, approve=True), 404, "not_found")


async def test_no_is_no(api: Api) -> None:
    async with api.client() as program, browser(api) as page:
        code = await start(program)
        assert (await decide(page, code, approve=False)).status_code == 204
        problem(await poll(program, code), 400, "access_denied")
        problem(await decide(page, code, approve=True), 404, "not_found")
        problem(await poll(program, code), 400, "access_denied")


async def test_who_asks_too_often_is_told(api: Api) -> None:
    async with api.client() as program:
        code = await start(program)
        problem(await poll(program, code), 400, "authorization_pending")
        problem(await poll(program, code), 400, "slow_down")
        problem(await poll(program, {"device_code": "nonsense"}), 400, "expired_token")
        problem(await poll(program, {"device_code": "x" * 50_000}), 400, "expired_token")


async def test_only_a_browsers_session_approves(api: Api, ada: httpx.AsyncClient) -> None:
    async with api.client() as program:
        code = await start(program)
        for path in (code["user_code"], "BCDF-GHJK"):
            problem(await ada.get(f"/api/auth/device/{path}"), 403, "forbidden")
        problem(await decide(ada, code, approve=True), 403, "forbidden")
        problem(await decide(program, code, approve=True), 401, "not_logged_in")
        async with browser(api) as page:
            del page.headers["X-CSRF-Token"]
            problem(await decide(page, code, approve=True), 403, "csrf")
        problem(await poll(program, code), 400, "authorization_pending")


@pytest.mark.parametrize("ended", ["others", "password"])
async def test_an_approval_dies_with_the_session_that_gave_it(api: Api, ended: str) -> None:
    """Somebody with a stolen session approves a program of theirs; the owner ends that session before it is let in."""
    async with api.client() as program, browser(api) as owner:
        async with browser(api, owner.headers["x-username"], "login") as thief:
            code = await start(program)
            assert (await decide(thief, code, approve=True)).status_code == 204
        if ended == "others":
            answer = await owner.delete("/api/auth/sessions")
        else:
            body = {"current": PASSWORD, "new": "another horse"}
            answer = await owner.post("/api/auth/password", json=body)
        assert answer.status_code == 204
        problem(await poll(program, code), 400, "access_denied")
        assert len((await owner.get("/api/auth/sessions")).json()["items"]) == 1


async def test_an_approval_dies_with_its_account(api: Api, admin: httpx.AsyncClient) -> None:
    async with api.client() as program, browser(api) as page:
        code = await start(program)
        assert (await decide(page, code, approve=True)).status_code == 204
        gone = await page.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
        assert gone.status_code == 204, gone.text
        assert (await poll(program, code)).status_code == 400


async def test_another_sites_page_cannot_log_its_visitor_in(api: Api) -> None:
    async with api.client() as program, browser(api) as page:
        code = await start(program)
        await decide(page, code, approve=True)
        body = {"device_code": code["device_code"]}
        foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
        problem(await program.post("/api/auth/device/token", json=body, headers=foreign), 403, "csrf")
        assert (await poll(program, code)).status_code == 200


async def test_guessing_codes_is_limited_and_looking_at_right_ones_is_not(api: Api) -> None:
    async with api.client() as program, browser(api) as page:
        code = await start(program)
        for _ in range(30):
            assert (await page.get(f"/api/auth/device/{code['user_code']}")).status_code == 200
        for guess in ("BCDF-GHJK", "x", "é" * 200, *["ZZZZ-ZZZZ"] * 17):
            problem(await page.get(f"/api/auth/device/{guess}"), 404, "not_found")
        problem(await page.get("/api/auth/device/BCDF-GHJK"), 429, "rate_limited")
        problem(await decide(page, code, approve=True), 429, "rate_limited")


async def test_an_address_cannot_ask_without_end(api: Api) -> None:
    headers = {"X-Forwarded-For": new_address()}
    async with api.client() as client:
        for _ in range(20):
            assert (await client.post("/api/auth/device", json={}, headers=headers)).status_code == 200
        problem(await client.post("/api/auth/device", json={}, headers=headers), 429, "rate_limited")


async def test_what_a_program_calls_itself_cannot_harm(api: Api) -> None:
    async with api.client() as program, browser(api) as page:
        code = await start(program, "\x1b[2J\nfp\u202e " + "x" * 500)
        asks = (await page.get(f"/api/auth/device/{code['user_code']}")).json()
        assert asks["client"].startswith("[2Jfp x")
        assert len(asks["client"]) == 80
        assert (await page.get(f"/api/auth/device/{(await start(program, ''))['user_code']}")).json()["client"]


async def test_behind_a_tunnel_the_address_is_the_one_that_was_asked_for(api: Api) -> None:
    async with api.client() as program:
        headers = {"Host": "localhost:8443", "X-Forwarded-Proto": "https", "X-Forwarded-For": new_address()}
        answer = await program.post("/api/auth/device", json={}, headers=headers)
        assert answer.json()["verification_uri"] == "https://localhost:8443/device"
        headers["Host"] = "evil.example"
        answer = await program.post("/api/auth/device", json={}, headers=headers)
        assert "evil" not in answer.json()["verification_uri"]


async def test_a_body_of_another_shape_is_told(api: Api) -> None:
    bodies: tuple[Any, ...] = ({"client": 1}, {"more": 1}, [])
    async with api.client() as program:
        for body in bodies:
            problem(await program.post("/api/auth/device", json=body), 422, "invalid")
            problem(await program.post("/api/auth/device/token", json=body), 422, "invalid")
