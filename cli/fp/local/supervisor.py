"""Brings the platform up, keeps it up, takes it down. The whole life of `fp up` is `Supervisor.run`.

Up: everything at once, because importing is what takes the time; MongoDB is prepared (replica set, user) meanwhile, and
every process finds its peers by itself and waits for them. Down: everything at once but MongoDB, which goes last, so that
nothing it is owed gets lost.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import Any, Final

from fp.local import probe
from fp.local.child import Child, in_words
from fp.local.errors import LocalError
from fp.local.folder import empty_tmp, write_json
from fp.local.reaper import Reaper
from fp.local.settings import LocalSettings
from fp.local.specs import Platform, Spec

START_SECONDS: Final = 60.0
DEATHS_AT_START: Final = 4
"""A process that dies this often before the platform is ready will not come up: better to say why."""


class Supervisor:
    """One platform. `say` gets lines for people; `ready` is called once, with the seconds it took."""

    def __init__(self, settings: LocalSettings, platform: Platform, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._platform = platform
        self._say = say
        self._children: list[Child] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._reaper = Reaper()

    async def run(self, ready: Callable[[float], None]) -> None:
        """Up, until SIGTERM or Ctrl-C, and down again. Raises LocalError when it cannot come up."""
        self._catch_signals()
        try:
            if await self._until_stop(self._start(ready)):
                await self._stop.wait()
        finally:
            await self._down()

    async def _until_stop(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work` unless a stop is asked for first; whether it was done. Its error is raised here."""
        task = asyncio.create_task(work, name="start")
        stop = asyncio.create_task(self._stop.wait(), name="asked to stop")
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return False
        task.result()
        return True

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ask_to_stop)
        self._reaper.start()

    def _ask_to_stop(self) -> None:
        if self._stop.is_set():
            self._say("Ending at once.")
            for child in self._children:
                child.kill()
        self._stop.set()

    async def _start(self, ready: Callable[[float], None]) -> None:
        began = time.monotonic()
        for spec in [*filter(None, [self._platform.database]), *self._platform.others]:
            self._launch(spec)
        if self._platform.bootstrap:
            await self._prepare_database(self._platform.bootstrap)
        await self._wait_ready(began)
        ready(time.monotonic() - began)

    def _launch(self, spec: Spec) -> None:
        child = Child(spec, self._settings.data / "logs", self._say, self._note)
        self._children.append(child)
        task = asyncio.create_task(child.run(), name=f"child {spec.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _prepare_database(self, spec: Spec) -> None:
        child = Child(spec, self._settings.data / "logs", self._say, lambda: None)
        try:
            code = await child.once()
        except asyncio.CancelledError:
            await child.stop()
            raise
        if code != 0:
            database = self._children[0]
            raise LocalError(
                f"MongoDB could not be prepared: it {in_words(code)}.\n{child.tail()}{database.tail(4)}".rstrip(),
                f"The whole logs: {child.log} and {database.log}",
            )

    async def _wait_ready(self, began: float) -> None:
        """Until the platform says a deploy would work. Raises LocalError with the log of what does not come up."""
        while not (answer := await probe.ready(self._settings.port, self._settings.domain)).ok:
            for child in self._children:
                if child.deaths >= DEATHS_AT_START:
                    raise LocalError(
                        f"{child.spec.name} does not start.\n{child.tail()}".rstrip(), f"The whole log: {child.log}"
                    )
            if time.monotonic() - began > START_SECONDS:
                raise LocalError(
                    f"Not ready after {START_SECONDS:g} s: {answer.why}.",
                    f"The logs are in {self._settings.data / 'logs'}",
                )
            await asyncio.sleep(0.03)

    def _note(self) -> None:
        """Write down who runs, so that the next start can end them should this process be killed."""
        running = [asdict(child.known) for child in self._children if child.known]
        with contextlib.suppress(OSError):
            write_json(self._settings.data / "run" / "processes.json", running)

    async def _down(self) -> None:
        database = [child for child in self._children if child.spec is self._platform.database]
        others = [child for child in self._children if child not in database]
        await asyncio.gather(*(child.stop() for child in others))
        await asyncio.gather(*(child.stop() for child in database))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        (self._settings.data / "run" / "processes.json").unlink(missing_ok=True)
        empty_tmp(self._settings.data)
