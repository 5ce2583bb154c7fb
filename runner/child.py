"""What a fork of the zygote does before it is a runner: give up everything it inherited that must not be shared.

Its own session, no file descriptor but 0, 1, 2 and those that the order brought, no signal handler, no environment, no
random state of the zygote's. Nothing ties it to its parent: a zygote that dies leaves its children running.

Memory: RLIMIT_AS counts reserved address space and breaks programs that use little; RLIMIT_DATA counts private writable
memory only, so it is set, at the app's limit plus room for the stacks of 40 worker threads. An app that runs away gets a
MemoryError, with its line, before the machine suffers. And the kernel is told to end apps before the platform. Where there
are control groups it joins its own first of all: what the app and all that it forks may use is bounded there.
"""

import contextlib
import fcntl
import os
import random
import signal
import sys
import tempfile
from dataclasses import dataclass, field

INHERITED = ("PATH", "LANG", "HOME", "TMPDIR")
FIRST_GIVEN = 3
STACKS_MB = 40 * 8
OOM_SCORE = 500


@dataclass(frozen=True)
class Order:
    """What the node wants forked. `env` is the whole environment; `log` receives what file descriptors 1 and 2 get.

    `memory_mb`: limit of the app's own memory, null for none. `descriptors`: what the node gives along, as 3 and on. `cgroups`:
    files of the groups it must be in. `nproc`: RLIMIT_NPROC, null for none.
    """

    instance: str
    env: dict[str, str]
    log: str
    memory_mb: int | None
    descriptors: list[int] = field(default_factory=list)
    cgroups: tuple[str, ...] = ()
    nproc: int | None = None


def settle(order: Order, generators: list[random.Random], *, keep_environment: bool = False) -> None:
    """Become a process of its own. Raises OSError where the log cannot be opened or a group not be joined."""
    _join(order.cgroups)
    os.setsid()
    _reset_signals()
    _replace_descriptors(order.log, order.descriptors)
    _replace_environment(order.env, keep=keep_environment)
    _seed(generators)
    limit(order.memory_mb, order.nproc)


def _join(cgroups: tuple[str, ...]) -> None:
    for path in cgroups:
        fd = os.open(path, os.O_WRONLY)
        os.write(fd, b"0")  # whoever writes it
        os.close(fd)


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _replace_descriptors(log: str, given: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # Out of the way first: one of them may have the number that another is to get.
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_GIVEN + len(given)) for descriptor in given]
    for number, descriptor in enumerate(high, FIRST_GIVEN):
        os.dup2(descriptor, number, inheritable=False)
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 - closing what is listed, the listing's own descriptor included
        if int(name) >= FIRST_GIVEN + len(given):
            with contextlib.suppress(OSError):
                os.close(int(name))


def _replace_environment(env: dict[str, str], *, keep: bool) -> None:
    if not keep:
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        os.environ.clear()
        os.environ.update({"LANG": "C.UTF-8", **kept})
    os.environ.update(env)
    tempfile.tempdir = None


def _seed(generators: list[random.Random]) -> None:
    random.seed()
    for generator in generators:
        generator.seed()
    if (numbers := sys.modules.get("numpy.random")) is not None:
        numbers.seed()
    if (ssl := sys.modules.get("ssl")) is not None:
        ssl.RAND_add(os.urandom(32), 32.0)


def limit(memory_mb: int | None, nproc: int | None) -> None:
    """How much memory of its own, and how many processes; nothing where the system has no such limits."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        if memory_mb:
            limit = (memory_mb + STACKS_MB) * 1024 * 1024
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        if nproc:
            resource.setrlimit(resource.RLIMIT_NPROC, (nproc, nproc))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - no buffering layers
        file.write(str(OOM_SCORE))
