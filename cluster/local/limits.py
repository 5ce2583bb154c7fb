"""What this machine offers to keep apps within their limits, found at start and told in words.

A `Home` for control groups where they may be made, memory, CPU and processes each by itself; without it what a process can be
told about itself: private memory (RLIMIT_DATA, always set as well, since a MemoryError names its line), and, for a user who
is not root, how many processes all of that user's may be (RLIMIT_NPROC), which stops a fork bomb before the machine does.

Homes are written down (`node/limits.json`), because a node that starts elsewhere, in another terminal say, has its own
elsewhere: groups that an earlier node left are found again, taken over with their instances or removed.
"""

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from cluster.local import folders
from cluster.local.cgroups import CONTROLLERS, Controller, Group, Home
from cluster.local.hierarchies import NoHome, read_layout, settle

Cgroups = Literal["auto", "off"]
SPARE_PROCESSES = 2048
"""RLIMIT_NPROC counts all of a user's processes: those there are when the node starts, and so many more."""
_NAMES: dict[Controller, str] = {"memory": "memory", "cpu": "CPU", "pids": "processes"}


class _Known(msgspec.Struct):
    """The file. `words`: how limits are kept, for people; `homes`: every home that may hold groups, ours last."""

    words: str
    homes: list[Home]


class Offer:
    """What there is. `words`: how limits are kept; `nproc`: the RLIMIT_NPROC of apps, None for none."""

    def __init__(self, home: Home | None, earlier: list[Home], why: str) -> None:
        self.home = home
        self._homes = [one for one in earlier if one != home] + ([home] if home is not None else [])
        pids = home is not None and "pids" in home.folders
        self.nproc = None if pids else user_processes_limit()
        self.words = in_words(home, why, nproc=self.nproc is not None)

    def new(self, name: str) -> Group | None:
        """The group for a new instance, not made yet; None without control groups."""
        return self.home.group(name) if self.home is not None else None

    def find(self, name: str) -> Group | None:
        """The group that an earlier node made for an instance."""
        return next((group for group in (home.group(name) for home in self._homes) if group.exists()), None)

    def others(self, names: set[str]) -> list[Group]:
        """Every group but those of these names."""
        return [home.group(name) for home in self._homes for name in home.names() - names]

    def save(self, file: Path) -> None:
        """Write down what the next node must know. Raises OSError."""
        folders.write_file(file, msgspec.json.encode(_Known(self.words, self._homes)), durable=False)

    def prune(self) -> None:
        """Forget the homes of earlier nodes that are empty by now."""
        self._homes = [home for home in self._homes if home == self.home or not home.remove()]

    def remove(self) -> bool:
        """Remove every home, ours too; False where something is still in one."""
        return not [home for home in self._homes if not home.remove()]


def survey(file: Path, cgroups: Cgroups) -> Offer:
    """Find out, with what an earlier node wrote into `file`."""
    earlier: list[Home] = []
    with suppress(OSError, ValueError):
        earlier = msgspec.json.decode(file.read_bytes(), type=_Known).homes
    if cgroups == "off":
        return Offer(None, earlier, "FP_CGROUPS=off")
    if sys.platform != "linux":
        return Offer(None, earlier, "this system has no cgroups")
    try:
        layout = read_layout(Path("/proc/self/mountinfo").read_text(), Path("/proc/self/cgroup").read_text())
        return Offer(settle(layout, home_name(file)), earlier, "its cgroup may not be written")
    except (NoHome, OSError) as error:
        return Offer(None, earlier, str(error))


def home_name(file: Path) -> str:
    """One for each data folder of the machine."""
    return f"fp-{hashlib.sha256(str(file).encode()).hexdigest()[:12]}"


def in_words(home: Home | None, why: str, *, nproc: bool) -> str:
    """How limits are kept here: a part of a sentence for people."""
    kept: list[Controller] = [] if home is None else [name for name in CONTROLLERS if name in home.folders]
    if home is not None and len(kept) == len(CONTROLLERS):
        return f"memory, CPU and processes of each app, by cgroup v{home.version}"
    told = [f"{' and '.join(_NAMES[name] for name in kept)} of each app, by cgroup v{home.version}"] if home else []
    if "memory" not in kept:
        told.append("private memory of each process, by rlimit")
    if "pids" not in kept:
        told.append("processes of this user in all, by rlimit" if nproc else "processes are not limited")
    if "cpu" not in kept:
        told.append("CPU is not limited")
    return f"{'; '.join(told)} ({why})"


def user_processes_limit() -> int | None:
    """RLIMIT_NPROC for apps; None where it does not bind (root) or nobody can count."""
    user = os.getuid()
    if user == 0 or sys.platform != "linux":
        return None
    there = 0
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdecimal() and process.stat().st_uid == user:
                there += len(os.listdir(process / "task"))  # noqa: PTH208 - threads count as well, and only their number
    return there + SPARE_PROCESSES
