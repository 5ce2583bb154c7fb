"""The internal listener: stores what apps report, once, and only for who has the token."""

import time
from typing import Any

import httpx
import msgspec
import pytest

from cluster.credentials import ingest_credential
from tests.integration.api.checks import problem
from tests.support.api_process import TOKEN, Api


def request_line(number: int, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {
        "kind": "request", "id": f"r{number}", "time": time.time() - 60 + number, "type": "http", "method": "GET",
        "path": f"/{number}", "query": "", "status": 200, "ms": 1.5, "bytes_in": 0, "bytes_out": 2, "cold_start_ms": None,
        "client": "c", "htmx": False, "error": None,
    }  # fmt: skip
    return line | more


def log_line(number: int, text: str, level: str = "info") -> dict[str, Any]:
    return {
        "kind": "log",
        "id": f"l{number}",
        "time": time.time() - 60 + number,
        "level": level,
        "text": text,
        "request_id": None,
    }


async def post(api: Api, app: str, *lines: dict[str, Any] | bytes, **query: str) -> httpx.Response:
    body = b"".join((line if isinstance(line, bytes) else msgspec.json.encode(line)) + b"\n" for line in lines)
    async with api.internal() as client:
        return await client.post(
            "/ingest", params={"app": app, "version": "3", "instance": f"of-{app}"} | query, content=body
        )


@pytest.fixture
async def app_id(ada: httpx.AsyncClient, app: str) -> str:
    found: str = (await ada.get(f"/api/apps/{app}")).json()["id"]
    return found


async def test_what_is_posted_twice_is_stored_once(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    lines = [
        request_line(1),
        request_line(2, cold_start_ms=41.5, status=500, error="Traceback: boom"),
        log_line(1, "hello"),
    ]
    for _ in range(2):
        assert (await post(api, app_id, *lines)).status_code == 204
    requests = (await ada.get(f"/api/apps/{app_id}/requests")).json()["items"]
    assert [item["id"] for item in requests] == [f"of-{app_id}-r2", f"of-{app_id}-r1"]
    assert (requests[0]["cold_start_ms"], requests[0]["version"], requests[0]["error"]) == (41.5, 3, "Traceback: boom")
    logs = (await ada.get(f"/api/apps/{app_id}/logs")).json()["items"]
    assert [(item["id"], item["text"]) for item in logs] == [(f"of-{app_id}-l1", "hello")]
    app = (await ada.get(f"/api/apps/{app_id}")).json()
    assert app["last_request_at"] == requests[0]["time"]


async def test_bad_lines_cost_themselves_only(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    answer = await post(api, app_id, b"{nonsense", request_line(7), b"\xff\xff", b'{"kind":"other","id":"x","time":1}')
    assert answer.status_code == 204
    assert [item["path"] for item in (await ada.get(f"/api/apps/{app_id}/requests")).json()["items"]] == ["/7"]


async def test_log_search_ignores_case_and_takes_text_literally(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    await post(api, app_id, log_line(1, "Paid 5.00 (cash)"), log_line(2, "paid 5x00"), log_line(3, "nothing"))
    found = await ada.get(f"/api/apps/{app_id}/logs", params={"search": "PAID 5.00 ("})
    assert [item["text"] for item in found.json()["items"]] == ["Paid 5.00 (cash)"]


async def test_pages_of_requests_are_newest_first(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    await post(api, app_id, *(request_line(number) for number in range(7)))
    first = (await ada.get(f"/api/apps/{app_id}/requests?limit=4")).json()
    rest = (await ada.get(f"/api/apps/{app_id}/requests", params={"limit": 4, "cursor": first["next"]})).json()
    paths = [item["path"] for item in first["items"] + rest["items"]]
    assert paths == [f"/{number}" for number in range(6, -1, -1)]
    assert rest["next"] is None


async def test_an_app_that_is_gone_is_gone(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    assert (await post(api, "nobody", request_line(1))).status_code == 410
    await ada.delete(f"/api/apps/{app_id}")
    assert (await post(api, app_id, request_line(1))).status_code == 410


async def test_only_the_token_opens_it(api: Api, app_id: str) -> None:
    for token in ("", "Bearer", "Bearer wrong", "Basic eA=="):
        async with httpx.AsyncClient(base_url=api.internal_url, trust_env=False) as client:
            headers = {"Authorization": token} if token else {}
            answer = await client.post("/ingest", params={"app": app_id, "instance": "i"}, content=b"", headers=headers)
            assert answer.status_code == 401


async def test_too_much_at_once_wrong_method_and_no_app(api: Api, app_id: str) -> None:
    assert (await post(api, app_id, b"x" * (1200 * 1024))).status_code == 413
    assert (await post(api, "", request_line(1))).status_code == 400
    async with api.internal() as client:
        assert (await client.get("/ingest")).status_code == 405
        assert (await client.get("/api/apps")).status_code == 404


async def test_the_public_listener_does_not_take_reports(ada: httpx.AsyncClient, app_id: str) -> None:
    answer = await ada.post("/ingest", params={"app": app_id, "instance": "i"}, content=b"")
    problem(answer, 405, "method_not_allowed")


async def test_an_instance_that_ships_by_itself_posts_its_own_and_nothing_else(
    api: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    own = ingest_credential(TOKEN, app_id, 3, "i1")
    async with api.internal() as client:
        client.headers["Authorization"] = f"Bearer {own}"
        body = msgspec.json.encode(log_line(1, "mine")) + b"\n"
        for query, expected in (
            ({"app": app_id, "version": "3", "instance": "i1"}, 204),
            ({"app": app_id, "version": "3", "instance": "i2"}, 401),
            ({"app": app_id, "version": "4", "instance": "i1"}, 401),
            ({"app": "another", "version": "3", "instance": "i1"}, 401),
            ({"app": app_id, "version": "", "instance": "i1"}, 401),
        ):
            assert (await client.post("/ingest", params=query, content=body)).status_code == expected
        assert (await client.post("/ingest/wakes", content=b"")).status_code == 401
    logs = (await ada.get(f"/api/apps/{app_id}/logs")).json()["items"]
    assert [item["text"] for item in logs] == ["mine"]
