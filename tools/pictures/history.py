"""A day that lies behind: request records, lines and wakes of the last 24 hours, told to control as a node tells them.

They take the road that every record takes, so that lists, figures and charts are made of them by the platform itself. The
same seed makes the same day.
"""

import random
import time
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from tests.support.platform import Platform

HOUR: Final = 3600.0
PATHS: Final = (
    ("GET", "/notes", 200),
    ("GET", "/notes/first", 200),
    ("GET", "/", 200),
    ("POST", "/notes", 201),
    ("GET", "/notes/missing", 404),
    ("GET", "/docs", 200),
    ("POST", "/notes", 422),
    ("GET", "/openapi.json", 200),
)
WEIGHTS: Final = (30, 40, 20, 12, 1, 3, 1, 3)
Json = dict[str, Any]


def tell(platform: Platform, app: str, busy: int, seed: int) -> None:
    """The app's last day: busier by day, with hours of sleep in between where it was hardly called."""
    chance = random.Random(seed)
    lines: list[Json] = []
    now = time.time()
    for hour in range(24, 0, -1):
        expected = busy * _share(24 - hour) * chance.uniform(0.6, 1.2)
        for _ in range(round(expected)):
            _request(lines, now - hour * HOUR + chance.uniform(0, HOUR), chance)
    _post(platform, app, sorted(lines, key=lambda line: float(line["time"])))


def _share(hour: int) -> float:
    """How busy an hour is: the night and two pauses are silent."""
    return 0.0 if hour in range(3) or hour in range(9, 12) or hour in range(18, 20) else 0.3 + (hour % 6) * 0.14


def _request(lines: list[Json], when: float, chance: random.Random) -> None:
    method, path, status = chance.choices(PATHS, WEIGHTS)[0]
    name = f"h{len(lines)}"
    cold = round(chance.uniform(18, 34), 1) if chance.random() < 0.01 else None
    ms = round(chance.lognormvariate(1.1, 0.9), 1)
    lines.append(
        {"kind": "request", "id": name, "time": when, "method": method, "path": path, "query": "", "status": status,
         "ms": ms, "bytes_in": 0, "bytes_out": 312, "cold_start_ms": cold, "client": "9f2c41"}
    )  # fmt: skip
    if method == "POST" and status == 201:
        text = f"kept {chance.choice(('wake-up', 'first-light', 'night-shift'))}"
        lines.append({"kind": "log", "id": f"l{name}", "time": when, "text": text, "level": "info", "request_id": name})


def _post(platform: Platform, app: str, lines: list[Json]) -> None:
    headers = {"Authorization": f"Bearer {internal_token(platform)}"}
    url = f"http://127.0.0.1:{platform.named_ports()['internal']}/ingest"
    with httpx.Client(headers=headers, trust_env=False, timeout=60) as client:
        for start in range(0, len(lines), 2000):
            body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines[start : start + 2000])
            query = {"app": app, "version": "1", "instance": f"pictures-{app}"}
            client.post(url, params=query, content=body).raise_for_status()


def internal_token(platform: Platform) -> str:
    """The word by which the platform's own parts know each other: new at each start, and only in their environment."""
    for name, pid in platform.processes().items():
        if name != "control":
            continue
        for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            key, _, value = entry.partition(b"=")
            if key == b"FP_INTERNAL_TOKEN":
                return value.decode()
    raise RuntimeError("control is not running")
