"""Tools that several benchmarks share: percentiles, raw requests with a clock, `wrk`, memory of a process tree."""

import http.client
import math
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.platform import Platform

_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


@dataclass(frozen=True)
class Row:
    """One line of a result table: what was measured, the figures in words, whether the target is met (None: no target)."""

    what: str
    ours: str
    against: str
    target: str = ""
    met: bool | None = None


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


@contextmanager
def held_still(*pids: int) -> Iterator[None]:
    """Stop these processes for a while, once they have finished what they were at, so that they take no time from others."""
    before, now = None, [cpu_ticks(pid) for pid in pids]
    while before != now:
        time.sleep(0.5)
        before, now = now, [cpu_ticks(pid) for pid in pids]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def storing(platform: Platform) -> list[int]:
    """The processes that store request records."""
    running = platform.processes()
    return [running[name] for name in ("control", "worker", "mongodb")]


def cpu_ticks(pid: int) -> int:
    """Processor time a process has used so far, in the system's ticks of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def memory_mb(pid: int, kind: str = "Pss") -> float:
    """Memory of one process: `Pss` counts a page that n processes share as an nth, `Pss_Anon` leaves out what is only a
    file's content and could be read again. Linux only."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"^{kind}:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def listening_port(pid: int) -> int:
    """The loopback port that a process listens on. Raises RuntimeError when there is none."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(descriptor.readlink()))
        except OSError:
            continue
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = row.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
            return int(fields[1].rsplit(":", 1)[1], 16)
    raise RuntimeError(f"process {pid} listens nowhere")
