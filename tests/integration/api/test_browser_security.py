"""What a browser sends by itself is not believed: cookies need the CSRF token and our own origin; a Bearer token does not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_name

PASSWORD = "correct horse"


@asynccontextmanager
async def logged_in(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client that holds cookies only, as a browser does."""
    async with api.client() as client:
        body = {"username": new_name(), "password": PASSWORD}
        answer = await client.post("/api/auth/signup", json=body, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 201
        yield client


async def test_the_cookies_are_as_safe_as_they_can_be(api: Api) -> None:
    async with api.client() as client:
        answer = await client.post("/api/auth/signup", json={"username": new_name(), "password": PASSWORD})
    session, csrf = answer.headers.get_list("set-cookie")
    assert session.startswith("fp_session=fp_")
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"):
        assert attribute in session
    assert "HttpOnly" not in csrf
    assert "Secure" not in session + csrf
    assert "Domain" not in session + csrf


async def test_behind_https_the_cookies_are_secure(api: Api) -> None:
    async with api.client() as client:
        body = {"username": new_name(), "password": PASSWORD}
        answer = await client.post("/api/auth/signup", json=body, headers={"X-Forwarded-Proto": "https"})
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


async def test_reading_needs_the_cookie_only_and_writing_the_csrf_token_too(api: Api) -> None:
    async with logged_in(api) as client:
        assert (await client.get("/api/apps")).status_code == 200
        problem(await client.post("/api/apps", json={}), 403, "csrf")
        problem(await client.post("/api/apps", json={}, headers={"X-CSRF-Token": "guess"}), 403, "csrf")
        token = client.cookies["fp_csrf"]
        assert (await client.post("/api/apps", json={}, headers={"X-CSRF-Token": token})).status_code == 201


async def test_a_csrf_cookie_planted_by_another_host_is_worth_nothing(api: Api) -> None:
    async with logged_in(api) as client:
        client.cookies.delete("fp_csrf")
        client.cookies.set("fp_csrf", "planted")
        problem(await client.post("/api/apps", json={}, headers={"X-CSRF-Token": "planted"}), 403, "csrf")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.localhost:8080"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
async def test_another_sites_page_can_neither_write_nor_log_in(api: Api, headers: dict[str, str]) -> None:
    async with logged_in(api) as client:
        token = {"X-CSRF-Token": client.cookies["fp_csrf"]}
        problem(await client.post("/api/apps", json={}, headers=headers | token), 403, "csrf")
        problem(await client.post("/api/auth/logout", headers=headers), 403, "csrf")
        body = {"username": new_name(), "password": PASSWORD}
        problem(await client.post("/api/auth/signup", json=body, headers=headers), 403, "csrf")
        problem(await client.post("/api/auth/login", json=body, headers=headers), 403, "csrf")
        assert (await client.get("/api/auth/me")).status_code == 200


async def test_our_own_origin_may(api: Api) -> None:
    async with logged_in(api) as client:
        headers = {"X-CSRF-Token": client.cookies["fp_csrf"], "Origin": api.url, "Sec-Fetch-Site": "same-origin"}
        assert (await client.post("/api/apps", json={}, headers=headers)).status_code == 201


async def test_a_bearer_token_needs_no_csrf_token(ada: httpx.AsyncClient) -> None:
    assert (await ada.post("/api/apps", json={})).status_code == 201


async def test_log_out_takes_the_cookies_away_also_from_a_session_that_ended(api: Api) -> None:
    async with logged_in(api) as client:
        headers = {"X-CSRF-Token": client.cookies["fp_csrf"]}
        client.cookies.jar.clear_expired_cookies()
        answer = await client.post("/api/auth/logout", headers=headers)
        assert answer.status_code == 204
        assert not client.cookies
        again = await client.post("/api/auth/logout")
        assert again.status_code == 204


async def test_every_answer_is_safe_to_show(api: Api, ada: httpx.AsyncClient) -> None:
    for path in ("/", "/api/health", "/api/docs", "/api/nothing", "/assets/none.js", "/api/apps"):
        headers = (await ada.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-request-id"]
        assert "access-control-allow-origin" not in headers
