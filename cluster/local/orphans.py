"""Processes that an app leaves behind, where no control group holds them together.

A runner is the leader of a session of its own. The kernel gives a session's number to no new process while anyone is left in
it, so whoever bears it after the leader's end belonged to the app. Orphans become the node's children (`adopt_orphans`); it
has to reap them, and must leave alone the children that others wait for: those are reaped within moments of their death, so
one that lies there at two looks in a row is an orphan.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

from cluster.local.process import identify

ROUNDS = 50
"""A session that still forks after this many rounds of killing is a fork bomb, which only a control group can stop."""


class Orphans:
    """The node's dead children, as they were at the last look."""

    def __init__(self) -> None:
        self._dead: set[int] = set()

    def reap(self, known: set[int]) -> None:
        """Reap who was dead at the last look already, but those whose exit code someone will ask for."""
        dead = {pid for pid in _children() if _is_dead(pid)} - known
        for pid in dead & self._dead:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        self._dead = dead


def end_session(leader: int) -> None:
    """SIGKILL to everyone in the session of a process that is gone, again until nobody is left."""
    for _ in range(ROUNDS):
        # Someone new with the leader's pid says that its old session is empty.
        if identify(leader) is not None or not _kill(session(leader)):
            return


def session(leader: int) -> list[int]:
    """The living processes of a session."""
    return [int(each.name) for each in Path("/proc").glob("[0-9]*") if _stat(each.name)[3:4] == [str(leader)]]


def _kill(pids: list[int]) -> bool:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return bool(pids)


def _children() -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


def _is_dead(pid: int) -> bool:
    return not _stat(str(pid))


def _stat(pid: str) -> list[str]:
    """State, parent, group, session and more of a living process; empty for one that is dead or gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    fields = text[text.rindex(")") + 2 :].split()
    return [] if fields[0] in "ZX" else fields
