"""Ports: one is fixed (`FP_PORT`), the others are free ones, kept from start to start where they still are free.

Keeping them matters for MongoDB alone (a replica set names its members by port) but does no harm for the others.
"""

import contextlib
import random
import socket
from pathlib import Path
from typing import Final

from fp.local.errors import LocalError
from fp.local.folder import read_json, write_json
from fp.local.processes import name_of

QUIET: Final = range(20_000, 30_000)
"""Below what Linux and macOS give to connections: one of those would be taken now and then before its server listens.
Below the node ports of Kubernetes, too, which may run on the same machine."""
_TRIES: Final = 20
PARTS: Final = ("mongo", "control", "internal", "activator", "checkin", "node")


def is_free(port: int, bind: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True


def check_door(port: int, bind: str) -> None:
    """Raise LocalError, naming the holder, when the fixed port is taken."""
    if port < 1024 and not is_free(port, bind) and not holder(port):
        raise LocalError(f"Port {port} needs more rights than this user has.", "Choose one above 1023: FP_PORT=8080")
    if not is_free(port, bind):
        who = holder(port) or "another program"
        raise LocalError(
            f"Port {port} is taken by {who}.", f"Stop it, or choose another: FP_PORT={port + 1} ./justw up"
        )


def choose(data: Path) -> dict[str, int]:
    """A free port for each of PARTS, the same as last time where possible; remembered in `ports.json`."""
    remembered = read_json(data / "ports.json")
    old: dict[str, int] = remembered if isinstance(remembered, dict) else {}
    held: list[socket.socket] = []
    ports: dict[str, int] = {}
    try:
        for part in PARTS:
            ports[part] = _hold(held, old.get(part, 0))
    finally:
        for one in held:
            one.close()
    write_json(data / "ports.json", ports)
    return ports


def _hold(held: list[socket.socket], wanted: int) -> int:
    """Bind `wanted`, or a free port, and keep it bound until all are chosen, so that no two get the same."""
    for port in (*([wanted] if wanted else ()), *random.sample(QUIET, _TRIES), 0):
        probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            probe.close()
            continue
        held.append(probe)
        return int(probe.getsockname()[1])
    raise LocalError("This machine has no free port left.", "End some programs and start again.")


def holder(port: int) -> str:
    """`name (process 123)` of who listens on `port`, or nothing where the system does not tell (Linux's /proc only)."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*"):
        links = _open_files(process)
        if links & inodes:
            return f"{name_of(int(process.name))} (process {process.name})"
    return ""


def _open_files(process: Path) -> set[str]:
    """What a process has open, as the system names it; what is closed meanwhile or not ours to see is left out."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for link in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(link.readlink()))
    return found


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found
