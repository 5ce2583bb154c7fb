"""Dry loads on this machine: an app's code is imported in a process of its own, as the runner would, and never in ours.

The other half is `runner/dry.py`. What comes from there was written by somebody else's code for all we know: one line, of a
bounded length, of a shape that is checked. The process has a scratch folder, an environment of nothing but what it is
given, no network, limits, and a time after which its group is killed; with it go, where the system has namespaces for us,
all that it started.
"""

import asyncio
import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from cluster.base import Busy, Failure, Loaded
from cluster.exits import exit_failure
from cluster.local.limits import user_processes_limit
from cluster.paths import checked_path

BOOT: Final = Path(__file__).resolve().parents[2] / "runner" / "boot.py"
SECONDS: Final = 10.0
"""How long the code may take. What takes longer rarely starts in time."""
GRACE_SECONDS: Final = 2.0
"""What comes on top until the process is killed: it starts, interrupts the code by itself, and says at which line."""
MAX_ANSWER_BYTES: Final = 128 * 1024
AT_ONCE: Final = 2
MAX_ASKED: Final = 10
"""Those under way and those that wait for them."""
POLL_SECONDS: Final = 0.02


class DryLoad:
    """Loads code with the interpreter that apps run in, a few at a time."""

    def __init__(self, python: Path, seconds: float = SECONDS) -> None:
        self._python = python
        self._seconds = seconds
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._asked = 0

    async def __call__(
        self, files: Mapping[str, str], entrypoint: str, env: Mapping[str, str], *, memory_mb: int
    ) -> Loaded:
        """Import that code once. Raises Busy, UnsafePath, and OSError where this machine cannot start it."""
        if self._asked >= MAX_ASKED:
            raise Busy(f"{self._asked} dry loads are asked for already")
        self._asked += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._load, files, entrypoint, env, memory_mb)
        finally:
            self._asked -= 1

    def _load(self, files: Mapping[str, str], entrypoint: str, env: Mapping[str, str], memory_mb: int) -> Loaded:
        with tempfile.TemporaryDirectory(prefix="fp-dry-", ignore_cleanup_errors=True) as scratch:
            root = Path(scratch).resolve()
            for path, text in files.items():
                place = root / "app" / checked_path(path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8", newline="")
            order = {
                "folder": str(root / "app"),
                "entrypoint": entrypoint,
                "env": dict(env),
                "seconds": self._seconds,
                "memory_mb": memory_mb,
                "processes": user_processes_limit(),
            }
            return self._answer(root, msgspec.json.encode(order))

    def _answer(self, scratch: Path, order: bytes) -> Loaded:
        reading, writing = os.pipe()
        try:
            process = self._start(scratch, writing)
        finally:
            os.close(writing)
        try:
            deadline = time.monotonic() + self._seconds + GRACE_SECONDS
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(order)
                process.stdin.close()
            said = _read_line(reading, deadline)
            with contextlib.suppress(msgspec.DecodeError):
                return msgspec.json.decode(said, type=Loaded)
            return Loaded(self._without_answer(process, deadline))
        finally:
            os.close(reading)
            _end(process)

    def _start(self, scratch: Path, writing: int) -> subprocess.Popen[bytes]:
        home = {"HOME": str(scratch), "TMPDIR": str(scratch), "LANG": "C.UTF-8", "PATH": os.defpath}
        return subprocess.Popen(
            [str(self._python), "-I", "-S", str(BOOT), "dry", str(writing)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(writing,),
            env=home,
            cwd=scratch,
            start_new_session=True,
        )

    def _without_answer(self, process: subprocess.Popen[bytes], deadline: float) -> Failure:
        """Why a process ended, or has to be ended, that has not said what came of the load."""
        while time.monotonic() < deadline:
            # Only looked at: until it is waited for, its number stays its own and its group can be killed by it.
            ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
            if ended is not None:
                code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
                return exit_failure(
                    128 - code if code > 128 else code, ready=False, tail=[]
                )  # 137: it passes on a SIGKILL
            time.sleep(POLL_SECONDS)
        return Failure("start_timeout", f"importing the code took longer than {self._seconds:g} s")


def _read_line(reading: int, deadline: float) -> bytes:
    """What is said until the end of a line, of the pipe, or of the time."""
    said = b""
    while b"\n" not in said and len(said) <= MAX_ANSWER_BYTES:
        ready, _, _ = select.select([reading], [], [], max(deadline - time.monotonic(), 0))
        part = os.read(reading, 65536) if ready else b""
        if not part:
            break
        said += part
    return said.partition(b"\n")[0][:MAX_ANSWER_BYTES]


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
