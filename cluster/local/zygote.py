"""The zygote's keeper: one process that has the runner's imports ready and forks an instance on demand.

It speaks newline-delimited JSON on one end of a socket pair and exits when the other end closes; what it forked lives on.
It is replaced when it dies and when it is stuck (forks wait and it has said nothing for 2 s); forks that were not confirmed
are asked of the next one. One that grows is replaced once its successor is ready, so that nobody waits for that. The fork of
a stuck zygote may have happened all the same, so every attempt builds its message anew and the caller gives it a new ticket:
a process of an earlier attempt is refused when it checks in, and exits.
"""

import asyncio
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog

from cluster.local.channel import Channel
from cluster.local.process import resident_mb

log = structlog.get_logger(__name__)

CONFIRM_SECONDS = 2.0
PRELOAD_SECONDS = 20.0
LONGEST_BACKOFF = 2.0
LOOK_SECONDS = 30.0
LEAK_MB = 64.0
"""Its work leaves nothing behind; a zygote that is so much larger than it was when it was ready has a leak."""
MAX_CODES = 1000
"""Exit codes kept for whoever asks; those of processes that nobody knows are never asked for."""
_PASSED_ON = ("PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


class ForkFailed(Exception):
    """No process came of it; the message says why."""


class Fork(msgspec.Struct, frozen=True, tag="fork"):
    """Ask for a process. `log`: where its native output goes. `fds`: how many descriptors travel with the message.

    `cgroups`: files to write itself into; `nproc`: RLIMIT_NPROC. `app`: be a zygote of this app's own (see `warm`).
    """

    instance: str
    env: dict[str, str]
    log: str
    memory_mb: int
    fds: int = 0
    cgroups: list[str] = []
    nproc: int | None = None
    app: dict[str, Any] | None = None


class Said(msgspec.Struct, frozen=True):
    """What a zygote says: `ready`, `forked`, `fork_failed` or `exited`; one of an app's own also `unfit`."""

    type: str
    instance: str = ""
    pid: int = 0
    error: str = ""
    code: int = 0
    packages: list[str] = []


Message = Callable[[], tuple[Fork, list[int]]]
"""Makes the message of one attempt, and the descriptors that the process gets, as 3 and on."""


class _Pending:
    def __init__(self, message: Message) -> None:
        self.message = message
        self.done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.sent_to: _Live | None = None
        self.wanted = True


@dataclass(eq=False)
class _Live:
    process: asyncio.subprocess.Process
    channel: Channel
    resident_mb: float = 0.0
    heard: float = 0.0
    """When it last said something, or was asked for something while it had nothing to do."""


class Zygote:
    """Keeps a zygote alive (`run`) and forks with it."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._codes: dict[int, int] = {}
        self._code_told = asyncio.Event()
        self._pending: dict[str, _Pending] = {}
        self._live: _Live | None = None
        self._trouble = "it has not started yet"

    async def fork(self, instance: str, message: Message, seconds: float) -> int:
        """The pid of a new process, asked for before this first waits. Raises ForkFailed, after `seconds` at the latest."""
        pending = self._pending[instance] = _Pending(message)
        self._send(instance, pending)
        deadline = time.monotonic() + seconds
        try:
            while not pending.done.done():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise ForkFailed(f"no process could be started within {seconds:g} s: {self._trouble}")
                await asyncio.wait({pending.done}, timeout=min(left, CONFIRM_SECONDS))
                self._replace_if_stuck(pending)
            return pending.done.result()
        finally:
            del self._pending[instance]

    def forgo(self, instance: str) -> None:
        """This fork is no longer wanted; one that was asked for already may still happen."""
        pending = self._pending.get(instance)
        if pending is not None:
            pending.wanted = False
            if pending.sent_to is None:
                _refuse(pending)

    async def exit_code(self, pid: int, seconds: float) -> int | None:
        """How its child ended (negative: by that signal), waiting for word of it; None when nobody can tell."""
        try:
            async with asyncio.timeout(seconds):
                while pid not in self._codes:
                    await self._code_told.wait()
        except TimeoutError:
            return None
        return self._codes.pop(pid)

    async def run(self) -> None:
        """Keep a zygote running until cancelled."""
        backoff = 0.0
        while True:
            began = time.monotonic()
            try:
                await self._keep(await _started(self._command))
            except (OSError, ValueError) as error:
                self._trouble = str(error) or f"it was not ready within {PRELOAD_SECONDS:g} s"
            backoff = 0.0 if time.monotonic() - began > 10 else min(LONGEST_BACKOFF, backoff * 2 or 0.05)
            log.warning("zygote ended", reason=self._trouble, again_in=backoff)
            await asyncio.sleep(backoff)

    async def _keep(self, live: _Live) -> None:
        """Work with it, and with those that take its place, until the newest of them ends."""
        replaced: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._begin_with(live)
                listening = tasks.create_task(self._listen(live), name=f"zygote {live.process.pid}")
                growing = tasks.create_task(self._successor(live), name=f"watch zygote {live.process.pid}")
                await asyncio.wait({listening, growing}, return_when=asyncio.FIRST_COMPLETED)
                if not growing.done():
                    for task in (growing, *replaced):
                        task.cancel()
                    return
                # The old one does first what it was asked for.
                live.channel.finish()
                replaced.append(listening)
                live = growing.result()

    def _begin_with(self, live: _Live) -> None:
        log.info("zygote ready", pid=live.process.pid)
        self._live = live
        for instance, pending in self._pending.items():
            self._send(instance, pending)

    async def _listen(self, live: _Live) -> None:
        try:
            while line := await live.channel.readline():
                live.heard = time.monotonic()
                self._hear(msgspec.json.decode(line, type=Said))
            self._trouble = "it ended"
        except (OSError, ValueError) as error:
            self._trouble = str(error)
        finally:
            self._lost(live)
            await _close(live)

    def _lost(self, live: _Live) -> None:
        """What it was asked for and did not confirm is asked of another."""
        if self._live is live:
            self._live = None
        for instance, pending in self._pending.items():
            if pending.sent_to is live:
                pending.sent_to = None
                if not pending.wanted:
                    _refuse(pending)
                self._send(instance, pending)

    async def _successor(self, live: _Live) -> _Live:
        """Another one, ready, as soon as this one has grown."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if (now_mb := resident_mb(live.process.pid)) <= live.resident_mb + LEAK_MB:
                continue
            log.warning("zygote has grown", pid=live.process.pid, mb=round(now_mb))
            try:
                return await _started(self._command)
            except (OSError, ValueError) as error:
                log.warning("no other zygote", reason=str(error))

    def _hear(self, said: Said) -> None:
        if said.type == "exited":
            self.tell_code(said.pid, said.code)
            return
        if said.type == "forked":
            self._codes.pop(said.pid, None)  # of an earlier process with this pid, which nobody asked for
        pending = self._pending.get(said.instance)
        if pending is None or pending.done.done():
            return
        if said.type == "forked":
            pending.done.set_result(said.pid)
        elif said.type == "fork_failed":
            pending.done.set_exception(ForkFailed(said.error))

    def tell_code(self, pid: int, code: int) -> None:
        """A child, its own or of a zygote that it forked, ended with that code."""
        if len(self._codes) >= MAX_CODES:
            self._codes.pop(next(iter(self._codes)))
        self._codes[pid] = code
        told, self._code_told = self._code_told, asyncio.Event()
        told.set()

    def _send(self, instance: str, pending: _Pending) -> None:
        live = self._live
        if live is not None and pending.sent_to is None and not pending.done.done():
            if not any(other.sent_to is live and not other.done.done() for other in self._pending.values()):
                live.heard = time.monotonic()
            pending.sent_to = live
            fork, descriptors = pending.message()
            live.channel.send(msgspec.json.encode(fork), descriptors)

    def _replace_if_stuck(self, pending: _Pending) -> None:
        live = pending.sent_to
        if live is None or pending.done.done() or time.monotonic() - live.heard < CONFIRM_SECONDS:
            return
        log.error("zygote stuck", pid=live.process.pid)
        with suppress(ProcessLookupError):
            live.process.kill()


def _refuse(pending: _Pending) -> None:
    if not pending.done.done():
        pending.done.set_exception(ForkFailed("it is no longer wanted"))


async def _spawn(command: list[str]) -> _Live:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    try:
        # Its own session: a Ctrl-C in the terminal is for the supervisor, which stops things in order.
        process = await asyncio.create_subprocess_exec(
            *command,
            str(theirs.fileno()),
            pass_fds=(theirs.fileno(),),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=2,
            env=_environment(),
            start_new_session=True,
        )
    except BaseException:
        channel.close()
        raise
    finally:
        theirs.close()
    return _Live(process, channel)


async def _started(command: list[str]) -> _Live:
    """One that is ready. Raises OSError, TimeoutError among them, and ValueError where it says something else."""
    live = await _spawn(command)
    try:
        async with asyncio.timeout(PRELOAD_SECONDS):
            line = await live.channel.readline()
        if not line:
            raise OSError("it ended before it was ready")
        if msgspec.json.decode(line, type=Said).type != "ready":
            raise ValueError("it said something else than that it is ready")
    except BaseException:
        await _close(live)
        raise
    live.resident_mb = resident_mb(live.process.pid)
    return live


async def _close(live: _Live) -> None:
    live.channel.close()
    await _wait_or_kill(live.process)


async def _wait_or_kill(process: asyncio.subprocess.Process) -> None:
    # Its socket is closed, so it is on its way out; one that is stuck is not.
    try:
        async with asyncio.timeout(1.0):
            await process.wait()
    except (TimeoutError, asyncio.CancelledError) as error:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise


def _environment() -> dict[str, str]:
    # Not ours: it holds the platform's internal token and perhaps its secret key, and apps must never see those.
    return {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")}
