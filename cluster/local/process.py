"""A process of this machine that need not be our child: known for certain, watched, signalled.

A pid alone may belong to someone else by now. Its identity is the machine's boot and the moment the process began; a handle
is opened first (a pidfd, which can never come to mean another process) and the identity compared after that, so a process
that passes is the right one and stays it. Where the system has no pidfd, a pid is asked every 100 ms whether it is there.
"""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

POLL_SECONDS = 0.1
_PR_SET_CHILD_SUBREAPER = 36
_PIDFD_GETFD = 438
"""The system call's number, the same on every architecture."""


class Process:
    """An open handle on a process; `aclose` it once it is gone."""

    def __init__(self, pid: int, identity: str, fd: int | None) -> None:
        self.pid = pid
        self.identity = identity
        self._fd = fd
        self._timer: asyncio.TimerHandle | None = None
        self._watched = False

    @classmethod
    def open(cls, pid: int, identity: str | None = None) -> Self | None:
        """The living process `pid`, or None when it is gone or not the one that `identity` names."""
        fd: int | None = None
        if hasattr(os, "pidfd_open"):
            try:
                fd = os.pidfd_open(pid)
            except ProcessLookupError:
                return None
            except OSError:
                fd = None  # a kernel or sandbox without pidfds
        found = identify(pid)
        if found is None or identity not in (None, found):
            if fd is not None:
                os.close(fd)
            return None
        return cls(pid, found, fd)

    def watch(self, exited: Callable[[], None]) -> None:
        """Call `exited` once, as soon as the process is gone."""
        self._watched = True
        if self._fd is not None:
            asyncio.get_running_loop().add_reader(self._fd, self._readable, exited)
        else:
            self._poll(exited)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; a process that is gone already is fine."""
        with suppress(ProcessLookupError):
            if self._fd is not None:
                signal.pidfd_send_signal(self._fd, number)
            else:
                os.kill(self.pid, number)

    def fetch(self, descriptor: int) -> int | None:
        """A copy of one of its descriptors; None where it has no such one or the system does not give it out."""
        if self._fd is None or sys.platform != "linux":
            return None
        copy: int = ctypes.CDLL(None).syscall(_PIDFD_GETFD, self._fd, descriptor, 0)
        return None if copy < 0 else copy

    def reap(self) -> int | None:
        """The exit code if the process, now gone, was ours to reap; negative for a signal."""
        if self._fd is None:
            return None
        try:
            result = os.waitid(os.P_PIDFD, self._fd, os.WEXITED | os.WNOHANG)
        except OSError:
            return None
        if result is None:
            return None
        return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status

    def close(self) -> None:
        """Let go of the handle; the process itself is not touched."""
        if self._timer is not None:
            self._timer.cancel()
        if self._fd is not None:
            if self._watched:
                asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = None

    def _readable(self, exited: Callable[[], None]) -> None:
        if self._fd is not None:
            asyncio.get_running_loop().remove_reader(self._fd)
            self._watched = False
        exited()

    def _poll(self, exited: Callable[[], None]) -> None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            exited()
        else:
            self._timer = asyncio.get_running_loop().call_later(POLL_SECONDS, self._poll, exited)


def identify(pid: int) -> str | None:
    """What tells this process from every other that has or had its pid; None when it is gone or a zombie."""
    if not Path("/proc/self/stat").exists():
        return _identify_by_ps(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    # The second field is the name in brackets and may itself contain brackets and spaces.
    fields = stat[stat.rindex(")") + 2 :].split()
    return None if fields[0] in "ZX" else f"{_boot()}:{fields[19]}"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "-"


def _identify_by_ps(pid: int) -> str | None:
    found = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
    )
    state, _, started = found.stdout.strip().partition(" ")
    return started.strip() if started and not state.startswith("Z") else None


def memory_mb(pid: int) -> float:
    """Proportional set size in MB (resident size where the system does not tell); 0 for a process that is gone."""
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open() as lines:
            return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
    except OSError:
        pass
    if sys.platform == "linux":
        return 0.0
    found = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(found.stdout.strip() or 0) / 1024


def resident_mb(pid: int) -> float:
    """Resident size in MB, shared or not; 0 for a process that is gone, or where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, ValueError, IndexError):
        return 0.0


def adopt_orphans() -> None:
    """Have the children of a zygote that dies become ours, so that their exit codes are not lost. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
