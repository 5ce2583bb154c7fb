"""Hostile input: whatever is sent, the answer is a problem that says what was wrong, never a traceback and never a 500."""

import asyncio
import json
import string
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.api.checks import problem
from tests.support.api_process import Api

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
FIELDS = [
    "name",
    "template",
    "files",
    "entrypoint",
    "username",
    "password",
    "idle_minutes",
    "method",
    "path",
    "headers",
    "body",
]
BODIES = JSON | st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5)


@pytest.fixture(scope="module", autouse=True)
def logged_before(api: Api) -> int:
    """How long the process's log was before these tests: others use the same process."""
    return len(api.log)


WILD = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def writes(document: dict[str, Any], app: str) -> list[tuple[str, str]]:
    """Every route that takes a body, but those that open sessions (their rate limit is another test's)."""
    return [
        (method, path.replace("{key}", app))
        for path, methods in document["paths"].items()
        for method, found in methods.items()
        if "requestBody" in found and not path.startswith("/api/auth/")
    ]


def check(answer: httpx.Response) -> None:
    assert answer.status_code < 500 or answer.json()["code"] == "unavailable", answer.text
    if answer.status_code >= 400:
        problem(answer, answer.status_code, answer.json()["code"])


@pytest.fixture(scope="module")
async def target(api: Api, admin: httpx.AsyncClient) -> tuple[str, list[tuple[str, str]]]:
    """The admin's token, and the routes to try on an app of theirs."""
    app = (await admin.post("/api/apps", json={})).json()["name"]
    document = (await admin.get("/api/openapi.json")).json()
    return admin.headers["authorization"], writes(document, app)


def send(api: Api, token: str, requests: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
    """Sends them one after the other; Hypothesis runs plain functions."""
    with httpx.Client(base_url=api.url, headers={"Authorization": token}, timeout=30, trust_env=False) as client:
        return [client.request(method, path, **more) for method, path, more in requests]


@WILD
@given(body=BODIES)
def test_any_json_on_every_route(api: Api, target: tuple[str, list[tuple[str, str]]], body: Any) -> None:
    token, routes = target
    content = json.dumps(body).encode()
    for answer in send(api, token, [(method, path, {"content": content}) for method, path in routes]):
        check(answer)


@WILD
@given(raw=st.binary(max_size=200))
def test_any_bytes_on_every_route(api: Api, target: tuple[str, list[tuple[str, str]]], raw: bytes) -> None:
    token, routes = target
    for answer in send(api, token, [(method, path, {"content": raw}) for method, path in routes]):
        check(answer)


@WILD
@given(text=st.text(max_size=30), header=st.text(alphabet=string.printable.strip(), max_size=30))
def test_any_text_in_path_query_and_headers(
    api: Api, target: tuple[str, list[tuple[str, str]]], text: str, header: str
) -> None:
    token, _ = target
    strange = {"If-Match": header, "Last-Event-ID": header, "Idempotency-Key": header, "Cookie": f"fp_session={header}"}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/api/apps", {"params": {"cursor": text, "limit": text}}),
        ("GET", f"/api/apps/{quote(text, safe='')}", {}),
        ("PUT", "/api/apps/nobody/draft", {"headers": strange, "json": {"files": {"app.py": ""}}}),
        ("POST", "/api/apps/nobody/deploy", {"headers": strange}),
        ("GET", "/api/deploys/nobody/events", {"headers": strange}),
    ]
    for answer in send(api, token, requests):
        check(answer)


RAW_REQUESTS = [
    b"GET /api/apps/%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /api/apps/%ed%a0%80/draft HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /api/apps?cursor=%ff&limit=%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /api/apps HTTP/1.1\r\nHost: x\r\nCookie: \xff=\xff; fp_session=\xff\r\nConnection: close\r\n\r\n",
    b"GET /api/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xe9\r\nConnection: close\r\n\r\n",
    b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\n\xff\xfe\xfd\xfc\xfb",
    b'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{"a":\r\n0\r\n\r\n',
    b"BREW /api/apps HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
]


@pytest.mark.parametrize("raw", RAW_REQUESTS)
async def test_raw_bytes_on_the_socket_get_a_4xx_and_no_traceback(api: Api, raw: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(raw)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    status = int(answer.split(b" ", 2)[1])
    assert 200 <= status < 500, answer
    assert b"Traceback" not in answer


async def test_a_body_over_the_limit_is_too_large_before_it_is_read(ada: httpx.AsyncClient, app: str) -> None:
    problem(await ada.post("/api/apps", content=b"x" * 70_000), 413, "too_large")
    problem(await ada.put(f"/api/apps/{app}/draft", content=b"x" * (4 * 1024 * 1024 + 1)), 413, "too_large")

    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 10_000

    problem(await ada.post("/api/apps", content=endless()), 413, "too_large")


async def test_deep_nesting_is_a_bad_request(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/api/apps", content=b'{"name":' + b"[" * 30_000)
    assert answer.status_code in {400, 422}
    answer = await ada.post("/api/validate", json={"files": {"app.py": "(" * 20_000}})
    assert answer.json()["ok"] is False


async def test_unknown_routes_and_wrong_methods_are_problems(ada: httpx.AsyncClient) -> None:
    problem(await ada.get("/api"), 404, "not_found")
    problem(await ada.get("/api/apps/x/y/z"), 404, "not_found")
    refused = await ada.put("/api/health", json={})
    problem(refused, 405, "method_not_allowed")
    assert "GET" in refused.headers["allow"]


def test_none_of_it_reached_the_log_as_a_traceback(api: Api, logged_before: int) -> None:
    ours = api.log[logged_before:]
    assert "request_failed" not in ours
    assert "Traceback" not in ours
