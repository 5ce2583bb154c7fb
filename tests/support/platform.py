"""A whole platform for a test or a benchmark: `fp.local up` in a data folder and on a port of its own.

It is started exactly as a person starts it, only that every web page build and package is already there. Several can run
side by side. `kill` ends one of its processes the hard way; the supervisor is expected to bring it back.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import httpx

from tests.support.ports import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
UP_SECONDS: Final = 90.0


def listening(port: int) -> bool:
    """Whether somebody does there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], Any], seconds: float = 30.0, what: str = "the condition") -> Any:
    """The first truthy answer of `condition`; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds:g} s")
        time.sleep(0.02)
    return answer


class Platform:
    """One `up`. Use as a context manager, or `start` and `stop` it."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        given = env.get("FP_PORT", "")
        self.port = int(given) if given.isdigit() else free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = f"http://localhost:{self.port}"
        """The same address as a browser knows it."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("FP_")}
        path = os.pathsep.join([str(ROOT), str(ROOT / "cli")])
        self.env = clean | {"PYTHONPATH": path, "FP_PORT": str(self.port), "FP_DATA": str(data)} | env
        self.output = data.parent / f"{data.name}.up.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.users: list[httpx.Client] = []

    def __enter__(self) -> "Platform":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> float:
        """Up, and ready; the seconds it took. Raises AssertionError with what `up` said when it does not come up."""
        began, greetings = time.monotonic(), self.said().count("fp is ready at")
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fp.local", "up"],
                env=self.env,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while self.said().count("fp is ready at") == greetings or not self.is_ready():
            if self.process.poll() is not None or time.monotonic() - began > UP_SECONDS:
                raise AssertionError(f"`up` did not come up:\n{self.said()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self) -> None:
        """Down, as by Ctrl-C; nothing may be left."""
        for user in self.users:
            user.close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        self.process = None

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Another `fp.local` command over the same data folder and port, to its end."""
        argv = [sys.executable, "-m", "fp.local", command]
        return subprocess.run(argv, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    def said(self) -> str:
        """What `up` printed so far."""
        return self.output.read_text() if self.output.exists() else ""

    def is_ready(self) -> bool:
        """Whether a deploy would work now."""
        try:
            return httpx.get(f"{self.url}/api/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def processes(self) -> dict[str, int]:
        """Pid of each running process that the supervisor started, by name."""
        try:
            return {
                entry["name"]: entry["pid"] for entry in json.loads((self.data / "run" / "processes.json").read_text())
            }
        except (OSError, ValueError):
            return {}

    def ports(self) -> list[int]:
        """The ports that this platform chose for itself."""
        return list(self.named_ports().values())

    def named_ports(self) -> dict[str, int]:
        """The same, by the name of what listens there."""
        chosen: dict[str, int] = json.loads((self.data / "ports.json").read_text())
        return chosen

    def kill(self, name: str) -> int:
        """kill -9 one process; returns the new one's pid once the supervisor has started it again."""
        old = self.processes()[name]
        os.kill(old, signal.SIGKILL)
        return int(wait_for(lambda: (pid := self.processes().get(name)) != old and pid, 30, f"a new {name}"))

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Nothing listens at the front door for as long as the block lasts, as while the platform is down."""
        assert self.process is not None
        supervisor = self.process.pid
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(self.processes()["traefik"], signal.SIGKILL)
            wait_for(lambda: not listening(self.port), 10, "a shut door")
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)
        wait_for(self.is_ready, 40, "the door again")

    def app_url(self, name: str) -> str:
        """An app's address as a browser knows it."""
        return f"http://{name}.localhost:{self.port}"
