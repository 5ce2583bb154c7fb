"""What counting adds to storing: batches of request records stored alone, and stored and counted, in turns.

One mongod of its own, the platform's own store on it, no HTTP: the rest of an ingest call is the same in both.
"""

import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench.results import Chart, Found, Row
from control.domain.clock import utc_now
from control.domain.ids import new_id
from control.store import Store, open_store
from fp.api.see import RequestRecord
from tests.support.control_mongo import SECRET_KEY, MongoServer

SIZES = (1, 10, 100, 500)
_BOUND = 2.0


def run(smoke: bool) -> Found:
    """The ratio of the medians for each size of batch; the largest is what a busy app ships."""
    rounds = 5 if smoke else 60
    with tempfile.TemporaryDirectory(prefix="fp-bench-") as folder, MongoServer(Path(folder) / "mongo") as server:
        times = asyncio.run(_measure(server.start().uri, rounds))
    rows = []
    for size, (plain, counting) in times.items():
        against = f"stored alone {plain * 1000:.2f} ms: {counting / plain:.2f} x"
        # A batch of one is all round trip, and counting is another one.
        met = counting / plain < _BOUND if size == SIZES[-1] else None
        rows.append(
            Row(
                f"batch of {size}",
                f"{counting * 1000:.2f} ms",
                against,
                f"under {_BOUND} x" if met is not None else "",
                met,
            )
        )
    return Found(rows, [_chart(times)], {"seconds": {str(size): pair for size, pair in times.items()}})


async def _measure(uri: str, rounds: int) -> dict[int, tuple[float, float]]:
    found = {}
    async with open_store(uri, SECRET_KEY) as store:
        for size in SIZES:
            pairs = [(await _stored(store, size, False), await _stored(store, size, True)) for _ in range(rounds + 3)]
            found[size] = (median(pair[0] for pair in pairs[3:]), median(pair[1] for pair in pairs[3:]))
    return found


async def _stored(store: Store, size: int, counting: bool) -> float:
    """Seconds that one fresh batch takes; its records lie within two minutes."""
    now = utc_now()
    records = [
        RequestRecord(
            id=new_id(), time=now - timedelta(milliseconds=n * 120_000 // size), method="GET", path="/", query="", status=200,
            ms=1.0 + n % 50, cold_start_ms=None, bytes_in=0, bytes_out=200, version=1,
        )
        for n in range(size)
    ]  # fmt: skip
    began = time.perf_counter()
    fresh = await store.intake.requests("bench", records, now) if counting else await _alone(store, records)
    seconds = time.perf_counter() - began
    if fresh != size:
        raise RuntimeError(f"{fresh} of {size} records were new")
    return seconds


async def _alone(store: Store, records: list[RequestRecord]) -> int:
    return len(records) if await store.requests.insert("bench", records) else 0


def _chart(times: dict[int, tuple[float, float]]) -> Chart:
    return Chart(
        "counting",
        "Storing a batch of request records, with and without counting it",
        "Bars: milliseconds a batch, stored alone, and stored and counted, for batches of 1 to 500 records.",
        "bars",
        "milliseconds",
        {
            "stored": [round(pair[0] * 1000, 3) for pair in times.values()],
            "stored and counted": [round(pair[1] * 1000, 3) for pair in times.values()],
        },
        [f"{size} records" for size in times],
    )
