"""A whole platform is backed up while it runs, restored into an empty MongoDB, and goes on there as if nothing had been."""

import asyncio
import base64
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from bson import Binary, Code, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp, decode, encode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient

from cluster.base import AppView, Synced
from cluster.local import LocalCluster
from fp.dump import Manifest, check
from tests.integration.api.checks import problem
from tests.support.api_process import TOKEN, sign_up
from tests.support.api_stack import Stack, deployed
from tests.support.control_mongo import SECRET_KEY, MongoServer

Client = AsyncMongoClient[dict[str, Any]]
PASSWORD = "correct horse"
COUNTER = """\
import os

from fastapi import FastAPI
from pymongo import MongoClient

app = FastAPI()
db = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()


@app.get("/")
def count():
    return {"database": db.name, "every_type": db.every_type.count_documents({})}
"""
EVERY_TYPE = {
    "double": 1.5, "nan": float("nan"), "text": "ä\0é", "document": {"b": 1, "a": {"c": []}}, "array": [1, "2", None],
    "binary": Binary(b"\0\xff", 5), "uuid": Binary.from_uuid(uuid4()), "id": ObjectId(), "yes": True,
    "date": datetime(1969, 12, 31, 23, 59, 59, 1000, tzinfo=UTC), "far": Int64(-(2**63)), "null": None,
    "regex": Regex("^a+$", "im"), "code": Code("f()"), "scoped": Code("f()", {"x": 1}), "int": 7, "long": Int64(7),
    "timestamp": Timestamp(1, 2), "decimal": Decimal128(Decimal("1.10")), "min": MinKey(), "max": MaxKey(),
    "ref": DBRef("other", 1), "dots.and$dollars": {"$x": 1},
}  # fmt: skip


async def fill(database: Any) -> None:
    """What a user may have: every type, every kind of collection, every kind of index."""
    await database["every_type"].insert_many(
        [EVERY_TYPE | {"_id": key} for key in (1, "1", ObjectId(), None, {"a": 1})]
    )
    await database["many"].insert_many([{"_id": number, "text": "x" * 2000} for number in range(12_000)])
    await database["many"].create_index("text", sparse=True)
    await database["/etc/./passwd \U0001f600"].insert_one({"_id": "strange name"})
    await database.command({"create": "two..dots"})
    await database.create_collection("strict", validator={"name": {"$type": "string"}}, collation={"locale": "de"})
    await database["strict"].insert_one({"_id": 1, "name": "it fits"})
    await database["strict"].insert_one({"_id": 2, "name": 3}, bypass_document_validation=True)
    await database.create_collection("capped", capped=True, size=4096, max=3)
    await database["capped"].insert_many([{"_id": number} for number in range(5)])
    await database.create_collection("clustered", clusteredIndex={"key": {"_id": 1}, "unique": True})
    await database["clustered"].insert_one({"_id": 5})
    await database.create_collection(
        "series", timeseries={"timeField": "t", "metaField": "m"}, expireAfterSeconds=864000
    )
    await database["series"].insert_one({"t": datetime.now(UTC), "m": {"a": 1}, "v": 2.5, "_id": ObjectId()})
    await database.create_collection("view", viewOn="every_type", pipeline=[{"$match": {"_id": 1}}])
    await database["indexed"].create_index([("loc", "2dsphere"), ("a", -1)])
    await database["indexed"].create_index([("words", "text")], weights={"words": 3}, default_language="german")
    await database["indexed"].create_index("until", expireAfterSeconds=3600)
    await database["indexed"].create_index("a", unique=True, partialFilterExpression={"a": {"$gt": 5}}, name="own name")
    await database["indexed"].create_index([("$**", 1)])
    await database["indexed"].insert_one({"until": datetime.now(UTC) + timedelta(days=1), "a": 6, "words": "ein Haus"})


def _bytes(document: Any) -> bytes:
    return bytes(document.raw)


async def everything(client: Client, name: str) -> dict[str, Any]:
    """All that is in a database, documents as their very bytes."""
    database = client.get_database(name, codec_options=CodecOptions(document_class=RawBSONDocument))
    found: dict[str, Any] = {}
    for listed in [one async for one in await client[name].list_collections()]:
        if listed["name"].startswith("system.") or ".." in listed["name"]:
            continue
        documents = sorted([_bytes(one) async for one in database[listed["name"]].find()])
        if listed["type"] == "timeseries":
            # MongoDB puts these together from buckets, in an order of fields of its own each time.
            documents = sorted(encode(dict(sorted(decode(one).items()))) for one in documents)
        indexes = (
            [] if listed["type"] == "view" else [one async for one in await client[name][listed["name"]].list_indexes()]
        )
        found[listed["name"]] = (listed["type"], dict(listed["options"]), documents, sorted(map(str, indexes)))
    return found


def restore(server: MongoServer, file: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "control.store.restore", str(file), *arguments]
    return subprocess.run(argv, env=server.environ(**environ), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with (
        MongoServer(tmp_path_factory.mktemp("mongo")) as server,
        Stack(server.start(), tmp_path_factory.mktemp("source")) as running,
    ):
        yield running


@pytest.fixture(scope="module")
async def mongo(source: Stack) -> AsyncIterator[Client]:
    async with AsyncMongoClient[dict[str, Any]](source.api.environ["FP_MONGO_URI"], tz_aware=True) as client:
        yield client


@pytest.fixture(scope="module")
async def admin(source: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with source.api.client((await sign_up(source.api, "admin", PASSWORD))["token"]) as client:
        client.timeout = httpx.Timeout(60)
        yield client


@pytest.fixture(scope="module")
async def database(source: Stack, admin: httpx.AsyncClient, mongo: Client) -> str:
    """An app of the admin's is deployed, and its database full; the database's name."""
    await admin.post("/api/apps", json={"name": "counter"})
    await admin.put("/api/apps/counter/draft", json={"files": {"app.py": COUNTER}})
    ended = await deployed(admin, "counter")
    assert ended["status"] == "succeeded", f"{ended} {source.logs()}"
    name: str = (await admin.get("/api/apps/counter/settings")).json()["database"]
    await fill(mongo[name])
    return name


@pytest.fixture(scope="module")
async def archive(admin: httpx.AsyncClient, database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "fp.zip"
    async with admin.stream("GET", "/api/admin/backup") as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        assert re.search(r'filename="fp-backup-\d{8}-\d{6}.zip"', answer.headers["content-disposition"])
        path.write_bytes(b"".join([piece async for piece in answer.aiter_bytes()]))
    return path


async def test_only_administrators_get_one(source: Stack, admin: httpx.AsyncClient) -> None:
    async with source.api.client((await sign_up(source.api))["token"]) as ada:
        problem(await ada.get("/api/admin/backup"), 403, "forbidden")
    [entry] = (await admin.get("/api/admin/audit", params={"operation": "download_backup"})).json()["items"][:1]
    assert entry["status"] == 403


async def test_it_tells_what_is_in_it_and_no_secret(archive: Path, database: str) -> None:
    manifest: Manifest = check(archive)
    assert [one.name for one in manifest.databases] == ["platform", database]
    counts = {one.name: one.documents for one in manifest.databases[1].collections}
    assert (counts["many"], counts["every_type"], counts["capped"], counts["view"]) == (12_000, 5, 3, 0)
    platform = {one.name: one.documents for one in manifest.databases[0].collections}
    assert (platform["sessions"], platform["leases"]) == (0, 0), "a log out must not be undone by a restore"
    assert manifest.databases[1].skipped == ["two..dots"]
    assert SECRET_KEY not in await asyncio.to_thread(archive.read_bytes)


async def test_the_platform_goes_on_from_it(
    archive: Path, database: str, mongo: Client, target: MongoServer, tmp_path: Path
) -> None:
    before = await everything(mongo, database)
    # As Kubernetes' Secret has it, without the padding.
    done = restore(target, archive, FP_SECRET_KEY=base64.urlsafe_b64encode(SECRET_KEY).decode().rstrip("="))
    assert done.returncode == 0, done.stderr
    async with AsyncMongoClient[dict[str, Any]](target.uri, tz_aware=True) as there:
        after = await everything(there, database)
        assert len(after) > 8
        assert after.keys() == before.keys()
        for name, expected in before.items():
            assert after[name] == expected, name
        mine, theirs = await everything(mongo, "platform"), await everything(there, "platform")
        for name in ("users", "apps", "drafts", "versions", "deploys", "settings", "migrations"):
            assert theirs[name] == mine[name], name
        assert theirs["requests"][3] == mine["requests"][3], "a TTL or another index was lost"
    with Stack(target, tmp_path) as running:
        async with running.api.client() as client:
            login = await client.post("/api/auth/login", json={"username": "admin", "password": PASSWORD})
            client.headers["Authorization"] = f"Bearer {login.json()['token']}"
            client.timeout = httpx.Timeout(60)
            ended = await deployed(client, "counter")
            assert (ended["status"], ended["version"]) == ("succeeded", 2), f"{ended} {running.logs()}"
            assert await asked(running) == {"database": database, "every_type": 5}


async def asked(stack: Stack) -> Any:
    """What the app itself answers."""
    upstream = None
    async with LocalCluster(stack.api.node_port, TOKEN) as cluster:
        async for event in cluster.watch():
            if isinstance(event, AppView):
                upstream = event.upstream
            if isinstance(event, Synced):
                break
    async with httpx.AsyncClient(base_url=f"http://{upstream}", trust_env=False) as client:
        return (await client.get("/")).json()
