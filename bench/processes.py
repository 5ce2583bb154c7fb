"""Processes seen from outside: processor time, memory, who descends from whom, where one listens. Linux only."""

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.platform import Platform

LOOK_SECONDS = 0.5
BUSY_TICKS = 3
"""More ticks than that in LOOK_SECONDS, and a process is at something: MongoDB takes one or two while it has nothing to do."""
SETTLE_SECONDS = 30.0


@contextmanager
def held_still(*pids: int) -> Iterator[None]:
    """Stop these processes for a while, once they have finished what they were at, so that they take no time from others."""
    now, ends = [cpu_ticks(pid) for pid in pids], time.monotonic() + SETTLE_SECONDS
    busy = True
    while busy and time.monotonic() < ends:
        time.sleep(LOOK_SECONDS)
        before, now = now, [cpu_ticks(pid) for pid in pids]
        busy = any(new - old > BUSY_TICKS for old, new in zip(before, now, strict=True))
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


def cpu_ms(pids: Iterable[int]) -> float:
    """Processor time that these processes have used so far, all their threads, in milliseconds to the microsecond."""
    total = 0
    for pid in pids:
        for one in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):
                total += int(one.read_text().split()[0])
    return total / 1e6
