"""A day that lies behind: request records, lines and wakes of the last 24 hours, told to control as a node tells them.

They take the road that every record takes, so that lists, figures and charts are made of them by the platform itself. The
same seed makes the same day.
"""

import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from tests.support.platform import Platform

HOUR: Final = 3600.0
IDLE: Final = 15 * 60.0
"""Seconds without a request after which an app falls asleep."""

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
PHASES: Final = (
    ("gate", 0.02), ("spawn", 0.14), ("runtime", 0.08), ("checkin", 0.1), ("imports", 0.42), ("startup", 0.1),
    ("first_byte", 0.14),
)  # fmt: skip
"""What a wake goes through, and about which share of it that takes."""

Json = dict[str, Any]


def tell(platform: Platform, app: str, busy: int, seed: int) -> frozenset[int]:
    """The app's last day: busier by day, asleep where it was not called. The minutes (since 1970) that it was awake."""
    chance = random.Random(seed)
    now = time.time()
    times = sorted(
        now - hour * HOUR + chance.uniform(0, HOUR)
        for hour in range(24, 0, -1)
        for _ in range(round(busy * _share(24 - hour) * chance.uniform(0.6, 1.2)))
    )
    lines: list[Json] = []
    wakes: list[Json] = []
    for before, when in zip([0.0, *times], times, strict=False):
        cold = round(chance.uniform(18, 34), 1) if when - before > IDLE else None
        method, path, status = chance.choices(PATHS, WEIGHTS)[0]
        _request(lines, when, (method, path, status), cold, chance)
        if cold is not None:
            wakes.append({"kind": "wake", "app": app, "wake": _wake(seed, when, (method, path), cold)})
    _post(platform, "/ingest", lines, app=app, version="1", instance=f"pictures-{app}")
    _post(platform, "/ingest/wakes", wakes)
    return frozenset(
        int(when + spent) // 60 for when in times for spent in range(0, int(IDLE), 60) if when + spent < now
    )


def _share(hour: int) -> float:
    """How busy an hour is: the night and two pauses are silent."""
    return 0.0 if hour in range(3) or hour in range(9, 12) or hour in range(18, 20) else 0.3 + (hour % 6) * 0.14


def _request(
    lines: list[Json], when: float, what: tuple[str, str, int], cold: float | None, chance: random.Random
) -> None:
    method, path, status = what
    name = f"h{len(lines)}"
    ms = round(chance.lognormvariate(1.1, 0.9) + (cold or 0), 1)
    lines.append(
        {"kind": "request", "id": name, "time": when, "method": method, "path": path, "query": "", "status": status,
         "ms": ms, "bytes_in": 0, "bytes_out": 312, "cold_start_ms": cold, "client": "9f2c41"}
    )  # fmt: skip
    if method == "POST" and status == 201:
        text = f"kept {chance.choice(('wake-up', 'first-light', 'night-shift'))}"
        lines.append({"kind": "log", "id": f"l{name}", "time": when, "text": text, "level": "info", "request_id": name})


def _wake(seed: int, when: float, what: tuple[str, str], ms: float) -> Json:
    method, path = what
    return {
        "id": f"w{seed}-{int(when)}", "time": datetime.fromtimestamp(when, UTC).isoformat(), "cause": "request",
        "outcome": "ready", "ms": ms, "held": 1, "method": method, "path": path, "version": 1, "start": "imported",
        "phases": [{"name": name, "ms": round(ms * share, 1)} for name, share in PHASES],
    }  # fmt: skip


def _post(platform: Platform, path: str, lines: list[Json], **query: str) -> None:
    headers = {"Authorization": f"Bearer {told_to_control(platform, 'FP_INTERNAL_TOKEN')}"}
    url = f"http://127.0.0.1:{platform.named_ports()['internal']}{path}"
    with httpx.Client(headers=headers, trust_env=False, timeout=60) as client:
        for start in range(0, len(lines), 2000):
            body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines[start : start + 2000])
            client.post(url, params=query, content=body).raise_for_status()


def told_to_control(platform: Platform, name: str) -> str:
    """A word that only the platform's own processes know, out of control's environment; some are new at each start."""
    for process, pid in platform.processes().items():
        if process != "control":
            continue
        for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            key, _, value = entry.partition(b"=")
            if key.decode() == name:
                return value.decode()
    raise RuntimeError("control is not running")
