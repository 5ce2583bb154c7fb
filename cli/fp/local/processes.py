"""Processes of this platform, by pid and start time, so that a number the system gave to somebody else is never killed."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Known:
    """`started`: what the system says of the start, compared and never interpreted."""

    name: str
    pid: int
    started: str


def started(pid: int) -> str | None:
    """The start time of a live process as the system writes it; None when there is no such process or it is a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def name_of(pid: int) -> str:
    """The program's name, for people."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    answer = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "a program"


def alive(known: Known) -> bool:
    """Whether it still is the same process."""
    return started(known.pid) == known.started


def end(found: list[Known], *, patience: float) -> None:
    """SIGTERM to all, SIGKILL to those still there after `patience` seconds. Returns when all are gone."""
    for known in found:
        _send(known, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while any(alive(known) for known in found):
        if time.monotonic() > deadline:
            for known in found:
                _send(known, signal.SIGKILL)
        time.sleep(0.02)


def _send(known: Known, number: signal.Signals) -> None:
    if alive(known):
        with contextlib.suppress(ProcessLookupError):
            os.kill(known.pid, number)
