"""Posts records of requests at a steady rate, as a node's shipper does: a process of its own, run by the bench of the API.

The bodies are made before the clock starts, so that what is measured beside it is control's work and not ours. Tells how many
records a second were taken.
"""

import asyncio
import os
import secrets
import sys
import time

import httpx
import msgspec

BATCH = 500
QUERY = {"app": "bench0", "version": "1", "instance": "bench"}


async def _main(url: str, rate: int, seconds: float) -> None:
    headers = {"Authorization": f"Bearer {os.environ['BENCH_TOKEN']}"}
    bodies = [_body() for _ in range(int(rate * seconds / BATCH))]
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
        print("ready", flush=True)
        began = time.perf_counter()
        for number, body in enumerate(bodies):
            await asyncio.sleep(max(0.0, began + number * BATCH / rate - time.perf_counter()))
            answer = await client.post("/ingest", params=QUERY, content=body)
            if answer.status_code != 204:
                raise RuntimeError(f"a batch was answered {answer.status_code}")
        spent = max(time.perf_counter() - began, len(bodies) * BATCH / rate)
    print(len(bodies) * BATCH / spent, flush=True)


def _body() -> bytes:
    """A batch as the shipper posts it."""
    run, now = secrets.token_hex(6), time.time()
    lines = [
        {
            "kind": "request", "id": f"{run}-{number}", "time": now, "method": "GET", "path": "/notes", "query": "",
            "status": 200, "ms": 1.5, "bytes_in": 0, "bytes_out": 512, "cold_start_ms": None,
        }
        for number in range(BATCH)
    ]  # fmt: skip
    return b"\n".join(map(msgspec.json.encode, lines)) + b"\n"


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
