"""Hostile bodies for everything about accounts: told, never a traceback, and nobody's account is changed by one."""

from typing import Any

import httpx
import pytest
from hypothesis import given

from tests.integration.api.test_hostile import JSON, WILD, check
from tests.support.api_process import Api, new_address, sign_up

ROUTES = [
    ("POST", "/api/auth/tokens"),
    ("POST", "/api/auth/password"),
    ("DELETE", "/api/auth/me"),
    ("POST", "/api/auth/device"),
    ("POST", "/api/auth/device/token"),
    ("POST", "/api/auth/device/BCDF-GHJK"),
    ("POST", "/api/admin/users"),
    ("PATCH", "/api/admin/users/abcdefgh12345678"),
]
ODD: list[Any] = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"password": "\\ud800"}',
    b'{"current": "\\ud800\\udfff", "new": "12345678"}',
    b"[" * 50_000,
    b'{"name": ' + b'"' + b"x" * 60_000 + b'"}',
    b'{"name": "x", "expires_days": 1e400}',
    b'{"name": "x", "expires_days": 99999999999999999999999}',
]


@pytest.fixture(scope="module")
async def token(api: Api, admin: httpx.AsyncClient) -> str:
    found: str = (await sign_up(api))["token"]
    return found


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_odd_bytes_and_wild_json_are_refused_in_words(api: Api, token: str, method: str, path: str) -> None:
    with httpx.Client(base_url=api.url, timeout=30, trust_env=False) as client:
        client.headers["Authorization"] = f"Bearer {token}"

        def send(**body: Any) -> None:
            check(client.request(method, path, headers={"X-Forwarded-For": new_address()}, **body))

        for raw in ODD:
            send(content=raw)
        WILD(given(body=JSON)(lambda body: send(json=body)))()
        assert client.get("/api/auth/me").status_code == 200


@pytest.mark.parametrize("name", ["%00", "..%2f..", "%ff%fe", "x" * 2000, "$ne", "[$ne]=1", "%F0%9F%90%8D"])
async def test_odd_ids_find_nothing(api: Api, admin: httpx.AsyncClient, name: str) -> None:
    for method, path in (
        ("DELETE", "/api/auth/tokens/"),
        ("DELETE", "/api/auth/sessions/"),
        ("GET", "/api/auth/device/"),
        ("PATCH", "/api/admin/users/"),
    ):
        answer = await admin.request(method, path + name, json={})
        check(answer)
        assert answer.status_code in {400, 403, 404, 405, 422}, (method, path, answer.text)
    assert (await admin.get("/api/auth/me")).status_code == 200


async def test_a_cursor_of_another_list_is_told(admin: httpx.AsyncClient) -> None:
    for path in ("/api/auth/tokens", "/api/auth/sessions", "/api/admin/users"):
        check(answer := await admin.get(path, params={"cursor": "WyJ0IiwieCJd"}))
        assert answer.status_code == 400
        check(answer := await admin.get(path, params={"limit": 10**9}))
        assert answer.status_code == 400
