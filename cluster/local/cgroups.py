"""One instance's control group: what the kernel counts and bounds together, whatever the app forks.

Version 1 has a tree of folders for each controller, version 2 one tree for all; `Home` hides which. A group is made before its
process, the process puts itself inside before any user code runs, and so there is no moment outside it. It joins through
`tasks` in version 1: that moves one thread, which is all that a fresh fork has, and spares the lock over all processes of the
machine that `cgroup.procs` takes (0.2 ms in place of 11).

All calls are plain file access, some tens of microseconds each, and raise OSError.
"""

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

PERIOD_US = 100_000
SMALLEST_QUOTA_US = 1000
Controller = Literal["memory", "cpu", "pids"]
CONTROLLERS: tuple[Controller, ...] = ("memory", "cpu", "pids")


class Home(msgspec.Struct, frozen=True):
    """Below which folder a platform's groups lie, for each controller it has; in version 2 they are all the same one."""

    version: Literal[1, 2]
    folders: dict[Controller, str]

    def group(self, name: str) -> "Group":
        """The group of that name, which need not exist."""
        return (Group1 if self.version == 1 else Group2)(self, name)

    def names(self) -> set[str]:
        """Every group that there is."""
        found: set[str] = set()
        for folder in unique(self.folders.values()):
            with suppress(FileNotFoundError):
                found |= {path.name for path in Path(folder).iterdir() if path.is_dir()}
        return found

    def remove(self) -> bool:
        """Remove the folders themselves; False where something is still in one."""
        return not [folder for folder in unique(self.folders.values()) if not remove_folder(Path(folder))]


class Events(msgspec.Struct, frozen=True):
    """Since the group was made. `killed`: processes ended for their memory. `refused`: processes that could not begin."""

    killed: int = 0
    refused: int = 0


class Group(ABC):
    """What both versions share; see Group1 and Group2."""

    join_file = "cgroup.procs"

    def __init__(self, home: Home, name: str) -> None:
        self.name = name
        self._places = {controller: Path(folder) / name for controller, folder in home.folders.items()}
        self._folders = [Path(folder) / name for folder in unique(home.folders.values())]

    @property
    def join(self) -> list[str]:
        """Files into which a process writes `0` to be inside."""
        return [str(folder / self.join_file) for folder in self._folders]

    def exists(self) -> bool:
        """Whether there is any part of it."""
        return any(folder.is_dir() for folder in self._folders)

    def create(self) -> None:
        """Make it, without limits."""
        for folder in self._folders:
            folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def limit_memory(self, megabytes: int) -> None:
        """A hard limit of all its memory together, and no way around it by swap."""

    def limit_processes(self, count: int) -> None:
        """Processes and threads at one time."""
        self._write("pids", "pids.max", str(count))

    @abstractmethod
    def limit_cpu(self, cpus: float) -> None:
        """So many cores' worth of time in each tenth of a second."""

    @abstractmethod
    def events(self) -> Events:
        """What has come of the limits so far."""

    @abstractmethod
    def throttled_ms(self) -> float:
        """How long it had to wait for its share of time to begin anew."""

    def pids(self) -> set[int]:
        """Every living process in it, and in what it made below itself."""
        listed: set[int] = set()
        for folder in self._folders:
            for inner in tree(folder):
                with suppress(FileNotFoundError):
                    listed |= set(map(int, (inner / "cgroup.procs").read_text().split()))
        return listed

    def kill(self) -> None:
        """SIGKILL to all that is inside. What forks meanwhile may be left: call again until `remove` succeeds."""
        handles: dict[int, int] = {}
        try:
            for pid in self.pids():
                with suppress(ProcessLookupError):
                    handles[pid] = os.pidfd_open(pid)
            # A pid that is still listed now is the process that its handle is on.
            for pid in self.pids() & handles.keys():
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(handles[pid], signal.SIGKILL)
        finally:
            for handle in handles.values():
                os.close(handle)

    def remove(self) -> bool:
        """Remove it once it is empty; False while something is still inside."""
        left = [inner for folder in self._folders for inner in reversed(tree(folder)) if not remove_folder(inner)]
        return not left

    def _write(self, controller: Controller, name: str, text: str) -> None:
        if controller in self._places:
            write(self._places[controller] / name, text)

    def _counters(self, controller: Controller, name: str) -> dict[str, int]:
        return counters(self._places[controller] / name) if controller in self._places else {}


class Group1(Group):
    """A group of version 1: a folder in each controller's tree."""

    join_file = "tasks"

    def limit_memory(self, megabytes: int) -> None:
        limit = str(megabytes * 1024 * 1024)
        self._write("memory", "memory.limit_in_bytes", limit)
        try:
            self._write("memory", "memory.memsw.limit_in_bytes", limit)
        except FileNotFoundError:  # a kernel that does not count swap
            self._write("memory", "memory.swappiness", "0")

    def limit_cpu(self, cpus: float) -> None:
        self._write("cpu", "cpu.cfs_period_us", str(PERIOD_US))
        self._write("cpu", "cpu.cfs_quota_us", str(quota_us(cpus)))

    def events(self) -> Events:
        return Events(
            killed=self._counters("memory", "memory.oom_control").get("oom_kill", 0),
            refused=self._counters("pids", "pids.events").get("max", 0),
        )

    def throttled_ms(self) -> float:
        return self._counters("cpu", "cpu.stat").get("throttled_time", 0) / 1e6

    def kill(self) -> None:
        # Whatever forks without end finds that it no longer can.
        with suppress(FileNotFoundError):
            self._write("pids", "pids.max", "0")
        super().kill()


class Group2(Group):
    """A group of version 2: one folder."""

    def limit_memory(self, megabytes: int) -> None:
        self._write("memory", "memory.max", str(megabytes * 1024 * 1024))
        for name, text in (("memory.swap.max", "0"), ("memory.oom.group", "1")):
            with suppress(FileNotFoundError):  # a kernel without swap, or before 4.19
                self._write("memory", name, text)

    def limit_cpu(self, cpus: float) -> None:
        self._write("cpu", "cpu.max", f"{quota_us(cpus)} {PERIOD_US}")

    def events(self) -> Events:
        return Events(
            killed=self._counters("memory", "memory.events").get("oom_kill", 0),
            refused=self._counters("pids", "pids.events").get("max", 0),
        )

    def throttled_ms(self) -> float:
        return self._counters("cpu", "cpu.stat").get("throttled_usec", 0) / 1e3

    def kill(self) -> None:
        try:
            for folder in self._folders:
                write(folder / "cgroup.kill", "1")
        except FileNotFoundError:  # before 5.14, or gone
            super().kill()


def quota_us(cpus: float) -> int:
    """Microseconds of each period that so many cores are."""
    return max(SMALLEST_QUOTA_US, round(cpus * PERIOD_US))


def unique(folders: Iterable[str]) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(folders))


def write(path: Path, text: str) -> None:
    """One write to a control file, which must be there."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def counters(path: Path) -> dict[str, int]:
    """A file of `name number` lines; what does not look so is passed over, a file that is gone has none."""
    with suppress(FileNotFoundError):
        lines = (line.split() for line in path.read_text().splitlines())
        return {words[0]: int(words[1]) for words in lines if len(words) == 2 and words[1].isdecimal()}
    return {}


def tree(folder: Path) -> list[Path]:
    """A group and those below it, parents first; none where it is gone."""
    try:
        inner = sorted(path for path in folder.iterdir() if path.is_dir())
    except FileNotFoundError:
        return []
    return [folder, *(path for below in inner for path in tree(below))]


def remove_folder(folder: Path) -> bool:
    """Remove a group that is empty or gone; False where it is neither."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
