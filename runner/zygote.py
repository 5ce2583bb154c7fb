"""A process with the usual packages imported, that forks a runner for every wake.

One thread and two things to wait for: lines of JSON from the node on an inherited socket, and children that end. It holds
no state that matters: when the node's end of the socket closes it exits, when it is killed the node starts another, and
in both cases the runners that it forked never notice.

Node to zygote: `{"type":"fork","instance","env","log","memory_mb","fds","cgroups","nproc"}`, and with the line as many
descriptors as `fds` says; the two are matched by their order, since one read may return several lines. Back: `ready` once,
`forked` with pid and start time (clock ticks since boot, null where the system does not tell), `fork_failed`, and `exited`
with the exit code, negative for a signal.

A message with `app` (a bundle, and perhaps `packages`) asks for a zygote of that app's own: it speaks the same over
the descriptor that comes with the message, and says `unfit` instead of `ready` where the app must not be forked (see `imported`).
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from typing import Any, NoReturn

from . import bundle, child, imported, serve
from .preload import Randoms, other_threads, preload
from .spare import CLOSE_ON_EXEC, MAX_DESCRIPTORS, Spare

Message = dict[str, object]
MAX_LINE = 1024 * 1024
MAX_WHY = 500
CALM_SECONDS = 0.1
"""Without an order, before a spare is made."""


def run(fd: int) -> None:
    """Preload, then serve the socket `fd` until the node closes it."""
    generators = preload()
    if other_threads():
        raise SystemExit("the zygote has more than one thread and must not fork")
    sock = socket.socket(fileno=fd)
    sock.setblocking(True)
    sock.set_inheritable(False)
    Zygote(sock, generators, imported.Prepared("zygote")).serve()


def be_app_zygote(wanted: imported.Wanted, generators: Randoms) -> NoReturn:
    """Import an app and be its zygote, or tell why not. Never returns."""
    sock, code = imported.channel(), serve.FAILED
    try:
        prepared = imported.prepare(wanted, generators)
        Zygote(sock, generators, prepared).serve()
        code = 0
    except imported.Unfit as error:
        told = {"type": "unfit", "error": str(error)[:MAX_WHY], "packages": error.packages}
        with contextlib.suppress(OSError):
            sock.sendall(json.dumps(told).encode() + b"\n")
    finally:
        os._exit(code)


class Zygote:
    """`sock`: stream to the node; `generators`: what forks must seed anew; `prepared`: what they find done."""

    def __init__(self, sock: socket.socket, generators: Randoms, prepared: imported.Prepared) -> None:
        self._sock = sock
        self._generators = generators
        self._prepared = prepared
        self._buffer = bytearray()
        self._descriptors: deque[int] = deque()
        self._spare: Spare | None = None
        self._woken, self._wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def serve(self) -> None:
        """Until the node is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        self._tell({"type": "ready", "packages": self._prepared.packages})
        node = self._sock.fileno()
        while True:
            readable, _, _ = select.select([node, self._woken], [], [], CALM_SECONDS if self._spare is None else None)
            if not readable:
                self._make_spare()
            if self._woken in readable:
                os.read(self._woken, 4096)
            if node in readable and not self._read():
                return
            self._reap()

    def _read(self) -> bool:
        """Carry out the whole lines that have come; False once the node is gone."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._sock, 65536, MAX_DESCRIPTORS, CLOSE_ON_EXEC)
        except OSError:
            return False
        self._descriptors.extend(descriptors)
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._carry_out(line)
        return bool(data) and len(self._buffer) <= MAX_LINE

    def _carry_out(self, line: bytes) -> None:
        instance: object = None
        descriptors: list[int] = []
        try:
            message = json.loads(line)
            instance = message.get("instance")
            descriptors = self._take(message.get("fds", 0))
            pid = self._start(line, _order(message, descriptors), _wanted(message))
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            self._tell({"type": "fork_failed", "instance": instance, "error": f"{type(error).__name__}: {error}"})
        else:
            self._tell({"type": "forked", "instance": instance, "pid": pid, "started": started(pid)})
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _take(self, count: int) -> list[int]:
        """The descriptors that came with a line, refused or not: the next line's are behind them."""
        return [self._descriptors.popleft() for _ in range(min(count, len(self._descriptors)))]

    def _start(self, line: bytes, order: child.Order, wanted: imported.Wanted | None) -> int:
        began = time.monotonic()
        if not self._prepared.is_current():
            raise OSError("what the app read when it was imported has changed")
        if wanted is None and self._spare is not None:
            spare, self._spare = self._spare, None
            if spare.take(line, order.descriptors, began):
                return spare.pid
        pid = os.fork()
        if pid == 0:
            self._sock.close()
            self._be_child(order, wanted, began)
        return pid

    def _make_spare(self) -> None:
        with contextlib.suppress(OSError):  # the machine is full: the next order says so, if it still is
            self._spare = Spare(self._become, self._sock)

    def _become(self, line: bytes, descriptors: list[int], began: float) -> NoReturn:
        self._be_child(_order(json.loads(line), descriptors), None, began)

    def _be_child(self, order: child.Order, wanted: imported.Wanted | None, began: float) -> NoReturn:
        try:
            gc.disable()
            # What an imported app left in its environment is its own.
            child.settle(order, self._generators, keep_environment=self._prepared.level == "imported")
        except BaseException as error:  # the child must end here, never return into the zygote's loop
            os.write(2, f"the fork could not be set up: {type(error).__name__}: {error}\n".encode())
            os._exit(serve.FAILED)
        if wanted is not None:
            be_app_zygote(wanted, self._generators)
        serve.run(began, self._prepared)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if self._spare is not None and pid == self._spare.pid:
                self._spare = None
                continue
            self._tell({"type": "exited", "pid": pid, "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: Message) -> None:
        try:
            self._sock.sendall(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        except OSError:
            sys.exit(0)


def _order(message: dict[str, Any], descriptors: list[int]) -> child.Order:
    return child.Order(
        instance=str(message["instance"]),
        env={str(name): str(value) for name, value in message["env"].items()},
        log=str(message["log"]),
        memory_mb=int(message["memory_mb"]) if message.get("memory_mb") else None,
        descriptors=descriptors,
        cgroups=tuple(map(str, message.get("cgroups", ()))),
        nproc=int(message["nproc"]) if message.get("nproc") else None,
    )


def _wanted(message: dict[str, Any]) -> imported.Wanted | None:
    app = message.get("app")
    if not app:
        return None
    packages = app.get("packages")
    return imported.Wanted(bundle.unpack(app), None if packages is None else tuple(map(str, packages)))


def started(pid: int) -> int | None:
    """The process's start time in clock ticks since boot: with its pid it names the process for good."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - one read, no layers
            return int(file.read().rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None
