"""A real node as a process of its own, with its data in a folder of the test's."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from cluster.local import LocalCluster
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
APPS_PYTHON = ROOT / ".venv-apps" / "bin" / "python"
TOKEN = "Node-Test-Token"


class NodeProcess:
    """`python -m cluster.local`; its output goes to `<data>/node.log`. `settings`: its environment beside ours."""

    def __init__(self, data: Path, *, checkin_port: int, internal_port: int, python: Path = APPS_PYTHON) -> None:
        self.data = data
        self.port = free_port()
        self.settings = {
            "FP_DATA": str(data),
            "FP_NODE_PORT": str(self.port),
            "FP_INTERNAL_TOKEN": TOKEN,
            "FP_CHECKIN_PORT": str(checkin_port),
            "FP_INTERNAL_PORT": str(internal_port),
            "FP_RUNNER_PYTHON": str(python),
            "FP_WARM_MB": "0",  # every start imports the app, so that what an app does there happens each time
        }
        self.process: asyncio.subprocess.Process | None = None

    @property
    def folder(self) -> Path:
        """What the node keeps on disk."""
        return self.data / "node"

    @property
    def pid(self) -> int:
        """Of the running node."""
        assert self.process is not None
        return self.process.pid

    def client(self) -> LocalCluster:
        """A new client of it."""
        return LocalCluster(self.port, TOKEN)

    async def start(self, seconds: float = 15.0) -> None:
        """Start it and wait until it listens."""
        environment = {**os.environ, **self.settings, "PYTHONPATH": f"{ROOT}:{ROOT / 'cli'}"}
        with (self.data / "node.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cluster.local", env=environment, stdout=log, stderr=log
            )
        async with asyncio.timeout(seconds):
            while not await self._listens():
                assert self.process.returncode is None, self.log()
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL, as a crash is."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self, seconds: float = 20.0) -> int:
        """SIGTERM; gives the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    def log(self) -> str:
        """All it said so far."""
        return (self.data / "node.log").read_text()

    def zygote(self) -> int | None:
        """Pid of its zygote: its only child that is one."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return next((int(pid) for pid in children if "zygote" in command(int(pid))), None)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


def command(pid: int) -> str:
    """A process's command line, empty when it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def initial_environment(pid: int) -> str:
    """What a process was executed with, which a fork shares and cannot clear."""
    return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def pids_of(folder: Path) -> list[int]:
    """Every living process whose output goes to a file below `folder`, which is how an instance is known from outside."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                output = (process / "fd" / "2").readlink()
            except OSError:
                continue
            if output.is_relative_to(folder) and alive(int(process.name)):
                found.append(int(process.name))
    return found
