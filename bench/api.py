"""The API on 10,000 apps: list, read, save a draft, ask for a deploy; and lists while records of requests come in.

Each call is timed by one client on one connection that stays open. Beside the list, the bare driver reads the same page of
the same collection, in turns with it, also while records come in from another process: what is above that is ours.
"""

import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from pymongo import AsyncMongoClient

from bench.measure import percentile
from bench.results import Found, Row
from control.domain.apps import App, make_draft
from control.domain.clock import utc_now
from control.store.mapping import to_document
from tests.support.api_process import TOKEN, Api, sign_up
from tests.support.control_mongo import MongoServer

APPS = 10_000
FILES = {"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n" * 20, "index.html": "<h1>hello</h1>\n" * 100}
RECORDS_A_SECOND = 5_000
LIST_TARGET_MS = 50.0


def run(smoke: bool) -> Found:
    """Raises RuntimeError on an answer that is not 2xx."""
    return asyncio.run(_run(200 if smoke else APPS, 10 if smoke else 300, 1.0 if smoke else 15.0))


async def _run(apps: int, rounds: int, seconds: float) -> Found:
    with tempfile.TemporaryDirectory(prefix="fp-bench-") as folder, MongoServer(Path(folder) / "mongo") as mongo:
        mongo.start()
        with Api(mongo, Path(folder)) as api:
            api.start()
            session = await sign_up(api)
            async with AsyncMongoClient[dict[str, Any]](mongo.uri) as bare, api.client(session["token"]) as client:
                names = await _fill(bare, session["user"], apps)
                return await _measured(api, client, bare, names, rounds=rounds, seconds=seconds)


async def _fill(bare: AsyncMongoClient[dict[str, Any]], user: dict[str, Any], count: int) -> list[str]:
    now = utc_now()
    apps = [
        App(
            id=f"bench{number}", owner=user["id"], owner_name=user["username"], name=f"bench-{number}",
            created_at=now - timedelta(seconds=number), updated_at=now,
        )
        for number in range(count)
    ]  # fmt: skip
    await bare["platform"]["apps"].insert_many([to_document(app) for app in apps])
    drafts = [to_document(make_draft(app.id, FILES, "app.py", now), "app") for app in apps]
    await bare["platform"]["drafts"].insert_many(drafts)
    return [app.name for app in apps]


async def _measured(
    api: Api, client: httpx.AsyncClient, bare: AsyncMongoClient[dict[str, Any]], names: list[str], *, rounds: int,
    seconds: float,
) -> Found:  # fmt: skip
    async def listed() -> None:
        _good(await client.get("/api/apps"))

    async def page() -> None:
        found = bare["platform"]["apps"].find({"deleted_at": None}, sort=[("created_at", -1), ("_id", -1)], limit=51)
        await found.to_list()

    async def read() -> None:
        _good(await client.get(f"/api/apps/{secrets.choice(names)}"))

    async def saved() -> None:
        body = {"files": FILES | {"app.py": f"{FILES['app.py']}# {secrets.token_hex(8)}\n"}}
        _good(await client.put(f"/api/apps/{secrets.choice(names)}/draft", json=body))

    async def deployed() -> None:
        _good(await client.post(f"/api/apps/{secrets.choice(names)}/deploy", json={}))

    lists, pages = await _in_turns(listed, page, rounds=rounds)
    rows = [_row(f"list, 50 of {len(names):,} apps", lists, f"bare driver {_words(pages)}")]
    for what, call in (("read an app", read), ("save a draft", saved), ("ask for a deploy", deployed)):
        rows.append(_row(what, (await _in_turns(call, rounds=rounds))[0]))
    busy, bare_busy, rate = await _while_records_come(api, (listed, page), seconds)
    met = percentile(busy, 0.99) < LIST_TARGET_MS and rate > 0.95 * RECORDS_A_SECOND
    against = f"bare driver {_words(bare_busy)}; {rate:,.0f} records a second stored and counted meanwhile"
    rows.append(Row("list while records come in", _words(busy), against, f"p99 under {LIST_TARGET_MS:.0f} ms", met))
    return Found(rows, [], {"list": lists, "bare": pages, "busy": busy, "bare busy": bare_busy})


async def _in_turns(*calls: Callable[[], Awaitable[None]], rounds: int, warm: int = 5) -> list[list[float]]:
    """Milliseconds of each call, the first ones of them left out."""
    found: list[list[float]] = [[] for _ in calls]
    for number in range(rounds + warm):
        for times, call in zip(found, calls, strict=True):
            began = time.perf_counter()
            await call()
            if number >= warm:
                times.append((time.perf_counter() - began) * 1000)
    return found


async def _while_records_come(
    api: Api, calls: tuple[Callable[[], Awaitable[None]], Callable[[], Awaitable[None]]], seconds: float
) -> tuple[list[float], list[float], float]:
    """Milliseconds of each of the two calls, in turns, in that time, and the records that were stored a second."""
    given = (api.internal_url, str(RECORDS_A_SECOND), str(seconds))
    environ = os.environ | {"BENCH_TOKEN": TOKEN}
    posting = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.posting", *given, env=environ, stdout=asyncio.subprocess.PIPE
    )
    assert posting.stdout is not None
    await posting.stdout.readline()
    rate = asyncio.ensure_future(posting.stdout.readline())
    found: tuple[list[float], list[float]] = ([], [])
    while not rate.done():
        for times, spent in zip(found, await _in_turns(*calls, rounds=1, warm=0), strict=True):
            times.extend(spent)
        await asyncio.sleep(0.01)
    if await posting.wait() != 0:
        raise RuntimeError("not all records were taken")
    return *found, float(await rate)


def _good(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:200]}")


def _row(what: str, times: list[float], against: str = "") -> Row:
    return Row(what, _words(times), against)


def _words(times: list[float]) -> str:
    return f"p50 {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms"
