"""The explorer on a real MongoDB: as the database's own user, exact, in pages that never lose a document, and bounded."""

import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from control.domain.clock import utc_now
from control.domain.databases import Database
from control.domain.errors import BadCursor, Invalid, NotFound, StoreUnavailable
from control.store import Store, connections
from control.store.connections import Connections
from control.store.explorer import PAGE_BYTES, Explorer, Query
from tests.support.api_stack import until

Doc = dict[str, Any]
WILD: list[Any] = [
    None, True, False, 0, -1, 2**31, Int64(5), 1.5, float("nan"), float("-inf"), Decimal128("1.25"), Decimal128("NaN"), "", "a",
    "é", {}, {"a": 1}, {"a": {"b": [1]}}, b"\0\xff", Binary(b"x", 4), ObjectId(), DatetimeMS(0), DatetimeMS(2**50),
    Timestamp(1, 2), Regex("^a", "i"), MinKey(), MaxKey(),
]  # fmt: skip


@pytest.fixture(scope="module")
async def database(opened_store: Store) -> Database:
    return await opened_store.databases.create("looker", "looker", "", utc_now())


@pytest.fixture(scope="module")
async def explorer(opened_store: Store) -> Explorer:
    return opened_store.explorer


@pytest.fixture(scope="module")
async def inside(opened_store: Store, database: Database) -> AsyncIterator[AsyncDatabase[Doc]]:
    """The database as an app of its owner's uses it."""
    async with AsyncMongoClient[Doc](opened_store.databases.uri(database)) as client:
        yield client[database.name]


@pytest.fixture
def name() -> str:
    """A collection's name that no other test has."""
    return f"c{secrets.token_hex(4)}"


async def everything(explorer: Explorer, database: Database, name: str, query: Query) -> list[str]:
    """The ids of all pages as canonical JSON, each page of the length asked for but the last."""
    import msgspec

    found: list[str] = []
    while True:
        page = await explorer.documents(database, name, query)
        found += [json.dumps(json.loads(line)["_id"]) for line in page.documents]
        if page.next is None:
            return found
        assert len(page.documents) == query.limit
        assert len(found) < 1000, "the pages go round"
        query = msgspec.structs.replace(query, cursor=page.next)


async def test_documents_come_out_exactly_and_find_themselves(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str
) -> None:
    """Every type as canonical JSON gives the same bytes again; and each value is found by its own JSON as a filter."""
    values = [value for value in WILD if not isinstance(value, Regex)]
    await inside[name].insert_many([{"_id": number, "v": value} for number, value in enumerate(values)])
    await inside[name].insert_one({"_id": 100, "v": Code("x"), "w": [Int64(1), {"$a": Decimal128("0")}]})
    page = await explorer.documents(database, name, Query(canonical=True, limit=100))
    assert page.estimate == len(page.documents) == len(values) + 1
    for line, value in zip(page.documents, values, strict=False):
        text = json.loads(line)["v"]
        mine = await explorer.documents(
            database, name, Query(filter=json.dumps({"v": {"$eq": text}}), canonical=True, limit=100)
        )
        assert line in mine.documents, value
    assert json.loads(page.documents[-1]) == {
        "_id": {"$numberInt": "100"},
        "v": {"$code": "x"},
        "w": [{"$numberLong": "1"}, {"$a": {"$numberDecimal": "0"}}],
    }


@pytest.mark.parametrize("limit", [1, 7])
@pytest.mark.parametrize("direction", [1, -1])
async def test_pages_by_id_tell_each_document_once_in_mongodbs_order(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], *, limit: int, direction: int
) -> None:
    """Whatever the ids are: of every type, not a number, equal but for their type."""
    name = f"ids{limit}{direction}".replace("-", "m")
    ids = [value for value in WILD if not isinstance(value, Regex) and value not in (Decimal128("NaN"),)]
    await inside[name].insert_many([{"_id": value} for value in ids])
    expected = [
        json.loads(line)["_id"]
        for line in (
            await explorer.documents(
                database, name, Query(sort=json.dumps({"_id": direction}), canonical=True, limit=200)
            )
        ).documents
    ]
    assert len(expected) == len(ids)
    query = Query(sort=json.dumps({"_id": direction}), canonical=True, limit=limit)
    assert await everything(explorer, database, name, query) == [json.dumps(one) for one in expected]


@pytest.mark.parametrize("sort", ['{"v": 1}', '{"v": -1}', '{"w": -1, "v": 1}', '{"o.p": 1}', '{"w": 1, "_id": -1}'])
async def test_pages_by_any_field_tell_each_document_once(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], sort: str
) -> None:
    """Fields of every type, missing, null, arrays and empty arrays, with many ties."""
    name = "fields"
    if not await inside[name].find_one():
        values = [*WILD, [], [], [3, 1], [None, 2], ["b", 0], [[5], 1], [{}]]
        documents: list[Doc] = []
        for number in range(3 * len(values)):
            value = values[number % len(values)]
            documents.append({"_id": number, "v": value, "w": number % 4, "o": {"p": value}})
        documents += [{"_id": 1000 + number} for number in range(5)]
        await inside[name].insert_many(documents)
    whole = await explorer.documents(database, name, Query(sort=sort, canonical=True, limit=200))
    assert whole.next is None
    expected = [json.dumps(json.loads(line)["_id"]) for line in whole.documents]
    for limit in (2, 9):
        query = Query(sort=sort, canonical=True, limit=limit)
        assert await everything(explorer, database, name, query) == expected


async def test_pages_are_stable_while_the_collection_changes(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str
) -> None:
    await inside[name].insert_many([{"_id": number, "v": number // 3} for number in range(10, 40)])
    query = Query(sort='{"v": 1}', filter='{"_id": {"$lt": 1000}}', limit=10)
    first = await explorer.documents(database, name, query)
    await inside[name].insert_many([{"_id": -1, "v": 0}, {"_id": 500, "v": 99}])
    await inside[name].delete_many({"_id": {"$in": [12, 19]}})
    again = Query(sort=query.sort, filter=query.filter, limit=200, cursor=first.next)
    second = await explorer.documents(database, name, again)
    assert [json.loads(line)["_id"] for line in second.documents] == [*range(20, 40), 500]


async def test_a_projection_may_leave_out_what_the_order_needs(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str
) -> None:
    await inside[name].insert_many([{"_id": number, "v": -number, "t": f"t{number}"} for number in range(5)])
    for projection, keys in (('{"_id": 0, "t": 1}', {"t"}), ('{"v": 0, "_id": 0}', {"t"}), ("{}", {"_id", "v", "t"})):
        seen, cursor = [], None
        for _ in range(3):
            query = Query(sort='{"v": 1}', projection=projection, limit=2, cursor=cursor)
            page = await explorer.documents(database, name, query)
            cursor = page.next
            seen += [json.loads(line) for line in page.documents]
        assert cursor is None
        assert [one["t"] for one in seen] == ["t4", "t3", "t2", "t1", "t0"]
        assert {key for one in seen for key in one} == keys


async def test_the_next_page_by_id_uses_the_index(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str
) -> None:
    from control.store import keyset

    await inside[name].insert_many([{"_id": number} for number in range(2000)])
    plan = await inside[name].find(keyset.after([("_id", 1)], [1990]), sort=[("_id", 1)]).explain()
    assert plan["executionStats"]["totalKeysExamined"] < 20


async def test_a_cursor_of_another_listing_or_of_nobody_is_refused(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str
) -> None:
    await inside[name].insert_many([{"_id": number} for number in range(3)])
    await inside[f"{name}b"].insert_many([{"_id": number} for number in range(3)])
    cursor = (await explorer.documents(database, name, Query(limit=1))).next
    assert cursor is not None
    for other, query in (
        (name, Query(cursor=cursor, sort='{"_id": -1}')),
        (f"{name}b", Query(cursor=cursor)),
        (name, Query(cursor="e30")),
        (name, Query(cursor=cursor[:-4])),
        (name, Query(cursor="")),
    ):
        with pytest.raises(BadCursor):
            await explorer.documents(database, other, query)


async def test_a_page_ends_at_a_megabyte_and_a_document_is_whole(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str
) -> None:
    """Also one of nearly 16 MB, and one whose JSON is much longer than its BSON."""
    await inside[name].insert_many([{"_id": number, "text": "x" * 300_000} for number in range(8)])
    await inside[name].insert_one({"_id": 8, "text": "y" * 15_900_000})
    await inside[name].insert_one({"_id": 9, "numbers": list(range(100_000))})
    await inside[name].insert_one({"_id": 10})
    sizes, cursor = [], None
    while True:
        page = await explorer.documents(database, name, Query(limit=200, cursor=cursor, canonical=True))
        sizes.append((len(page.documents), sum(map(len, page.documents))))
        cursor = page.next
        if cursor is None:
            break
    assert [count for count, _ in sizes] == [3, 3, 2, 1, 1, 1]
    assert all(size <= PAGE_BYTES for count, size in sizes if count > 1)
    assert sizes[3][1] > 15_900_000


async def test_a_slow_query_is_stopped_and_says_so(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str, mongo: AsyncMongoClient[Doc]
) -> None:
    """In time, in words, and nothing of it goes on at the server."""
    await inside[name].insert_many([{"_id": number, "s": "a" * 2000} for number in range(300)])
    nested: Doc = {"$range": [0, 30_000]}
    slow = {"$expr": {"$gt": [{"$size": {"$filter": {
        "input": {"$map": {"input": nested, "as": "n", "in": {"$indexOfCP": [{"$concat": ["$s", "$s"]}, "b"]}}},
        "as": "m", "cond": {"$gt": ["$$m", 0]}}}}, 0]}}  # fmt: skip
    with pytest.raises(Invalid, match="took longer than 3 s and was stopped"):
        await explorer.documents(database, name, Query(filter=json.dumps(slow)))

    async def quiet() -> bool:
        found = await mongo.admin.aggregate(
            [{"$currentOp": {"allUsers": True}}, {"$match": {"ns": f"{database.name}.{name}"}}]
        )
        return not await found.to_list()

    await until(quiet)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(filter='{"a": {"$bad": 1}}'), "filter.a.$bad: unknown operator: $bad"),
        (Query(filter='{"$and": 1}'), "filter.$and: $and must be an array"),
        (Query(filter='{"a": {"$regex": "("}}'), "filter.a.$regex: "),
        (Query(filter='{"$text": {"$search": "x"}}'), "text index required"),
        (Query(filter='{"$expr": {"$divide": [1, 0]}}'), "filter.$expr.$divide: "),
        (Query(projection='{"a": 1, "b": 0}'), "MongoDB refuses the query: "),
        (Query(projection='{"a": {"$slice": "x"}}'), "projection.a.$slice: "),
        (Query(sort='{"a": 2}'), "sort.a: 1 for ascending"),
        (Query(sort='{"$a": 1}'), "sort: '$a' is no field"),
        (Query(sort='{"a": {"$meta": "textScore"}}'), "sort.a: 1 for ascending"),
        (Query(sort='{"a": true}'), "sort.a: 1 for ascending"),
        (Query(sort=json.dumps(dict.fromkeys("abcdefghi", 1))), "sort: at most 8 fields"),
        (Query(sort='{"a..b": 1}'), "MongoDB refuses the query: "),
    ],
)
async def test_what_mongodb_refuses_is_told_with_its_place(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], query: Query, said: str
) -> None:
    await inside["one"].replace_one({"_id": 1}, {"_id": 1, "a": "x"}, upsert=True)
    with pytest.raises(Invalid) as caught:
        await explorer.documents(database, "one", query)
    assert said in caught.value.message


async def test_collections_are_told_by_name_with_their_sizes(
    opened_store: Store, explorer: Explorer, mongo: AsyncMongoClient[Doc]
) -> None:
    """Views and time series too; MongoDB's own are not told of, nor found."""
    made = await opened_store.databases.create("lister", "lister", "", utc_now())
    async with AsyncMongoClient[Doc](opened_store.databases.uri(made)) as client:
        inside = client[made.name]
        await inside["b"].insert_many([{"_id": number, "text": f"{number}" * 100} for number in range(10)])
        await inside["b"].create_index("text", unique=True, name="by text")
        await inside["b"].create_index([("at", -1)], expireAfterSeconds=60, sparse=True)
        await inside["b"].create_index([("words", "text")], partialFilterExpression={"a": 1})
        await inside.create_collection("a view", viewOn="b", pipeline=[])
        await inside.create_collection("series", timeseries={"timeField": "t"})
        await inside.create_collection("fréd/1")
        await inside.create_collection("folded", collation={"locale": "en", "strength": 2})
        await inside["folded"].insert_many([{"_id": word} for word in ("a", "B", "c")])
        found = await explorer.collections(made, limit=200)
        by_name = {one.name: one for one in found.items}
        assert list(by_name) == ["a view", "b", "folded", "fréd/1", "series"]
        b = by_name["b"]
        assert (b.kind, b.count, b.indexes) == ("collection", 10, 4)
        assert (b.bytes or 0) > 1000
        assert b.storage_bytes
        view = by_name["a view"]
        assert (view.kind, view.count, view.bytes, view.indexes) == ("view", None, None, None)
        assert by_name["series"].kind == "timeseries"
        pages = []
        cursor = None
        for _ in range(3):
            page = await explorer.collections(made, limit=2, cursor=cursor)
            cursor = page.next
            pages.append([one.name for one in page.items])
        assert (pages, cursor) == ([["a view", "b"], ["folded", "fréd/1"], ["series"]], None)
        sizes = await explorer.sizes(made)
        assert (sizes.collections, sizes.objects >= 13, sizes.index_bytes > 0) == (5, True, True)

        indexes = {one.name: one for one in await explorer.indexes(made, "b")}
        assert indexes["_id_"].keys == [("_id", 1)]
        assert (indexes["by text"].unique, indexes["by text"].bytes > 0) == (True, True)
        assert (indexes["at_-1"].keys, indexes["at_-1"].ttl_seconds, indexes["at_-1"].sparse) == (
            [("at", -1)],
            60,
            True,
        )
        assert indexes["words_text"].partial
        assert await explorer.indexes(made, "a view") == []
        seen = await explorer.documents(made, "a view", Query(limit=1, sort='{"text": 1}'))
        assert seen.next is not None
        folded = Query(limit=1, filter='{"_id": {"$ne": "none"}}', canonical=True)
        assert await everything(explorer, made, "folded", folded) == ['"B"', '"a"', '"c"']
        for name in ("system.views", "system.buckets.series", "nothing", "", "a\0b", "$cmd", "x" * 300, "..", "\ud800"):
            for call in (explorer.indexes, explorer.check):
                with pytest.raises(NotFound):
                    await call(made, name)
            with pytest.raises(NotFound):
                await explorer.documents(made, name, Query())
    await opened_store.delete_database(made)


async def test_an_export_is_the_whole_collection_and_ends_with_its_reader(
    explorer: Explorer, database: Database, inside: AsyncDatabase[Doc], name: str, mongo: AsyncMongoClient[Doc]
) -> None:
    await inside[name].insert_many([{"_id": number, "text": "x" * 10_000} for number in range(3000)])
    whole = b"".join([chunk async for chunk in explorer.export(database, name, canonical=False)])
    assert sorted(json.loads(line)["_id"] for line in whole.splitlines()) == list(range(3000))
    assert explorer.exporting == 0
    stream = explorer.export(database, name, canonical=True)
    chunk = await anext(stream)
    assert len(chunk) < 1_000_000
    assert explorer.exporting == 1

    async def cursors() -> int:
        stages: list[Doc] = [
            {"$currentOp": {"allUsers": True, "idleCursors": True}},
            {"$match": {"ns": f"{database.name}.{name}"}},
        ]
        return len(await (await mongo.admin.aggregate(stages)).to_list())

    assert await cursors() == 1
    await stream.aclose()
    assert explorer.exporting == 0

    async def none() -> bool:
        return not await cursors()

    await until(none)


async def test_queries_run_as_the_databases_own_user(
    opened_store: Store, database: Database, explorer: Explorer, mongo: AsyncMongoClient[Doc]
) -> None:
    """MongoDB itself refuses what is outside: a view cannot be made to look into another database, nor the client."""
    async with explorer.connections.to(database) as connected:
        status = await connected.command("connectionStatus")
        assert status["authInfo"]["authenticatedUsers"] == [{"user": database.name, "db": database.name}]
        with pytest.raises(OperationFailure, match="not authorized"):
            await connected.client["platform"]["users"].find_one()


async def test_clients_are_shared_closed_when_idle_and_bounded(
    opened_store: Store, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await opened_store.databases.create("second", "second", "", utc_now())
    monkeypatch.setattr(connections, "MAX_CLIENTS", 1)
    cache = Connections(opened_store.databases.uri, idle_seconds=0.05)
    async with cache.to(database) as first, cache.to(database) as second:
        assert first.client is second.client
        with pytest.raises(StoreUnavailable, match="too many"):
            async with cache.to(other):
                pass
        assert await first.command("ping")
    async with cache.to(other) as made_room:
        assert await made_room.command("ping")
        assert cache.open == 1

    async def closed() -> bool:
        return cache.open == 0

    await until(closed)
    async with cache.to(database) as again:
        assert again.client is not first.client
        assert await again.command("ping")
    await cache.close()
    assert cache.open == 0
    await opened_store.delete_database(other)
