"""The node's side of an app's own zygote: a process that has imported the app and forks its instances.

It was forked by the base zygote and speaks the same lines over a channel of its own (`runner/imported.py`). It is used while it
answers at once and given up at the first doubt: whoever asks it for a fork falls back on the base zygote, with a new ticket, so
that a process which comes of it all the same is refused.
"""

import asyncio
import signal
import time
from collections.abc import Callable

import msgspec
import structlog

from cluster.local.cgroups import Group
from cluster.local.channel import Channel
from cluster.local.orphans import session
from cluster.local.process import Process, memory_mb
from cluster.local.zygote import Message, Said

log = structlog.get_logger(__name__)

CONFIRM_SECONDS = 0.25
"""What a fork may take to be confirmed. It takes some milliseconds; beyond this the base zygote is the faster way."""


class Unfit(Exception):
    """The app must not be forked once it is imported; `packages` are what it brought in."""

    def __init__(self, why: str, packages: list[str]) -> None:
        super().__init__(why)
        self.packages = packages


class AppZygote:
    """`exited(pid, code)` is told of its children. `used`: when it forked last, by the monotonic clock.

    `packages`: modules that came with the app. `stale`: it refused to fork, because what the app read has changed.
    """

    def __init__(
        self, process: Process, channel: Channel, group: Group | None, exited: Callable[[int, int], None]
    ) -> None:
        self.process = process
        self.group = group
        self.used = time.monotonic()
        self.ended = False
        self.packages: list[str] = []
        self.stale = False
        self._channel = channel
        self._exited = exited
        self._forks: dict[str, asyncio.Future[int]] = {}

    async def ready(self, seconds: float) -> None:
        """Returns once it can fork. Raises Unfit, and OSError where it ended or took too long."""
        try:
            async with asyncio.timeout(seconds):
                line = await self._channel.readline()
        except TimeoutError:
            raise OSError(f"it was not ready within {seconds:g} s") from None
        if not line:
            raise OSError("it ended")
        said = msgspec.json.decode(line, type=Said)
        if said.type == "unfit":
            raise Unfit(said.error, said.packages)
        self.packages = said.packages

    async def run(self) -> None:
        """Hear what it says until it ends."""
        try:
            while line := await self._channel.readline():
                self._hear(msgspec.json.decode(line, type=Said))
        except (OSError, ValueError) as error:
            log.warning("an app's zygote said what it should not", pid=self.process.pid, error=str(error))
        finally:
            self.end()

    async def fork(self, instance: str, message: Message) -> int | None:
        """The pid of a new process; None where there is none at once."""
        if self.ended:
            return None
        self.used = time.monotonic()
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._forks[instance] = done
        fork, descriptors = message()
        self._channel.send(msgspec.json.encode(fork), descriptors)
        await asyncio.wait({done}, timeout=CONFIRM_SECONDS)
        del self._forks[instance]
        if done.done() and not done.cancelled() and (pid := done.result()):
            return pid
        if not self.stale:
            log.warning("an app's zygote does not answer", pid=self.process.pid)
        self.end()
        return None

    def memory_mb(self) -> float:
        """Its proportional set size and its spare's, who is in its session still."""
        return sum(memory_mb(pid) for pid in session(self.process.pid))

    def end(self) -> None:
        """End it; what it forked lives on. `ready` and `run` return, and then it must be closed."""
        if self.ended:
            return
        self.ended = True
        self.process.signal(signal.SIGKILL)
        for done in self._forks.values():
            if not done.done():
                done.set_result(0)

    def close(self) -> None:
        """Let go of what the node has of it."""
        self.end()
        self._channel.close()
        self.process.close()

    def _hear(self, said: Said) -> None:
        if said.type == "exited":
            self._exited(said.pid, said.code)
        self.stale = self.stale or said.type == "fork_failed"
        done = self._forks.get(said.instance)
        if done is not None and not done.done():
            done.set_result(said.pid if said.type == "forked" else 0)
