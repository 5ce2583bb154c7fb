"""Where this process may make control groups: found at start, in what the system says of its mounts and of this process.

The groups lie below the platform's own group, so whatever bounds the platform as a whole bounds its apps too. Version 2
asks that a group which has groups below it with controllers holds no process itself; so the platform's processes move into a
leaf beside the apps' groups first, as container runtimes do it. Version 1 does not ask for it.

    version 1, for each controller   <own>/fp-<id>/<instance>
    version 2                        <own>/fp-platform           the platform's processes
                                     <own>/fp-<id>/<instance>    the apps
"""

import errno
import os
import re
from contextlib import suppress
from pathlib import Path, PurePosixPath

import msgspec

from cluster.local.cgroups import CONTROLLERS, Controller, Home, write

LEAF = "fp-platform"
SHARE_PER_CORE = 1024
"""What one busy process of the platform weighs; the apps together get as much on each core."""
_MOVES = 20


class Layout(msgspec.Struct, frozen=True):
    """The folders of this process's own groups. `v1`: by controller; `v2`: none where version 2 is not mounted."""

    v1: dict[Controller, Path] = {}
    v2: Path | None = None


class NoHome(Exception):
    """Control groups cannot be used here; the message says why."""


def read_layout(mountinfo: str, own: str) -> Layout:
    """Out of the texts of /proc/self/mountinfo and /proc/self/cgroup."""
    mine = dict(_own_groups(own))
    v1: dict[Controller, Path] = {}
    v2: Path | None = None
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, _, options) = before.split(), [*after.split(), "", "", ""][:3]
        if kind == "cgroup2" and v2 is None:
            v2 = _below(fields[4], fields[3], mine.get(""))
        elif kind == "cgroup":
            for controller in CONTROLLERS:
                if controller in options.split(",") and controller not in v1:
                    place = _below(fields[4], fields[3], mine.get(controller))
                    v1 |= {} if place is None else {controller: place}
    return Layout(v1, v2)


def settle(layout: Layout, name: str) -> Home:
    """Make a home called `name` in what was found, in the version that has more of the controllers. Raises NoHome."""
    on_v2 = _controllers(layout.v2) if layout.v2 is not None else []
    if not layout.v1 and not on_v2:
        raise NoHome("the system has no cgroups for memory, CPU or processes here")
    try:
        if layout.v2 is not None and len(on_v2) > len(layout.v1):
            return settle_v2(layout.v2, name)
        return settle_v1(layout.v1, name)
    except OSError as error:
        raise NoHome(f"its cgroups may not be written ({error.strerror})") from error


def settle_v1(own: dict[Controller, Path], name: str) -> Home:
    """A home in each controller's tree that may be written. Raises OSError where none may."""
    home: dict[Controller, str] = {}
    refused: OSError | None = None
    for controller, place in own.items():
        folder = place / name
        try:
            folder.mkdir(exist_ok=True)
            if controller == "cpu":
                write(folder / "cpu.shares", str(SHARE_PER_CORE * (os.cpu_count() or 1)))
        except OSError as error:
            refused = error
        else:
            home[controller] = str(folder)
    if not home and refused is not None:
        raise refused
    return Home(1, home)


def settle_v2(own: Path, name: str) -> Home:
    """A home beside the leaf in which the platform itself then is. Raises OSError where that may not be."""
    base = own.parent if own.name == LEAF else own
    controllers = _controllers(base)
    if not os.access(base, os.W_OK) or not os.access(base / "cgroup.subtree_control", os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(base))
    # Only the root of all groups may hold processes beside groups; it is the one without a type.
    if (base / "cgroup.type").exists():
        _move_all(base, base / LEAF)
    _enable(base, controllers)
    home = base / name
    home.mkdir(exist_ok=True)
    _enable(home, controllers)
    return Home(2, dict.fromkeys(controllers, str(home)))


def _move_all(base: Path, leaf: Path) -> None:
    leaf.mkdir(exist_ok=True)
    for _ in range(_MOVES):
        pids = (base / "cgroup.procs").read_text().split()
        if not pids:
            return
        for pid in pids:
            with suppress(ProcessLookupError):
                write(leaf / "cgroup.procs", pid)
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(base))


def _enable(folder: Path, controllers: list[Controller]) -> None:
    write(folder / "cgroup.subtree_control", " ".join(f"+{controller}" for controller in controllers))


def _controllers(folder: Path) -> list[Controller]:
    try:
        offered = (folder / "cgroup.controllers").read_text().split()
    except OSError:
        return []
    return [controller for controller in CONTROLLERS if controller in offered]


def _own_groups(text: str) -> list[tuple[str, str]]:
    """Controller (empty for version 2) and path, of every line."""
    found = []
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        found += [(controller, path) for controller in controllers.split(",")]
    return found


def _below(mount: str, root: str, own: str | None) -> Path | None:
    """Where `own`, a path in the hierarchy, is seen in a mount of its part `root`; None where it is not."""
    if own is None or "/.." in own or "/.." in root:
        return None
    try:
        inside = PurePosixPath(own).relative_to(_plain(root))
    except ValueError:
        return None
    return Path(_plain(mount)) / inside


def _plain(text: str) -> str:
    """A path of mountinfo, which writes blanks and the like as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
