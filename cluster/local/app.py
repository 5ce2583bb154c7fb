"""One app as the node has it: its live version, the instance behind it, and what watchers are told.

Every transition is synchronous, so two callers never see one half done: however many ask for a wake, there is one instance.
An app whose instance died is asleep with a failure to show; the next wake clears it and tries again. Where the app has an
address of its own (`service`), somebody who waits there is as good as a call: `knocked`.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from cluster.base import AppBlocked, AppView, Failure, UnknownApp, Workload
from cluster.local.instance import Instance
from cluster.local.launcher import Launcher
from cluster.local.service import Service

if TYPE_CHECKING:
    from cluster.local.deploy import Deploy

log = structlog.get_logger(__name__)


class App:
    """State of one app. `publish` is called after each change of what its view says; `live` is without its files.

    `commits` is held while the live version is replaced, `code` while code folders are made or removed. `service` is set
    where the data plane needs it.
    """

    def __init__(self, app: str, launcher: Launcher, publish: Callable[["App"], None]) -> None:
        self.id = app
        self._launcher = launcher
        self._publish = publish
        self.live: Workload | None = None
        self.folder = Path()
        self.deploy: Deploy | None = None
        self.commits = asyncio.Lock()
        self.code = asyncio.Lock()
        self.service: Service | None = None
        self._serving: Instance | None = None
        self._latest: Instance | None = None
        self._replicas = 0
        self._closed = False
        self._failure: Failure | None = None

    @property
    def serving(self) -> Instance | None:
        """The instance of the live version, starting or ready."""
        return self._serving

    @property
    def healthy(self) -> bool:
        """The live version can be started, as far as anyone knows."""
        return self.live is not None and self._failure is None and self.folder.is_dir()

    def view(self) -> AppView:
        """What is. Raises UnknownApp while no version has become live."""
        live, instance = self.require_live(), self._serving
        ready = instance is not None and instance.state == "ready"
        return AppView(
            app=live.app,
            name=live.name,
            version=live.version,
            number=live.number,
            digest=live.digest,
            hosts=live.hosts,
            idle_minutes=live.idle_minutes,
            replicas=self._replicas,
            service=self.service.address if self.service else None,
            upstream=instance.address if instance and ready else None,
            instance=instance.id if instance and ready else None,
            ticket=instance.ticket if instance and ready else None,
            closed=self._closed,
            failure=self._failure,
            blocked=live.blocked,
        )

    def require_live(self) -> Workload:
        """The live version; raises UnknownApp when there is none."""
        if self.live is None:
            raise UnknownApp(f"no version of app {self.id} is live")
        return self.live

    def wake(self) -> bool:
        """Want an instance, and begin one unless one runs or starts; whether one starts. Raises UnknownApp and AppBlocked."""
        live = self.require_live()
        if live.blocked:
            raise AppBlocked(f"app {self.id} may not run: {live.blocked}")
        self._closed = False
        starts = self._serving is None or self._serving.state != "ready"
        if self._serving is None:
            self._replicas, self._failure = 1, None
            if self.folder.is_dir():
                self._serving = self._latest = self._launcher.launch(live, self.folder, self)
            else:
                self._replicas, self._failure = 0, Failure("bundle_failed", "Its code is gone; deploy again")
                self._note_failure(ready=False, lived=0.0)
        self.attend()
        self._publish(self)
        return starts

    def knocked(self) -> None:
        """Somebody waits at the app's address and nobody serves: the one place that decides whether that wakes it."""
        if self.live is None:
            return
        if self.live.blocked:
            if self.service is not None:
                self.service.turn_away()
            self.attend()
            return
        log.info("woken by a connection", app=self.id)
        self.wake()

    def sleep(self) -> None:
        """Want no instance; the one there is drains."""
        live = self.require_live()
        instance, self._serving, self._replicas = self._serving, None, 0
        self._publish(self)
        if instance is not None:
            self._launcher.stop(instance, live.limits.grace_seconds)
        self.attend()

    def gate(self, *, closed: bool) -> None:
        """Close or open the gate."""
        self.require_live()
        self._closed = closed
        self._publish(self)

    def configure(self, workload: Workload) -> None:
        """The live version with other settings for routing."""
        self.live = workload
        self._rest_if_blocked()

    def go_live(self, workload: Workload, folder: Path, instance: Instance) -> Instance | None:
        """`instance`, of `workload`, serves from now on; gives the one that did, which drains."""
        before = self._serving
        self.live, self.folder = workload, folder
        self._serving = self._latest = instance
        self._replicas, self._closed, self._failure = 1, False, None
        if self.service is not None:
            self.service.forgive()
        if instance.state == "ready":
            self._rest_if_blocked()
        else:
            self.changed(instance)  # it died while its going live was written down
        if before is not None:
            self._launcher.stop(before, before.workload.limits.grace_seconds)
        return before

    def _rest_if_blocked(self) -> None:
        """Publish; an app that may not run is put to sleep by the same step that says so."""
        if self.require_live().blocked and self._serving is not None:
            self.sleep()
        else:
            self.attend()
            self._publish(self)

    def restore(self, workload: Workload, folder: Path, instance: Instance | None) -> None:
        """What an earlier node left."""
        self.live, self.folder = workload, folder
        self._serving = self._latest = instance
        self._replicas = 0 if instance is None else 1
        self._rest_if_blocked()

    def open(self) -> None:
        """Have the address from the node's start on, as far as that depends on us."""
        if self.service is not None:
            self.service.open()
            self.attend()

    def attend(self) -> None:
        """See to the app's address: look who waits there while nobody serves."""
        if self.service is None:
            return
        if self.live is None or self._serving is not None:
            self.service.ignore()
        else:
            self.service.watch()

    def close(self) -> None:
        """The app, or the node, is no more: nobody can wait for it."""
        if self.service is not None:
            self.service.close()

    async def listener(self) -> socket.socket | None:
        """See Owner."""
        return None if self.service is None else await self.service.listener()

    def changed(self, instance: Instance) -> None:
        """See Owner."""
        if instance is not self._serving:
            return
        if instance.state != "ready":
            self._serving, self._replicas, self._failure = None, 0, instance.failure
            self._note_failure(ready=instance.was_ready, lived=time.time() - instance.began)
            self.attend()
        self._publish(self)

    def explain(self, instance: Instance, failure: Failure) -> None:
        """See Owner."""
        if instance is self._latest and self._serving is None and self.live is not None:
            self._failure = failure
            self._publish(self)

    def _note_failure(self, *, ready: bool, lived: float) -> None:
        if self.service is not None:
            self.service.failed(ready=ready, lived=lived)
