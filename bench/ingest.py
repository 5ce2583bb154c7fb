"""Records and log lines: how many a second are stored, and how soon who follows a log has a line.

An api process on a MongoDB of its own takes what a node's shipper would post. Beside it, in turns, a bare `insert_many` of the
same documents into a collection without any index of ours: that is what storing them costs at least.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
import msgspec
from pymongo import MongoClient
from websockets.asyncio.client import connect

from bench.measure import percentile
from bench.processes import cpu_ms
from bench.results import Chart, Found, Row
from control.api.ingest import read_batch
from control.store.mapping import to_document
from fp.api.tail import TailLines, TailMessage
from tests.support.api_process import TOKEN, Api
from tests.support.control_mongo import MongoServer

BATCH: Final = 2_500
TARGET: Final = 20_000
_DECODER: Final[msgspec.json.Decoder[TailMessage]] = msgspec.json.Decoder(TailMessage)
Json = dict[str, Any]


def run(smoke: bool) -> Found:
    """Rounds of requests, of lines and bare, in turns; then lines one by one to somebody who follows."""
    rounds, batches, lines = (1, 1, 20) if smoke else (5, 8, 500)
    with _platform() as (mongo, api):
        app, token = _app(api)
        found: dict[str, list[float]] = {"requests": [], "lines": [], "bare insert_many": [], "control's time": []}
        for number in range(rounds):
            for kind in ("requests", "lines"):
                posted, spent = _posted(api, app, kind, number, batches)
                found[kind].append(posted)
                found["control's time"].append(spent)
            found["bare insert_many"].append(_bare(mongo, number, batches))
        stored = _stored(mongo, app)
        if stored != (rounds * batches * BATCH,) * 2:
            raise RuntimeError(f"{stored} records and lines are stored")
        ms, bare_ms = asyncio.run(_followed(api, app, token, lines)), _bare_ms(mongo, lines)
    return Found(
        [*_rates(found, smoke=smoke), _latency(ms, bare_ms)],
        [_chart(found)],
        {"rates": found, "ms": ms, "bare": bare_ms},
    )


@contextmanager
def _platform() -> Iterator[tuple[MongoServer, Api]]:
    with tempfile.TemporaryDirectory(prefix="fp-bench-") as folder:
        (Path(folder) / "api").mkdir()
        with MongoServer(Path(folder) / "mongo") as mongo, Api(mongo.start(), Path(folder) / "api") as api:
            yield mongo, api.start()


def _app(api: Api) -> tuple[str, str]:
    with httpx.Client(base_url=api.url, trust_env=False) as client:
        token = client.post("/api/auth/signup", json={"username": "bench", "password": "correct horse"}).json()["token"]
        made = client.post("/api/apps", json={"name": "bench"}, headers={"Authorization": f"Bearer {token}"})
    return str(made.json()["id"]), str(token)


def _line(kind: str, number: int) -> Json:
    name, now = f"{number:x}", time.time()
    if kind == "lines":
        text = f"item {number} was looked at by somebody and is fine"
        return {"kind": "log", "id": name, "time": now, "level": "info", "text": text, "request_id": f"r{number // 3}"}
    return {
        "kind": "request", "id": name, "time": now, "type": "http", "method": "GET", "path": f"/items/{number}",
        "query": "a=1", "status": 200, "ms": 1.23, "bytes_in": 0, "bytes_out": 12, "cold_start_ms": None, "client": "9f2c",
        "htmx": False, "error": None,
    }  # fmt: skip


def _body(kind: str, first: int) -> bytes:
    return b"".join(msgspec.json.encode(_line(kind, number)) + b"\n" for number in range(first, first + BATCH))


def _posted(api: Api, app: str, kind: str, turn: int, batches: int) -> tuple[float, float]:
    """Records a second, and those a second of control's own processor time."""
    first = turn * batches * BATCH
    bodies = [_body(kind, first + number * BATCH) for number in range(batches)]
    assert api.process is not None
    headers = {"Authorization": f"Bearer {TOKEN}"}
    query = {"app": app, "version": "1", "instance": f"bench-{kind}"}
    with httpx.Client(base_url=api.internal_url, headers=headers, timeout=120, trust_env=False) as client:
        client.get("/ingest")
        used, began = cpu_ms([api.process.pid]), time.perf_counter()
        for body in bodies:
            if client.post("/ingest", params=query, content=body).status_code != 204:
                raise RuntimeError("a batch was not taken")
        took, used = time.perf_counter() - began, cpu_ms([api.process.pid]) - used
    return batches * BATCH / took, batches * BATCH / (used / 1000)


def _bare(mongo: MongoServer, turn: int, batches: int) -> float:
    first = turn * batches * BATCH
    chunks = [
        [
            to_document(record) | {"app": "bench"}
            for record in read_batch(_body("requests", first + n * BATCH).splitlines(), "i", 1).requests
        ]
        for n in range(batches)
    ]
    with MongoClient[Json](mongo.uri, w=1) as client:
        collection = client["bench"]["bare"]
        collection.find_one()
        began = time.perf_counter()
        for chunk in chunks:
            collection.insert_many(chunk, ordered=False)
        return batches * BATCH / (time.perf_counter() - began)


def _stored(mongo: MongoServer, app: str) -> tuple[int, int]:
    with MongoClient[Json](mongo.uri) as client:
        platform = client["platform"]
        return platform["requests"].count_documents({"app": app}), platform["logs"].count_documents({"app": app})


async def _followed(api: Api, app: str, token: str, count: int) -> list[float]:
    """Milliseconds from posting a line to having it, one line after another."""
    url = f"ws://127.0.0.1:{api.port}/api/apps/{app}/logs/stream?lines=0"
    told: list[float] = []
    async with (
        connect(url, additional_headers={"Authorization": f"Bearer {token}"}, proxy=None) as socket,
        httpx.AsyncClient(
            base_url=api.internal_url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False
        ) as client,
    ):
        await socket.recv()
        for number in range(count):
            body = msgspec.json.encode(_line("lines", number)) + b"\n"
            began = time.perf_counter()
            query = {"app": app, "version": "1", "instance": "live"}
            posting = asyncio.ensure_future(client.post("/ingest", params=query, content=body))
            while not isinstance(message := _DECODER.decode(await socket.recv()), TailLines):
                pass
            told.append((time.perf_counter() - began) * 1000)
            await posting
            if [item.id for item in message.items] != [f"live-{number:x}"]:
                raise RuntimeError(f"line {number} was expected: {message}")
    return told


def _bare_ms(mongo: MongoServer, count: int) -> list[float]:
    """Milliseconds of storing a document and finding it, with nothing between."""
    told: list[float] = []
    with MongoClient[Json](mongo.uri, w=1) as client:
        collection = client["bench"]["bare"]
        for number in range(count):
            began = time.perf_counter()
            collection.insert_one({"_id": f"one-{number}"})
            collection.find_one({"_id": f"one-{number}"})
            told.append((time.perf_counter() - began) * 1000)
    return told


def _rates(found: dict[str, list[float]], *, smoke: bool) -> list[Row]:
    bare = median(found["bare insert_many"])
    rows = []
    for kind in ("requests", "lines"):
        rate = median(found[kind])
        against = f"bare insert_many {bare:,.0f}: {rate / bare:.2f} of it"
        met = None if smoke else rate >= TARGET
        rows.append(Row(f"{kind} stored a second", f"{rate:,.0f}", against, f"{TARGET:,}", met))
    spent = median(found["control's time"])
    met = None if smoke else spent >= TARGET
    rows.append(Row("stored a second of control's processor time", f"{spent:,.0f}", "", f"{TARGET:,}", met))
    return rows


def _latency(ms: list[float], bare: list[float]) -> Row:
    ours = f"p50 {percentile(ms, 0.5):.1f} ms, p99 {percentile(ms, 0.99):.1f} ms"
    against = f"insert and find p50 {percentile(bare, 0.5):.1f} ms, p99 {percentile(bare, 0.99):.1f} ms"
    return Row("a line posted until who follows has it", ours, against)


def _chart(found: dict[str, list[float]]) -> Chart:
    kinds = ("requests", "lines", "bare insert_many")
    return Chart(
        "ingest",
        "Records stored a second, round by round",
        "Bars: request records, log lines, and documents by a bare insert_many stored a second, in each round.",
        "bars",
        "a second",
        {kind: list(found[kind]) for kind in kinds},
        [f"round {number}" for number in range(1, len(found["requests"]) + 1)],
        target=float(TARGET),
    )
