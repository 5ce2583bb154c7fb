"""Databases and the explorer over HTTP: one's own alone, hostile queries answered in words, dropped only by name."""

import asyncio
import http.client
import json
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import AsyncMongoClient

from tests.integration.api.checks import problem
from tests.support.api_process import Api
from tests.support.api_stack import until

Doc = dict[str, Any]
HOSTILE = [
    {"$where": "sleep(10000) || true"},
    {"a": {"$not": {"$elemMatch": {"$where": "1"}}}},
    {"$expr": {"$function": {"body": "function() { return 1 }", "args": [], "lang": "js"}}},
    {"$and": [{"$or": [{"$expr": {"$accumulator": {}}}]}]},
    {"a": {"$code": "function() {}"}},
    {"a": {"$code": "x", "$scope": {}}},
    {"$lookup": {"from": "users", "as": "u", "pipeline": []}},
    {"a": [{"$unionWith": {"coll": "users"}}]},
    {"a": {"$out": "x"}},
    {"a": {"$merge": {"into": {"db": "platform", "coll": "users"}}}},
]


class Owned:
    """A database of somebody's, reached over HTTP and past it."""

    def __init__(self, made: Doc, mongo: AsyncMongoClient[Doc]) -> None:
        self.id, self.name = made["id"], made["name"]
        self.data = mongo[self.name]
        self.url = f"/api/databases/{self.id}"

    def of(self, collection: str, route: str = "documents", **query: str) -> str:
        return f"{self.url}/collections/{collection}/{route}?{urlencode(query)}"


@pytest.fixture
async def owned(ada: httpx.AsyncClient, mongo: AsyncMongoClient[Doc]) -> Owned:
    answer = await ada.post("/api/databases", json={"label": " Shop "})
    assert answer.status_code == 201, answer.text
    return Owned(answer.json(), mongo)


@pytest.fixture(scope="module")
async def shared(admin: httpx.AsyncClient, mongo: AsyncMongoClient[Doc]) -> AsyncIterator[Owned]:
    """The admin's, with a few documents in `things`."""
    made = Owned((await admin.post("/api/databases", json={})).json(), mongo)
    await made.data["things"].insert_many([{"_id": number, "a": number % 3} for number in range(10)])
    yield made
    await admin.delete(f"{made.url}?name={made.name}")


async def test_a_database_is_made_found_looked_at_and_dropped_by_name(ada: httpx.AsyncClient, owned: Owned) -> None:
    (listed,) = (await ada.get("/api/databases")).json()["items"]
    assert (listed["id"], listed["label"], listed["default"], listed["apps"]) == (owned.id, "Shop", False, [])
    await owned.data["notes"].insert_many([{"text": "x" * 100} for _ in range(20)])
    found = (await ada.get(f"/api/databases/{owned.name}")).json()
    assert found == (await ada.get(owned.url)).json()
    assert {**found, **listed} == found
    assert (found["collections"], found["objects"], found["bytes"] > 2000) == (1, 20, True)
    for wrong in ("", "?name=", "?name=Shop", f"?name={owned.id}", f"?name={owned.name}x"):
        body = problem(await ada.delete(f"{owned.url}{wrong}"), 422, "invalid")
        assert "nothing was deleted" in body["detail"]
    assert await owned.data["notes"].count_documents({}) == 20
    assert (await ada.delete(f"{owned.url}?name={owned.name}")).status_code == 204
    assert await owned.data.list_collection_names() == []
    problem(await ada.get(owned.url), 404, "not_found")
    assert (await ada.get("/api/databases")).json() == {"items": [], "next": None}


async def test_a_database_with_an_app_is_not_dropped(
    ada: httpx.AsyncClient, owned: Owned, app: str, mongo: AsyncMongoClient[Doc]
) -> None:
    await mongo["platform"]["apps"].update_one({"name": app}, {"$set": {"database": owned.id}})
    assert (await ada.get(owned.url)).json()["apps"] == [app]
    body = problem(await ada.delete(f"{owned.url}?name={owned.name}"), 409, "conflict")
    assert app in body["detail"]
    assert (await ada.get(owned.url)).status_code == 200


async def test_somebody_elses_database_is_not_there_on_any_route(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient, owned: Owned
) -> None:
    """By id and by name; an administrator finds it, and lists everyone's when asked to."""
    await owned.data["notes"].insert_one({"_id": 1})
    document = (await bob.get("/api/openapi.json")).json()
    asked = 0
    for path, methods in document["paths"].items():
        for method in methods if "{database}" in path else ():
            for key in (owned.id, owned.name):
                url = path.replace("{database}", key).replace("{collection}", "notes") + f"?name={owned.name}"
                problem(await bob.request(method, url), 404, "not_found")
                asked += 1
                if method == "get":
                    assert (await admin.get(url)).status_code == 200
    assert asked == 14
    assert (await bob.get("/api/databases")).json()["items"] == []
    problem(await bob.get("/api/databases?all=true"), 403, "forbidden")
    everyone = (await admin.get("/api/databases?all=true&limit=200")).json()["items"]
    assert owned.id in [one["id"] for one in everyone]
    assert owned.id not in [one["id"] for one in (await admin.get("/api/databases")).json()["items"]]
    (hers,) = (await admin.get(f"/api/databases?all=true&owner={everyone[0]['owner']}")).json()["items"]
    assert (hers["id"], hers["owner"]) == (owned.id, everyone[0]["owner"])
    problem(await admin.get("/api/databases?all=true&owner=nobody-at-all"), 404, "not_found")
    assert (await bob.get(f"/api/databases?owner={hers['owner']}")).json()["items"] == [], (
        "without `all` it is one's own"
    )
    assert (await ada.get(owned.of("notes"))).json()["items"] == [{"_id": 1}]


async def test_no_more_than_ten(bob: httpx.AsyncClient) -> None:
    for _ in range(10):
        assert (await bob.post("/api/databases", json={})).status_code == 201
    assert "You have 10" in problem(await bob.post("/api/databases", json={}), 409, "conflict")["detail"]


@pytest.mark.parametrize("body", [{"label": "x" * 61}, {"label": "a\nb"}, {"label": 1}, {"name": "x"}])
async def test_a_bad_label_is_invalid(admin: httpx.AsyncClient, body: Doc) -> None:
    problem(await admin.post("/api/databases", json=body), 422, "invalid")


async def test_documents_filtered_sorted_projected_and_in_pages(admin: httpx.AsyncClient, shared: Owned) -> None:
    query = {"filter": '{"a": {"$gte": 1}}', "sort": '{"a": -1}', "projection": '{"_id": 1}', "limit": "4"}
    first = (await admin.get(shared.of("things", **query))).json()
    assert (first["items"], first["estimate"]) == ([{"_id": 8}, {"_id": 5}, {"_id": 2}, {"_id": 7}], 10)
    second = (await admin.get(shared.of("things", **query, cursor=first["next"]))).json()
    assert (second["items"], second["next"]) == ([{"_id": 4}, {"_id": 1}], None)
    canonical = (await admin.get(shared.of("things", format="canonical", limit="1"))).json()
    assert canonical["items"] == [{"_id": {"$numberInt": "0"}, "a": {"$numberInt": "0"}}]
    (one,) = (await admin.get(f"{shared.url}/collections")).json()["items"]
    assert (one["name"], one["kind"], one["count"], one["indexes"]) == ("things", "collection", 10, 1)
    (index,) = (await admin.get(shared.of("things", "indexes"))).json()["items"]
    assert (index["name"], index["keys"], index["unique"]) == ("_id_", [["_id", 1]], True)
    problem(await admin.get(shared.of("nothing")), 404, "not_found")
    problem(await admin.get(shared.of("system.users")), 404, "not_found")
    problem(await admin.get(shared.of("things", cursor="e30")), 400, "bad_request")
    problem(await admin.get(shared.of("things", format="xml")), 400, "bad_request")


@pytest.mark.parametrize("part", ["filter", "projection", "sort"])
@pytest.mark.parametrize("query", HOSTILE)
async def test_hostile_queries_are_refused_with_the_place(
    admin: httpx.AsyncClient, shared: Owned, part: str, query: Doc
) -> None:
    for text in (query, {"x": [{"y": query}]}, {"$expr": {"$let": {"vars": {}, "in": query}}}):
        body = problem(await admin.get(shared.of("things", **{part: json.dumps(text)})), 422, "invalid")
        assert body["detail"].startswith(f"{part}.")
        assert ": not allowed here: it " in body["detail"]


async def test_the_size_and_depth_of_a_filter_are_limited(api: Api, admin: httpx.AsyncClient, shared: Owned) -> None:
    """Of the size, the server's own limit for an address comes first; it must not cost more than that request."""
    fits = json.dumps({"a": "x" * 40_000})
    assert (await admin.get(shared.of("things", filter=fits))).json()["items"] == []

    def too_long() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=20)
        connection.request("GET", shared.of("things", filter="x" * 70_000), headers=dict(admin.headers))
        return connection.getresponse().status

    assert await asyncio.to_thread(too_long) in {400, 413, 414, 431}
    deep = "[" * 20_000
    assert "nested" in problem(await admin.get(shared.of("things", filter=deep)), 422, "invalid")["detail"]
    deep = '{"a":' * 51 + "{}" + "}" * 51
    assert "50 levels" in problem(await admin.get(shared.of("things", filter=deep)), 422, "invalid")["detail"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(part=st.sampled_from(["filter", "projection", "sort", "cursor"]), text=st.data())
def test_whatever_is_asked_is_answered_or_refused_in_words(
    api: Api, admin: httpx.AsyncClient, shared: Owned, part: str, text: st.DataObject
) -> None:
    operators = st.sampled_from(
        ["$and", "$expr", "$in", "$elemMatch", "$slice", "$date", "$oid", "$meta", "a", "_id", "", "a.$"]
    )
    values = st.recursive(
        st.none() | st.integers(-2, 2**64) | st.text(max_size=5) | st.booleans() | st.floats(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(operators, inner, max_size=3),
    )
    query = json.dumps(text.draw(st.dictionaries(operators, values, max_size=3)))
    with httpx.Client(base_url=api.url, headers=dict(admin.headers), timeout=30, trust_env=False) as client:
        answer = client.get(shared.of("things", **{part: query}))
    if answer.status_code != 200:
        assert answer.status_code in {400, 422}, answer.text
        problem(answer, answer.status_code, answer.json()["code"])


async def test_an_export_has_every_document_and_a_name(admin: httpx.AsyncClient, shared: Owned) -> None:
    answer = await admin.get(shared.of("things", "export"))
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''things.jsonl"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert sorted(int(line["_id"]["$numberInt"]) for line in lines) == list(range(10))
    assert (await admin.get(shared.of("things", "export", format="relaxed"))).text.startswith('{"_id":0,"a":0}\n')
    problem(await admin.get(shared.of("nothing", "export")), 404, "not_found")


async def test_what_matches_is_counted_and_exported_alone(admin: httpx.AsyncClient, shared: Owned) -> None:
    """A filter that is wrong is refused before anything is sent, and counts like it filters."""
    where = '{"a": {"$gte": 1}}'
    assert (await admin.get(shared.of("things", "count", filter=where))).json() == {"count": 6}
    assert (await admin.get(shared.of("things", "count"))).json() == {"count": 10}
    answer = await admin.get(shared.of("things", "export", filter=where, format="relaxed"))
    assert {json.loads(line)["a"] for line in answer.text.splitlines()} == {1, 2}
    assert len(answer.text.splitlines()) == 6
    assert (await admin.get(shared.of("things", "export", filter='{"a": 7}'))).text == ""
    for route in ("count", "export"):
        for wrong in ('{"a": {"$gt3": 1}}', '{"$where": "1"}', '{"a": ', "[]"):
            body = problem(await admin.get(shared.of("things", route, filter=wrong)), 422, "invalid")
            assert body["detail"].startswith("filter")
        problem(await admin.get(shared.of("nothing", route)), 404, "not_found")


async def test_an_export_is_made_as_it_is_read_and_ends_when_the_reader_leaves(
    api: Api, ada: httpx.AsyncClient, owned: Owned, mongo: AsyncMongoClient[Doc]
) -> None:
    """Somebody who reads nothing costs neither memory nor a cursor for longer than they stay."""
    text = "x" * 100_000
    await owned.data["large"].insert_many([{"text": text} for _ in range(800)])
    await ada.get(owned.of("large", limit="1"))
    before = api.rss_mb()

    async def cursors() -> int:
        stages: list[Doc] = [
            {"$currentOp": {"allUsers": True, "idleCursors": True}}, {"$match": {"ns": f"{owned.name}.large"}}
        ]  # fmt: skip
        return len(await (await mongo.admin.aggregate(stages)).to_list())

    async def open_one() -> bool:
        return await cursors() == 1

    async def none() -> bool:
        return await cursors() == 0

    head = f"GET {owned.of('large', 'export')} HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", api.port)) as reader:
        reader.sendall(head.encode())
        assert (await asyncio.to_thread(reader.recv, 100)).startswith(b"HTTP/1.1 200")
        await until(open_one)
        assert api.rss_mb() - before < 60
    await until(none)
    problem(await ada.get(owned.of("nothing")), 404, "not_found")


async def test_an_export_that_is_cut_short_does_not_look_complete(
    api: Api, ada: httpx.AsyncClient, owned: Owned
) -> None:
    """The collection is dropped under it: the connection breaks, and the platform goes on."""
    await owned.data["large"].insert_many([{"text": "x" * 100_000} for _ in range(800)])

    async def read() -> None:
        async with ada.stream("GET", owned.of("large", "export")) as answer:
            assert answer.status_code == 200
            async for _ in answer.aiter_raw():
                await owned.data["large"].drop()

    with pytest.raises(httpx.RemoteProtocolError):
        await read()
    problem(await ada.get(owned.of("large", "export")), 404, "not_found")
