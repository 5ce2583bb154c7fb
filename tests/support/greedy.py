"""An app that takes more than it may, when it is asked to, and a look at its control group from outside.

What it does is bounded by the limits under test: nothing here may run outside a group whose limits have been read back.
"""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from cluster.base import AppView
from tests.support.node_harness import LocalHarness, get

GREEDY = """
import os, subprocess, sys, time
from pathlib import Path

def own(controller, name):
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        number, names, path = line.split(":", 2)
        if controller in names.split(","):
            place = Path(f"/sys/fs/cgroup/{controller}{path}/{name}")
            return place.read_text().strip() if place.exists() else None

at_import = own("cpu", "cpu.cfs_quota_us"), own("pids", "pids.max")
held = []

def eat():
    for _ in range(110):
        held.append(bytearray(os.urandom(64)) * 65536)
    return "full"

def fork(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid

def bomb():
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.005)

def burn():
    while True:
        pass

def leave_session():
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)

def crowd():
    started = []
    try:
        for _ in range(100):
            started.append(subprocess.Popen(["sleep", "600"]))
    except OSError as error:
        return f"{len(started)} {error.errno}"
    return "no limit"

def answer(path):
    if path == "/eat":
        return eat()
    if path == "/eat-in-child":
        return fork(eat)
    if path == "/bomb":
        return fork(bomb)
    if path == "/burn":
        return [fork(burn) for _ in range(3)]
    if path == "/daemon":
        return os.waitpid(fork(leave_session), 0)
    if path == "/child":
        return fork(lambda: time.sleep(600))
    if path == "/crowd":
        return crowd()
    return at_import

async def app(scope, receive, send):
    if scope["type"] == "http":
        try:
            body = f"pid {os.getpid()} {answer(scope['path'])}".encode()
        except MemoryError:
            held.clear()
            body = b"MemoryError"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})
"""


class Groups:
    """The control groups of a node, as it wrote them down and as the kernel shows them."""

    def __init__(self, local: LocalHarness) -> None:
        known = json.loads((local.node.folder / "limits.json").read_text())
        self.words: str = known["words"]
        self.folders: dict[str, Path] = {
            controller: Path(folder) for home in known["homes"] for controller, folder in home["folders"].items()
        }

    def left(self) -> list[Path]:
        """Every folder of every home that there is."""
        return [folder for home in self.folders.values() for folder in [home, *home.glob("*/")] if folder.is_dir()]

    def read(self, view: AppView, controller: str, name: str) -> str:
        """A file of the group of the app's instance."""
        assert view.instance is not None
        return (self.folders[controller] / view.instance / name).read_text().strip()

    def counter(self, view: AppView, name: str) -> int:
        """A counter of its `cpu.stat`."""
        return int(dict(line.split() for line in self.read(view, "cpu", "cpu.stat").splitlines())[name])

    def pids(self, view: AppView) -> list[int]:
        """The processes in it."""
        return [int(pid) for pid in self.read(view, "pids", "cgroup.procs").split()]


class Neighbour:
    """Asks an app all the time; `answers` counts. Whatever it does not answer rightly is raised in the end."""

    def __init__(self, view: AppView) -> None:
        self._view = view
        self.answers = 0
        self._task = asyncio.create_task(self._ask(), name="neighbour")

    async def _ask(self) -> None:
        while True:
            assert (await get(self._view)).startswith("version 1 ")
            self.answers += 1

    async def stop(self) -> None:
        """Raises what went wrong."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


def cpu_seconds(pids: list[int]) -> float:
    """What the processes have used so far, as the kernel counts it."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100
