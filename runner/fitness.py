"""Whether a process that has imported an app may be forked to be its instances: what the import did is watched, and judged.

What cannot be shared stands against it: threads, open files and sockets, an event loop, a timer, children. So does what an app
does to the world: whoever writes, connects, looks up an address or opens a database while it is imported expects to do so at
every start. Data files that were read or looked for are noted: as long as each is what it was, a fork has nothing stale. Code,
and what belongs to Python or the system, is taken to stay as it is.
"""

import asyncio
import contextlib
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

_FORKS_WITH_HANDLERS: Final = "numpy"
"""OpenBLAS, which comes with it, starts native threads and stops them around a fork; nobody does that for others."""
_SYSTEM: Final = ("/usr/", "/lib", "/etc/", "/proc/", "/sys/", "/dev/")
_CODE: Final = (".py", ".pyc", ".so", ".pth")
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_OUTWARD: Final = {
    "socket.connect": "it connected to another machine or service",
    "socket.bind": "it opened a socket",
    "socket.getaddrinfo": "it looked up an address",
    "sqlite3.connect": "it opened a database",
    "subprocess.Popen": "it started a process",
    "os.system": "it started a process",
    "os.posix_spawn": "it started a process",
    "os.fork": "it forked",
}
"""Python's audit events of what reaches out of the process: docs.python.org, Audit events table."""
_LOOKS: Final = ("stat", "access", "listdir", "scandir")
"""Functions of `os` that tell what files there are. Python's own import system does not call them there."""

_LOOKS_FOR_THREADS: Final = 20
_MOST_FILES: Final = 200
_SETTLED_SECONDS: Final = 0.05
"""A file that was changed less than this ago could be changed again and bear the same time: clocks of file systems tick."""

Signature = tuple[int, int, int, int] | None
"""Of a file: when it and its entry changed (nanoseconds), its size and its number; None: there is none."""


class Watch:
    """From its making until `why_unfit`, in a process that has done nothing of the app's yet. Once per process.

    `files`: the data files that were read or looked for, as they were.
    """

    def __init__(self) -> None:
        self.files: dict[str, Signature] = {}
        self._open = _descriptors()
        self._python = tuple({os.path.realpath(path) + os.sep for path in (sys.prefix, sys.base_prefix)})
        self._done = ""
        self._watching = True
        self._policy = _Policy()
        asyncio.set_event_loop_policy(self._policy)
        # Such a hook stays for good, in the forks too, where it does nothing; so do these where a module holds on to one.
        sys.addaudithook(self._hear)
        self._looks = {name: getattr(os, name) for name in _LOOKS}
        for name, look in self._looks.items():
            setattr(os, name, self._watched(look))

    def why_unfit(self, *, strict: bool) -> str:
        """End the watch: what stands against forking, in words, or nothing. `strict`: also what it did to the world."""
        self._watching = False
        for name, look in self._looks.items():
            setattr(os, name, look)
        if asyncio.get_event_loop_policy() is self._policy:
            asyncio.set_event_loop_policy(None)
        opened = _descriptors() - self._open
        threads = threading.active_count() - 1
        native = _FORKS_WITH_HANDLERS not in sys.modules and _has_native_threads()
        found = (
            (threads > 0, f"it started {threads} threads"),
            (native, "it started native threads"),
            (bool(opened), f"it opened {', '.join(sorted(opened))}"),
            (self._policy.asked, "it asked for the event loop"),
            (signal.getitimer(signal.ITIMER_REAL)[0] > 0, "it set a timer"),
            (_has_children(), "it started processes"),
            (strict and bool(self._done), self._done),
        )
        return next((words for is_so, words in found if is_so), "")

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._watching or self._done:
            return
        if event in _OUTWARD:
            self._done = _OUTWARD[event]
        elif event == "open":
            path, mode, flags = arguments
            self._done = self._judge(path, str(mode or ""), flags if isinstance(flags, int) else 0)

    def _watched(self, look: Callable[..., Any]) -> Callable[..., Any]:
        def watched(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            found = None
            try:
                found = look(path, *arguments, **named)
            finally:
                # Packages look for their metadata along the path, as imports do.
                counts = self._watching and not self._done and isinstance(path, str | bytes | os.PathLike)
                if counts and (name := os.fsdecode(path)) not in sys.path:
                    self._note_look(os.path.realpath(name), found)
            return found

        return watched

    def _note_look(self, path: str, found: object) -> None:
        is_folder = isinstance(found, os.stat_result) and stat.S_ISDIR(found.st_mode)
        if not is_folder:
            self._done = self._note(path)

    def _judge(self, path: object, mode: str, flags: int) -> str:
        if not isinstance(path, str | bytes):
            return ""  # a descriptor that is open already: of an earlier open, or found by `_descriptors`
        name = os.path.realpath(os.fsdecode(path))
        if flags & _WRITES or set(mode) & set("wax+"):
            return "" if name.startswith("/dev/") or "__pycache__" in name else f"it wrote to {name}"
        return self._note(name)

    def _note(self, path: str) -> str:
        if self._is_known(path) or path in self.files:
            return ""
        if len(self.files) >= _MOST_FILES:
            return f"it read more than {_MOST_FILES} files"
        signature = self.files[path] = signature_of(path, self._looks["stat"])
        # By the entry's change, which nobody can set: time.time() of the same machine.
        just_now = signature is not None and time.time() - signature[1] / 1e9 < _SETTLED_SECONDS
        return f"it read {path}, which was changed in the same moment" if just_now else ""

    def _is_known(self, path: str) -> bool:
        return path.endswith(_CODE) or (path + os.sep).startswith((*_SYSTEM, *self._python))


def signature_of(path: str, look: Callable[[str], os.stat_result] = os.stat) -> Signature:
    """What a file is now, near enough to tell whether it is still the same."""
    try:
        found = look(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


class _Policy(asyncio.DefaultEventLoopPolicy):
    """Notes that an event loop was asked for."""

    asked = False

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        self.asked = True
        return super().get_event_loop()

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        self.asked = True
        return super().new_event_loop()


def _has_native_threads() -> bool:
    """Whether there is more than one thread; one that was joined takes a moment to be gone for the system too."""
    for _ in range(_LOOKS_FOR_THREADS):
        if len(os.listdir("/proc/self/task")) == 1:  # noqa: PTH208 - their number
            return False
        time.sleep(0.001)
    return True


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _descriptors() -> set[str]:
    """What is open, by number and by what it leads to."""
    found = set()
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 - one of them is the listing's own
        with contextlib.suppress(OSError):
            found.add(f"{number} {os.readlink(f'/proc/self/fd/{number}')}")  # noqa: PTH115 - no layers
    return {each for each in found if not each.endswith("/fd")}
