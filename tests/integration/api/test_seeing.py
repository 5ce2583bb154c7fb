"""Filters of requests and lines over HTTP, one request in whole, and what is wrong said by name."""

import secrets
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest
from pymongo import AsyncMongoClient

from control.domain.apps import Version
from control.domain.clock import utc_now
from control.store import Store
from tests.integration.api.checks import problem
from tests.integration.api.test_ingest import log_line, post, request_line
from tests.support.api_process import Api

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
CODE = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef index():\n    return 1 / 0\n"
ERROR = 'Traceback (most recent call last):\n  File "app.py", line 8, in index\n    return 1 / 0\nZeroDivisionError: no'
REQUESTS: list[dict[str, Any]] = [
    {"path": "/", "status": 200, "ms": 1},
    {"path": "/items/1", "status": 200, "ms": 20, "cold_start_ms": 45.5, "query": "page=2"},
    {"path": "/items/2", "status": 404, "ms": 2, "method": "POST", "htmx": True},
    {"path": "/items/2/edit", "status": 422, "ms": 300, "method": "PUT"},
    {"path": "/Items.*", "status": 500, "ms": 40, "error": ERROR},
    {"path": "/a\nb", "status": 503, "ms": 5000.5, "cold_start_ms": 0},
    {"path": "/ws", "status": 101, "ms": 9, "type": "websocket"},
]


@pytest.fixture
async def app_id(ada: httpx.AsyncClient, app: str) -> str:
    found: str = (await ada.get(f"/api/apps/{app}")).json()["id"]
    return found


def recent(number: int) -> float:
    """Seconds since the epoch; what the records are given, one a second, none so old that it goes."""
    return float(int(time.time()) - 3600 + number)


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


async def found(client: httpx.AsyncClient, app: str, **query: Any) -> list[int]:
    """The numbers of the requests that pass, newest first; page by page, so that cursors are tried as well."""
    numbers: list[int] = []
    cursor: str | None = None
    while True:
        params = query | {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = await client.get(f"/api/apps/{app}/requests", params=params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        numbers += [int(item["id"].rpartition("-r")[2]) for item in body["items"]]
        if (cursor := body["next"]) is None:
            return numbers


async def test_each_filter_of_requests_and_all_together(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    start = recent(0)
    lines = [request_line(n) | more | {"time": start + n} for n, more in enumerate(REQUESTS)]
    assert (await post(api, app_id, *lines)).status_code == 204
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [6, 5, 4, 3, 2, 1, 0]),
        ({"status": "2xx"}, [1, 0]),
        ({"status": "4XX"}, [3, 2]),
        ({"status": "404"}, [2]),
        ({"status": ">=500"}, [5, 4]),
        ({"status": "<200"}, [6]),
        ({"status": ">404"}, [5, 4, 3]),
        ({"method": "post"}, [2]),
        ({"path": "/items/2"}, [2]),
        ({"path": "/items/*"}, [3, 2, 1]),
        ({"path": "/items/*/edit"}, [3]),
        ({"path": "*/2*"}, [3, 2]),
        ({"path": "*/2"}, [2]),
        ({"path": "/Items.*"}, [4]),
        ({"path": "/Items.**"}, [4]),
        ({"path": "*"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"path": "/a*b"}, [5]),
        ({"path": "/item"}, []),
        ({"path": "/\0*"}, []),
        ({"since": iso(start + 5)}, [6, 5]),
        ({"until": iso(start + 1)}, [0]),
        ({"since": iso(start + 1), "until": iso(start + 3)}, [2, 1]),
        ({"ms_over": 40}, [5, 3]),
        ({"ms_over": 39.9}, [5, 4, 3]),
        ({"cold": "true"}, [5, 1]),
        ({"cold": "false"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"request_id": f"of-{app_id}-r3"}, [3]),
        ({"request_id": "nothing"}, []),
        ({"status": "404..500"}, [4, 3, 2]),
        ({"ms": ">=40"}, [5, 4, 3]),
        ({"ms": ">40"}, [5, 3]),
        ({"ms": "<2"}, [0]),
        ({"ms": "2..40"}, [6, 4, 2, 1]),
        ({"q": "ITEMS/2"}, [3, 2]),
        ({"q": "page="}, [1]),
        ({"q": ".*"}, [4]),
        ({"trace": "zerodivision"}, [4]),
        ({"trace": 'File "app.py", line 8'}, [4]),
        ({"trace": "stars"}, []),
        ({"version": "3"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"version": "4"}, []),
        ({"htmx": "true"}, [2]),
        ({"htmx": "false"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"q": "items", "ms": ">1", "status": "4xx", "htmx": "true"}, [2]),
        ({"status": ">=200", "cold": "true", "ms_over": 100, "since": iso(start)}, [5]),
        ({"path": "/items/*", "method": "GET", "status": "2xx", "until": iso(start + 9)}, [1]),
    ]
    for query, expected in cases:
        assert await found(ada, app_id, **query) == expected, query


async def test_each_filter_of_lines_both_ways_round(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    texts = ["Started (v1)", "GET /", "slow .* query", "GRÖSSE ß", "nul \0 byte", "gone wrong", "the end"]
    levels = ["info", "debug", "warning", "info", "info", "error", "critical"]
    start = recent(0)
    lines = [
        log_line(n, text, level) | {"time": start + n, "request_id": "k1" if n in {1, 5} else None}
        for n, (text, level) in enumerate(zip(texts, levels, strict=True))
    ]
    await post(api, app_id, *lines)
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [0, 1, 2, 3, 4, 5, 6]),
        ({"q": "(V1)"}, [0]),
        ({"q": ".*"}, [2]),
        ({"q": "größe"}, []),
        ({"q": "grösse"}, [3]),
        ({"q": "\0"}, [4]),
        ({"search": "wrong"}, [5]),
        ({"q": "^"}, []),
        ({"q": "(((("}, []),
        ({"level": "debug"}, [0, 1, 2, 3, 4, 5, 6]),
        ({"level": "warning"}, [2, 5, 6]),
        ({"level": "critical"}, [6]),
        ({"request_id": f"of-{app_id}-k1"}, [1, 5]),
        ({"request_id": f"of-{app_id}-k1", "level": "error"}, [5]),
        ({"since": iso(start + 2), "until": iso(start + 4)}, [2, 3]),
    ]
    for query, expected in cases:
        for order in ("asc", "desc"):
            numbers: list[int] = []
            cursor: str | None = None
            while True:
                params = query | {"limit": 3, "order": order} | ({"cursor": cursor} if cursor else {})
                answer = await ada.get(f"/api/apps/{app_id}/logs", params=params)
                assert answer.status_code == 200, answer.text
                numbers += [int(item["id"].rpartition("-l")[2]) for item in answer.json()["items"]]
                if (cursor := answer.json()["next"]) is None:
                    break
            assert numbers == (expected if order == "asc" else expected[::-1]), (query, order)


@pytest.mark.parametrize(
    ("route", "query"),
    [
        ("requests", {"status": "teapot"}),
        ("requests", {"method": "GET,POST"}),
        ("requests", {"path": "items"}),
        ("requests", {"since": "yesterday"}),
        ("requests", {"until": "2026-01-01"}),
        ("requests", {"ms_over": "-1"}),
        ("requests", {"ms": "slow"}),
        ("requests", {"ms": "9..1"}),
        ("requests", {"status": "500..400"}),
        ("requests", {"version": "seven"}),
        ("requests", {"htmx": "1"}),
        ("logs/download", {"level": "loud"}),
        ("requests", {"cold": "maybe"}),
        ("logs", {"level": "loud"}),
        ("logs", {"order": "up"}),
        ("logs", {"since": "0001-01-01T00:00:00+14:00"}),
    ],
)
async def test_each_wrong_value_is_named(ada: httpx.AsyncClient, app: str, route: str, query: dict[str, str]) -> None:
    ((name, value),) = query.items()
    told = problem(await ada.get(f"/api/apps/{app}/{route}", params=query), 422, "invalid")["detail"]
    assert told.startswith(f"{name}: it must be ")
    assert repr(value) in told


async def test_a_span_without_time_in_it_and_texts_without_end(ada: httpx.AsyncClient, app: str) -> None:
    noon = iso(NOON)
    answer = await ada.get(f"/api/apps/{app}/requests", params={"since": noon, "until": noon})
    assert problem(answer, 422, "invalid")["detail"].startswith("until: ")
    for name in ("status", "path", "request_id", "cursor"):
        answer = await ada.get(f"/api/apps/{app}/requests", params={name: "4" * 5000})
        assert name in problem(answer, 400, "bad_request")["detail"]


async def test_one_request_in_whole(
    api: Api, ada: httpx.AsyncClient, app_id: str, opened_store: Store, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    """With the lines it printed, and its traceback with the code of the version that ran, not of the draft."""
    versions = mongo["platform"]["versions"]
    for number, text in ((3, CODE), (4, "# another\n" + CODE)):
        version = Version(
            id=secrets.token_hex(8), app=app_id, number=number, files={"app.py": text}, entrypoint="app.py",
            code_hash="x", framework=None, deploy="d", by="ada", created_at=utc_now(),
        )  # fmt: skip
        written = await opened_store.versions.write(version)
        await versions.update_one({"_id": version.id}, {"$set": {"number": number}})
        assert written.id == version.id
    lines = [log_line(n, f"n{n}") | {"request_id": "r1"} for n in range(3)]
    await post(api, app_id, request_line(1, status=500, error=ERROR), request_line(2), log_line(9, "of none"), *lines)
    url = f"/api/apps/{app_id}/requests/of-{app_id}-r"
    body = (await ada.get(f"{url}1")).json()
    assert (body["request"]["id"], body["request"]["error"]) == (f"of-{app_id}-r1", ERROR)
    assert [item["text"] for item in body["logs"]] == ["n0", "n1", "n2"]
    assert (body["more_logs"], body["source"], body["note"]) == (False, "kept", "")
    (frame,) = body["frames"]
    assert (frame["file"], frame["line"], frame["function"], frame["code"]) == ("app.py", 8, "index", "return 1 / 0")
    assert [shown["text"] for shown in frame["around"]] == CODE.split("\n")[4:9]
    quiet = (await ada.get(f"{url}2")).json()
    assert (quiet["frames"], quiet["logs"], quiet["source"]) == ([], [], "none")
    await versions.delete_one({"app": app_id, "number": 3})
    gone = (await ada.get(f"{url}1")).json()
    assert (gone["source"], gone["frames"][0]["around"]) == ("gone", [])
    assert "Version 3" in gone["note"]
    assert gone["frames"][0]["code"] == "return 1 / 0"


async def test_the_headers_of_a_failure_are_told_with_it_and_not_in_lists(
    api: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    headers = {"request": [["cookie", None], ["x-mine", "1"]], "answer": [["x-why", "late"]]}
    await post(api, app_id, request_line(1, status=404, headers=headers), request_line(2))
    url = f"/api/apps/{app_id}/requests"
    told = [(await ada.get(f"{url}/of-{app_id}-r{n}")).json()["request"]["headers"] for n in (1, 2)]
    sent = [{"name": "cookie", "value": None}, {"name": "x-mine", "value": "1"}]
    assert told == [{"request": sent, "answer": [{"name": "x-why", "value": "late"}]}, None]
    assert [item["headers"] for item in (await ada.get(url)).json()["items"]] == [None, None]


async def test_a_request_with_very_many_lines_says_that_there_are_more(
    api: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    await post(api, app_id, request_line(1), *(log_line(n, f"n{n}") | {"request_id": "r1"} for n in range(250)))
    body = (await ada.get(f"/api/apps/{app_id}/requests/of-{app_id}-r1")).json()
    assert (len(body["logs"]), body["logs"][0]["text"], body["more_logs"]) == (200, "n0", True)


async def test_a_cold_request_tells_the_wake_that_it_waited_for(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    """Of its own instance, and the newest one before it; a warm one tells none."""
    at = recent(0)
    wakes = [
        ("w1", at, f"of-{app_id}"),
        ("w2", at + 10, f"of-{app_id}"),
        ("w3", at + 20, f"of-{app_id}"),
        ("w4", at, "x"),
    ]
    body = b"".join(
        msgspec.json.encode(
            {
                "kind": "wake",
                "app": app_id,
                "wake": {"id": name, "time": iso(time), "cause": "request", "outcome": "ready", "ms": 40, "held": 1}
                | {"instance": instance, "phases": [{"name": "imports", "ms": 30}]},
            }
        )
        + b"\n"
        for name, time, instance in wakes
    )
    async with api.internal() as client:
        assert (await client.post("/ingest/wakes", content=body)).status_code == 204
    cold, warm = request_line(1, cold_start_ms=40.0, time=at + 10.5), request_line(2, time=at + 11)
    await post(api, app_id, cold, warm)
    told = [(await ada.get(f"/api/apps/{app_id}/requests/of-{app_id}-r{n}")).json()["wake"] for n in (1, 2)]
    assert told[1] is None
    assert (told[0]["id"], told[0]["phases"][0]["name"]) == ("w2", "imports")


async def test_the_whole_log_as_a_file(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    """More lines than one page or one chunk has, each once and in order; a filter holds here as in the list."""
    start = recent(0)
    lines = [log_line(n, f"n{n}", "error" if n == 7 else "info") | {"time": start + n / 1000} for n in range(2500)]
    lines.append(log_line(2500, "two\nlines \x1b[31mred") | {"time": start + 9})
    for first in range(0, len(lines), 500):
        assert (await post(api, app_id, *lines[first : first + 500])).status_code == 204
    url = f"/api/apps/{app_id}/logs/download"
    answer = await ada.get(url)
    assert answer.headers["content-type"].startswith("text/plain")
    assert "attachment" in answer.headers["content-disposition"]
    said = answer.text.split("\n")
    assert [one.rsplit(" ", 1)[1] for one in said[:2500]] == [f"n{n}" for n in range(2500)]
    assert said[0] == f"{iso(start)[:-1]}.000Z info     n0"
    assert said[2500].endswith("two")
    assert said[2501:] == ["\tlines \x1b[31mred", ""]
    as_json = (await ada.get(url, params={"format": "jsonl", "level": "error"})).text.splitlines()
    assert [msgspec.json.decode(one)["text"] for one in as_json] == ["n7"]
    problem(await ada.get(url, params={"format": "pdf"}), 400, "bad_request")


async def test_nobody_sees_what_is_anothers(
    api: Api, ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient, app_id: str
) -> None:
    await post(api, app_id, request_line(1))
    record = f"of-{app_id}-r1"
    mine = (await bob.post("/api/apps", json={})).json()["id"]
    for path in (
        f"{app_id}/requests/{record}",
        f"{app_id}/requests",
        f"{app_id}/logs",
        f"{app_id}/logs/download",
        f"{mine}/requests/{record}",
    ):
        problem(await bob.get(f"/api/apps/{path}"), 404, "not_found")
    assert (await admin.get(f"/api/apps/{app_id}/requests/{record}")).status_code == 200
    problem(await ada.get(f"/api/apps/{app_id}/requests/nothing"), 404, "not_found")
    problem(await ada.get(f"/api/apps/{app_id}/requests/{'x' * 3000}"), 404, "not_found")


async def test_numbers_that_no_store_could_keep_cost_their_line_only(
    api: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    huge = msgspec.json.encode(request_line(1)).replace(b'"bytes_out":2', b'"bytes_out":%d' % 2**63)
    assert (await post(api, app_id, huge, request_line(2))).status_code == 204
    assert await found(ada, app_id) == [2]


async def test_failures_and_cold_starts_are_found_by_an_index_of_their_own(
    api: Api, app_id: str, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    """Among very many others: what is looked at is about what is found."""
    many = [request_line(n) | {"time": recent(0) + n / 100} for n in range(3000)]
    few = [request_line(9000 + n, status=500, cold_start_ms=1.0) | {"time": recent(-100) + n} for n in range(5)]
    await post(api, app_id, *many)
    await post(api, app_id, *few)
    requests = mongo["platform"]["requests"]
    for query in ({"status": {"$gte": 500, "$lte": 599}}, {"cold_start_ms": {"$gte": 0}}):
        plan = await requests.find({"$and": [{"app": app_id, **query}]}, sort=[("time", -1), ("_id", -1)]).explain()
        assert plan["executionStats"]["totalDocsExamined"] == 5, plan["queryPlanner"]["winningPlan"]
        assert plan["executionStats"]["totalKeysExamined"] < 20
