"""Adopting orphans: an app whose zygote died becomes the supervisor's child, and must be reaped by it in the end.

Linux only; elsewhere process 1 does it. The supervisor's own children belong to asyncio, which reaps each within moments of
its death; whoever is still unreaped a second later is an orphan.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_CHILD_SUBREAPER: Final = 36
_SETTLED_SECONDS: Final = 1.0


class Reaper:
    """Parent of orphaned descendants from `start` on."""

    def __init__(self) -> None:
        self._waiting = False

    def start(self) -> None:
        """Become their parent; must be called in the running loop's thread."""
        if sys.platform != "linux":
            return
        if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0:
            asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._soon)

    def _soon(self) -> None:
        if not self._waiting and (dead := _first_dead()) is not None:
            self._waiting = True
            asyncio.get_running_loop().call_later(_SETTLED_SECONDS, self._reap, dead)

    def _reap(self, dead: int) -> None:
        self._waiting = False
        if _first_dead() == dead:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(dead, os.WNOHANG)
        self._soon()


def _first_dead() -> int | None:
    """A child of this process that has ended and is not reaped; looking does not reap it."""
    with contextlib.suppress(ChildProcessError):
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found.si_pid if found is not None else None
    return None
