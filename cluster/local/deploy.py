"""One apply, from the workload to the version being live. It runs to its end whoever listens.

Up to the moment its workload is written down it can be given up (a newer apply, a deletion), and nothing of it is left; from
then on the new version is the live one, also for the node that comes after a crash. The old version is not touched before.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import structlog

from cluster import paths
from cluster.base import Checkpoint, ClusterError, DeployFailed, Failure, Workload
from cluster.local import folders
from cluster.local.app import App
from cluster.local.instance import Instance
from cluster.local.launcher import EXIT_SECONDS, Launcher
from cluster.local.store import Store

log = structlog.get_logger(__name__)


class Deploy:
    """`run` it once; `follow` it any number of times.

    `code`: name of its code folder; `leaving`: instances that are on their way out once it has ended.
    """

    def __init__(self, app: App, workload: Workload, launcher: Launcher, store: Store) -> None:
        self._app = app
        self._launcher = launcher
        self._store = store
        self.workload = workload
        self.code = folders.code_name(workload.version, workload.files)
        self.leaving: list[Instance] = []
        self._checkpoints: list[Checkpoint] = []
        self._error: ClusterError | None = None
        self._told = asyncio.Event()
        self._given_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()

    def give_up(self, error: ClusterError) -> None:
        """End without going live, if that is still possible; whoever follows gets `error`."""
        if not self._given_up.done():
            self._given_up.set_exception(error)
            self._given_up.exception()  # asked for only if the deploy still gets to it

    async def follow(self) -> AsyncGenerator[Checkpoint, None]:
        """Its checkpoints from the first; raises what made it fail."""
        seen = 0
        while True:
            for checkpoint in self._checkpoints[seen:]:
                seen += 1
                yield checkpoint
            if self.ended.is_set() and seen == len(self._checkpoints):
                break
            if seen == len(self._checkpoints):
                told = self._told
                await told.wait()
        if self._error is not None:
            raise self._error

    async def run(self, done: Callable[[], None]) -> None:
        """Do it; raises nothing. `done` is called before its followers hear of the end."""
        try:
            await self._perform()
        except ClusterError as error:
            self._error = error
        except Exception as error:
            log.exception("deploy broke", app=self.workload.app)
            self._error = ClusterError(f"the node made a mistake: {error}")
        done()
        self.ended.set()
        self._told.set()

    async def _perform(self) -> None:
        self._tell("start", f"Starting version {self.workload.number}")
        folder = await self._unpack()
        self._check_wanted()
        workload = msgspec.structs.replace(self.workload, files={})
        instance = self._launcher.launch(workload, folder, self._app)
        try:
            await self._ready(instance)
            async with self._app.commits:
                self._check_wanted()
                await asyncio.to_thread(self._store.save, workload, folder)
                before = self._app.go_live(workload, folder, instance)
        except BaseException:
            self.leaving.append(instance)
            self._launcher.stop(instance, EXIT_SECONDS)
            raise
        if before is not None:
            self.leaving.append(before)
        self._tell("ready", f"Version {self.workload.number} is ready")

    async def _unpack(self) -> Path:
        async with self._app.code:
            try:
                return await asyncio.to_thread(self._store.unpack, self.workload)
            except paths.UnsafePath as error:
                raise DeployFailed(Failure("bundle_failed", str(error))) from error

    async def _ready(self, instance: Instance) -> None:
        moments: set[asyncio.Future[Any]] = {instance.settled, self._given_up}
        await asyncio.wait(moments, return_when=asyncio.FIRST_COMPLETED)
        self._check_wanted()
        failure = instance.settled.result()
        if failure is not None:
            raise DeployFailed(failure)

    def _check_wanted(self) -> None:
        if self._given_up.done():
            self._given_up.result()

    def _tell(self, stage: Literal["start", "ready"], message: str) -> None:
        self._checkpoints.append(Checkpoint(stage, message))
        told, self._told = self._told, asyncio.Event()
        told.set()


def cancelled() -> DeployFailed:
    """What an apply ends with that was abandoned in time."""
    return DeployFailed(Failure("cancelled", "It was cancelled before it went live"))


def superseded() -> DeployFailed:
    """What the older of two applies ends with."""
    return DeployFailed(Failure("superseded", "A newer version was deployed meanwhile"))
