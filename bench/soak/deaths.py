"""Ends one process of the platform every few seconds, in an order that a seed decides, and says when each was away.

Which deaths a request may fail of, and why no other:

    traefik             killed or told to stop: the door itself, and every connection through it, until it is back
    activator, routes   killed: what Traefik's forwardAuth was asking it at that moment; Traefik cannot ask again
    everything else     nothing: the plugin asks again, apps outlive their node, and nobody else is on a request's way
"""

import asyncio
import os
import random
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final, Literal

from bench.processes import family
from tests.support.platform import Platform

VICTIMS: Final = ("activator", "node", "zygote", "control", "worker", "mongodb", "traefik")
BACK_SECONDS: Final = 60.0
Signals = Literal["none", "term", "kill", "mixed"]


@dataclass(frozen=True)
class Away:
    """A process that was ended: from when until when it was not there, by the monotonic clock."""

    victim: str
    number: signal.Signals
    since: float
    until: float

    def excuses(self, plane: str, began: float, ended: float) -> bool:
        """Whether a request of that time, in that data plane, may have failed of it."""
        killed = self.number == signal.SIGKILL
        on_the_way = self.victim == "traefik" or (self.victim == "activator" and plane == "routes" and killed)
        return on_the_way and began <= self.until and ended >= self.since


@dataclass
class Deaths:
    """`run` ends a process every `seconds`; `away` remembers."""

    platform: Platform
    signals: Signals
    seed: int
    seconds: float = 4.0
    away: list[Away] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; who was ended last is back then. Raises TimeoutError when one does not come back."""
        dice = random.Random(self.seed)
        while self.signals != "none" and not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.seconds * (0.5 + dice.random()))
            if stop.is_set():
                return
            await self._end(dice.choice(VICTIMS), self._signal(dice))

    def _signal(self, dice: random.Random) -> signal.Signals:
        choice = dice.choice(("term", "kill")) if self.signals == "mixed" else self.signals
        return signal.SIGTERM if choice == "term" else signal.SIGKILL

    async def _end(self, victim: str, number: signal.Signals) -> None:
        old = self._pid(victim)
        if old is None:
            return
        since = monotonic()
        with suppress(ProcessLookupError):
            os.kill(old, number)
        async with asyncio.timeout(BACK_SECONDS):
            while (pid := self._pid(victim)) is None or pid == old:
                await asyncio.sleep(0.05)
            while not await asyncio.to_thread(self.platform.is_ready):
                await asyncio.sleep(0.05)
        self.away.append(Away(victim, number, since, monotonic()))

    def _pid(self, victim: str) -> int | None:
        running = self.platform.processes()
        if victim != "zygote":
            return running.get(victim)
        node = running.get("node")
        descendants = family(node)[1:] if node is not None else []
        return next((pid for pid in descendants if b"zygote" in _arguments(pid)), None)


def _arguments(pid: int) -> bytes:
    with suppress(OSError):
        # A fork of the zygote has its command line, but is the leader of a session of its own.
        if os.getsid(pid) == pid and _parent_is_no_zygote(pid):
            return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _parent_is_no_zygote(pid: int) -> bool:
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    return b"zygote" not in Path(f"/proc/{parent}/cmdline").read_bytes()
