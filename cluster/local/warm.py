"""Which apps have a zygote of their own, within a budget of memory: those that woke last.

An app gets one a moment after it became ready, so that no wake waits for it, and where its import takes long enough to be worth
it. Its level is `imported`, or `packages` where the app must not be forked once it is imported, or none. Those that were not
used for longest go when the budget is used up or the machine runs short of memory. A new version of an app has none of the old
one's. Whatever goes wrong here costs an app its warmth and nothing else.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import structlog

from cluster.base import Bundle, Limits
from cluster.local.app_zygote import AppZygote, Unfit
from cluster.local.channel import Channel
from cluster.local.instance import Instance
from cluster.local.process import Process
from cluster.local.warden import Warden
from cluster.local.zygote import Fork, ForkFailed, Message, Zygote

log = structlog.get_logger(__name__)

CALM_SECONDS = 0.5
"""After an app became ready and before its zygote is made: whoever waited for it is answered first."""
WORTH_MS = 3.0
LOOK_SECONDS = 10.0
SCARCE = 0.1
"""Below this part of the machine's memory there is no budget."""
MEMORY = Path("/proc/meminfo")
MOST_STALE = 3
"""So often may what an app read have changed; after that its packages alone are kept, since it changes all the time."""
MOST_DIGESTS = 10_000

Spawn = Callable[[Coroutine[Any, Any, None], str], object]


class Importing(Bundle, frozen=True):
    """What a zygote is to import: the bundle, or those of its packages alone."""

    packages: list[str] | None = None


class Warm:
    """`budget_mb`: of proportional set size, all of them together; 0: none is made."""

    def __init__(self, zygote: Zygote, warden: Warden, budget_mb: float, spawn: Spawn) -> None:
        self._zygote = zygote
        self._warden = warden
        self._budget_mb = budget_mb
        self._spawn = spawn
        self._zygotes: dict[str, tuple[str, AppZygote]] = {}
        self._packages: dict[str, list[str] | None] = {}
        self._stale: dict[str, int] = {}
        self._making: dict[str, str] = {}
        self._beginning: AppZygote | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def run(self) -> None:
        """See to it that they keep to the budget, for ever: they grow, and the machine's memory gets scarce."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._zygotes:
                await self._fit()

    def consider(self, instance: Instance, imports_ms: float) -> None:
        """An instance is ready, and its imports took so long: make its app a zygote if that is worth it."""
        app, digest = instance.workload.app, instance.workload.digest
        kept = self._zygotes.get(app)
        if kept is not None and kept[0] != digest:
            self.forget(app)
        hopeless = self._packages.get(digest, []) is None
        if self._budget_mb <= 0 or imports_ms < WORTH_MS or hopeless or app in self._zygotes or self._closed:
            return
        is_new = app not in self._making
        self._making[app] = digest
        if is_new:
            self._spawn(self._make(instance), f"zygote of {app}")

    async def fork(self, instance: Instance, message: Message) -> int | None:
        """The pid of a new process of the app's own zygote; None: ask the base zygote."""
        digest, zygote = self._zygotes.get(instance.workload.app, ("", None))
        if zygote is None or digest != instance.workload.digest:
            return None
        pid = await zygote.fork(instance.id, message)
        if pid is None and zygote.stale:
            self._note_stale(instance.workload.app, digest, zygote)
        return pid

    def _note_stale(self, app: str, digest: str, zygote: AppZygote) -> None:
        count = self._stale[digest] = self._stale.pop(digest, 0) + 1
        log.info("what an app read when it was imported has changed", app=app, times=count)
        if count >= MOST_STALE:
            self._note(digest, zygote.packages or None)
        while len(self._stale) > MOST_DIGESTS:
            del self._stale[next(iter(self._stale))]

    def forget(self, app: str) -> None:
        """End the app's zygote, if it has one, also one that is being made."""
        if app in self._making:
            self._making[app] = ""
        _, zygote = self._zygotes.pop(app, ("", None))
        if zygote is not None:
            zygote.end()

    def close(self) -> None:
        """End all of them."""
        self._closed = True
        for app in list(self._zygotes):
            self.forget(app)
        if self._beginning is not None:
            self._beginning.end()

    async def _make(self, instance: Instance) -> None:
        app, digest = instance.workload.app, instance.workload.digest
        try:
            await asyncio.sleep(CALM_SECONDS)
            if await asyncio.to_thread(_is_scarce):
                return
            async with self._turn:
                zygote = await self._import(instance)
            if zygote is not None and self._making[app] == digest and not self._closed:
                log.info("an app has a zygote", app=app, packages=digest in self._packages)
                self._zygotes[app] = (digest, zygote)
                self._spawn(self._keep(app, zygote), f"keep zygote of {app}")
                await self._fit()
            elif zygote is not None:
                await self._end(zygote)
        except (ForkFailed, OSError, ValueError) as error:
            log.info("an app has no zygote", app=app, reason=str(error))
        finally:
            del self._making[app]

    async def _import(self, instance: Instance) -> AppZygote | None:
        """A zygote at the best level that is safe; None where there is none."""
        digest = instance.workload.digest
        for _ in range(2):
            if self._closed:
                return None
            zygote = self._beginning = await self._begin(instance, self._packages.get(digest))
            if self._closed:
                zygote.end()
            try:
                await zygote.ready(instance.workload.limits.start_seconds)
            except Unfit as error:
                await self._end(zygote)
                known = digest in self._packages
                self._note(digest, None if known or not error.packages else error.packages)
                log.info("an app is not forked once it is imported", app=instance.workload.app, reason=str(error))
                if self._packages[digest] is None:
                    return None
            except BaseException:
                await self._end(zygote)
                self._note(digest, None)
                raise
            else:
                return zygote
            finally:
                self._beginning = None
        return None

    def _note(self, digest: str, packages: list[str] | None) -> None:
        if len(self._packages) >= MOST_DIGESTS:
            self._packages.pop(next(iter(self._packages)))
        self._packages[digest] = packages

    async def _begin(self, instance: Instance, packages: list[str] | None) -> AppZygote:
        limits, name = instance.workload.limits, f"z-{instance.id}"
        group = self._warden.make_group(name, limits)
        importing = Importing(**msgspec.structs.asdict(instance.bundle()), packages=packages)
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        try:
            with theirs:
                fork = _order(name, importing, limits, group.join if group is not None else [], self._warden.nproc)
                pid = await self._zygote.fork(name, lambda: (fork, [theirs.fileno()]), limits.start_seconds)
            process = Process.open(pid)
            if process is None:
                raise OSError("it ended at once")
        except BaseException:
            channel.close()
            if group is not None:
                await self._warden.dissolve(group)
            raise
        return AppZygote(process, channel, group, self._zygote.tell_code)

    async def _keep(self, app: str, zygote: AppZygote) -> None:
        await zygote.run()
        if self._zygotes.get(app, ("", None))[1] is zygote:
            del self._zygotes[app]
        await self._end(zygote)

    async def _end(self, zygote: AppZygote) -> None:
        zygote.close()
        if zygote.group is not None:
            await self._warden.dissolve(zygote.group)

    async def _fit(self) -> None:
        """Have those go that were not used for longest, until the rest are within the budget."""
        budget = 0.0 if await asyncio.to_thread(_is_scarce) else self._budget_mb
        pids = {app: zygote for app, (_, zygote) in self._zygotes.items()}
        sizes = await asyncio.to_thread(lambda: {app: zygote.memory_mb() for app, zygote in pids.items()})
        total = sum(sizes.values())
        for app, zygote in sorted(pids.items(), key=lambda item: item[1].used):
            if total <= budget:
                return
            total -= sizes[app]
            if self._zygotes.get(app, ("", None))[1] is zygote:
                log.info("an app's zygote makes room", app=app, idle_seconds=round(time.monotonic() - zygote.used))
                self.forget(app)


def _order(name: str, importing: Importing, limits: Limits, cgroups: list[str], nproc: int | None) -> Fork:
    return Fork(
        name, {}, "/dev/null", limits.memory_mb, 1, cgroups=cgroups, nproc=nproc, app=msgspec.to_builtins(importing)
    )


def _is_scarce() -> bool:
    try:
        lines = MEMORY.read_text().splitlines()
    except OSError:
        return False
    found = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    return found.get("MemAvailable", 1) < SCARCE * found.get("MemTotal", 1)
