"""Tools that several benchmarks share: percentiles, requests with a clock, `wrk`."""

import http.client
import math
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` from 0 to 1."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Answer:
    """`ms`: request sent to last byte, on a connection that was opened inside that time."""

    status: int
    body: bytes
    headers: dict[str, str]
    ms: float


def ask(port: int, host: str, path: str = "/") -> Answer:
    """One GET on a new connection."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    ms = (time.perf_counter() - began) * 1000
    return Answer(response.status, body, {key.lower(): value for key, value in response.getheaders()}, ms)


@dataclass(frozen=True)
class Load:
    """What `wrk` saw. Times in milliseconds; `bad`: answers that were not 2xx or 3xx, and socket errors."""

    rps: float
    p50: float
    p99: float
    bad: int


def wrk(url: str, host: str, connections: int, seconds: int) -> Load:
    """Load for so many seconds. Raises RuntimeError when `wrk` is not installed or its output makes no sense."""
    program = shutil.which("wrk")
    if not program:
        raise RuntimeError("`wrk` is not installed: apt install wrk, or brew install wrk")
    argv = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", f"Host: {host}", url]
    text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if rate is None:
        raise RuntimeError(f"wrk said nothing about its rate:\n{text}")
    bad = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    bad += sum(int(number) for number in re.findall(r"(?:connect|read|write|timeout) (\d+)", text))
    return Load(float(rate[1]), _latency(text, "50"), _latency(text, "99"), bad)


def _latency(text: str, share: str) -> float:
    found = re.search(rf"{share}%\s+([\d.]+)(us|ms|s|m)\b", text)
    return float(found[1]) * _UNITS[found[2]] if found else math.nan
