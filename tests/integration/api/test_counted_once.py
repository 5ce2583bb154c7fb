"""Figures equal the records, also when the api dies again and again while a shipper posts, and batches come twice."""

import asyncio
import random
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec

from control.store import Store
from tests.integration.api.test_ingest import log_line, request_line
from tests.support.api_process import Api
from tests.support.control_mongo import MongoServer

BATCHES, LINES, DEATHS = 40, 60, 3
BOOM = 'Traceback (most recent call last):\n  File "app.py", line 3, in f\n    boom()\nValueError: boom'


def body(number: int) -> bytes:
    """One batch: records, every twentieth of them a failure, and lines, one of them a failure."""
    now = time.time()
    lines = [
        request_line(0, id=f"r{number}-{n}", time=now, **({"status": 500, "error": BOOM} if n % 20 == 0 else {}))
        for n in range(LINES)
    ]
    lines += [log_line(0, "fine") | {"id": f"f{number}"}, log_line(0, BOOM, "error") | {"id": f"l{number}"}]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


async def ship(api: Api, app: str, bodies: list[bytes]) -> int:
    """Posts each until it is taken, and some once more, as a shipper does; answers how often nobody answered."""
    unanswered = 0
    async with api.internal() as client:
        for content in [*bodies, *random.sample(bodies, 10)]:
            query = {"app": app, "version": "1", "instance": "i"}
            while True:
                try:
                    answer = await client.post("/ingest", params=query, content=content)
                except httpx.TransportError:
                    unanswered += 1
                    await asyncio.sleep(0.02)
                    continue
                if answer.status_code == 204:
                    break
                assert answer.status_code == 503
                await asyncio.sleep(0.02)
    return unanswered


async def die(api: Api, shipping: asyncio.Task[int]) -> int:
    """Kills and starts the api while there is something to ship; answers how often."""
    deaths = 0
    while deaths < DEATHS and not shipping.done():
        await asyncio.sleep(random.uniform(0.02, 0.12))
        await asyncio.to_thread(api.stop, signal.SIGKILL)
        deaths += 1
        await asyncio.to_thread(api.start)
    return deaths


async def test_figures_equal_the_records_though_the_api_dies(
    api: Api, control_mongod: MongoServer, tmp_path: Path, ada: httpx.AsyncClient, app: str, opened_store: Store
) -> None:
    app_id = (await ada.get(f"/api/apps/{app}")).json()["id"]
    bodies = [body(number) for number in range(BATCHES)]
    with Api(control_mongod, tmp_path) as mortal:
        mortal.start()
        shipping = asyncio.create_task(ship(mortal, app_id, bodies))
        deaths = await die(mortal, shipping)
        unanswered = await shipping
    assert deaths > 1, "it died while there was something to ship"
    assert unanswered > 1
    stored = BATCHES * LINES
    totals: dict[str, Any] = (await ada.get(f"/api/apps/{app}/metrics?range=1h")).json()["totals"]
    assert (totals["requests"], totals["errors"]) == (stored, BATCHES * 3)
    assert (await ada.get(f"/api/apps/{app}/metrics?range=7d")).json()["totals"]["requests"] == stored
    [group] = (await ada.get(f"/api/apps/{app}/errors")).json()["items"]
    assert group["count"] == BATCHES * 3 + BATCHES
    found = [await opened_store.requests.get(app_id, f"i-r{number}-{LINES - 1}") for number in range(BATCHES)]
    assert len(found) == BATCHES
