"""`python -m tests.support.restart PIDFILE`: ends a process of this machine and starts it again as it was.

For clusters whose parts are plain processes: the same command line, environment, folder, namespaces and output, and its new pid
in the file. It waits until the old one is gone, not until the new one is ready.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

TERM_SECONDS = 5.0


def restart(pid_file: Path) -> None:
    """Raises OSError where there is no such process."""
    pid = int(pid_file.read_text())
    proc = Path("/proc") / str(pid)
    command = proc.joinpath("cmdline").read_text().rstrip("\0").split("\0")
    settings = dict(one.split("=", 1) for one in proc.joinpath("environ").read_text().split("\0") if "=" in one)
    folder, output = proc.joinpath("cwd").readlink(), proc.joinpath("fd", "1").readlink()
    # Held open: they may end with the process.
    spaces = {name: os.open(proc / "ns" / name, os.O_RDONLY) for name in ("net", "mnt")}
    _end(pid, proc)
    enter = ["nsenter", f"--net=/proc/self/fd/{spaces['net']}", f"--mount=/proc/self/fd/{spaces['mnt']}", *command]
    with output.open("ab") as log:
        started = subprocess.Popen(
            enter, env=settings, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            pass_fds=tuple(spaces.values()), start_new_session=True,
        )  # fmt: skip
    pid_file.write_text(f"{started.pid}\n")


def _end(pid: int, proc: Path) -> None:
    os.kill(pid, signal.SIGTERM)
    ends = time.monotonic() + TERM_SECONDS
    while proc.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    while proc.joinpath("cmdline").exists() and proc.joinpath("cmdline").read_bytes():
        time.sleep(0.05)


if __name__ == "__main__":
    restart(Path(sys.argv[1]))
