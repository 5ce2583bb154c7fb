"""A dry load: import the app as a runner would, say what came of it, and be gone. Nothing is served, no lifespan is run.

`boot.py dry <fd>` reads an order from its standard input and writes one line of JSON to `fd`. Whoever started it has given it
a session of its own, a scratch folder and an almost empty environment, and kills it when its time is up; in here it puts
itself into namespaces without a network and without anybody else's processes, where the system lets it, sets its limits,
and watches what the code asks for. What a dry load does not let anybody have, connections and other programs, is refused,
and told: code that fails after a refusal may be fine, and only a deploy can say.

Whatever the code does to this process, it can make it say something wrong about itself, and nothing else.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path

from .bundle import Bundle, enter
from .child import limit
from .deadline import Deadline
from .failure import StartFailed
from .loading import load
from .timing import ImportTimer

HIGH = 200
"""The answer goes through a descriptor where no code looks for one."""
NEW_USER, NEW_NET, NEW_PID, NEW_IPC = 0x10000000, 0x40000000, 0x20000000, 0x08000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
SPARE_SECONDS = 10
"""Beyond the order's: only where whoever should kill this process is not there any more."""
MAX_OPEN_FILES = 256
MAX_FILE_BYTES = 16 * 1024 * 1024
NETWORK = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
                     "socket.sendto", "socket.sendmsg"})  # fmt: skip
PROGRAMS = frozenset({"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "pty.spawn",
                      "subprocess.Popen"})  # fmt: skip


class Watch:
    """An audit hook, which nothing can take off again. `refused`: what the code wanted, `network` or `programs`."""

    def __init__(self) -> None:
        self.refused: set[str] = set()

    def __call__(self, event: str, _: object) -> None:
        if event in NETWORK:
            self.refused.add("network")
            raise OSError(errno.ENETUNREACH, "a dry load has no network")
        if event in PROGRAMS:
            self.refused.add("programs")
            raise OSError(errno.EPERM, "a dry load starts no other program")


def run(number: int) -> None:
    """Never returns."""
    order = json.loads(sys.stdin.buffer.read())
    out = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, HIGH)
    os.close(number)
    _silence()
    if _apart():
        _into_new_processes(SPARE_SECONDS + int(order["seconds"]))
    _limit(order)
    watch = Watch()
    sys.addaudithook(watch)
    failure = _load(order)
    answer = {"failure": failure, "refused": sorted(watch.refused)}
    os.write(out, json.dumps(answer).encode() + b"\n")
    os._exit(0)  # whatever threads and exit handlers there are


def _load(order: dict[str, object]) -> dict[str, object] | None:
    """The failure, None where the app was found."""
    root = Path(str(order["folder"]))
    env = {str(name): str(value) for name, value in dict(order["env"]).items()}  # type: ignore[call-overload]
    seconds = float(str(order["seconds"]))
    bundle = Bundle(root, str(order["entrypoint"]), env, seconds, 0.0)
    sys.dont_write_bytecode = True
    enter(bundle)
    try:
        load(bundle, Deadline(time.monotonic(), seconds), ImportTimer(root))
    except StartFailed as failed:
        return failed.failure
    return None


def _silence() -> None:
    """What the code prints is nobody's, however much it is."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)


def _apart() -> bool:
    """Leave the network and everybody's processes; False where the system does not let us, and only the hook refuses."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    user, group, apart = os.geteuid(), os.getegid(), NEW_NET | NEW_PID | NEW_IPC
    if libc.unshare(NEW_USER | apart) == 0:
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        return True
    return bool(libc.unshare(apart) == 0)


def _into_new_processes(seconds: int) -> None:
    """Go on in a process below the first one of the namespace: when that one ends, the system ends all that are left.

    After so many seconds they end by themselves, should whoever started them have died.
    """
    signal.alarm(seconds)  # of this process; what is forked has none
    for _ in range(2):
        child = os.fork()
        if child:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            os._exit(status if status >= 0 else 128 - status)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _limit(order: dict[str, object]) -> None:
    """The memory is an app's; the rest is what importing code can reasonably want."""
    import resource

    memory_mb, seconds = int(str(order["memory_mb"])), float(str(order["seconds"]))
    limit(memory_mb, int(str(order["processes"])) if order["processes"] else None)
    for kind, value in (
        (resource.RLIMIT_CPU, int(seconds) + SPARE_SECONDS),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
        (resource.RLIMIT_AS, (memory_mb + 4096) * 1024 * 1024),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))
