"""Sees to it that an app that is waited for starts: one task an app, from the first who waits to the last who left.

The task asks the cluster to scale to 1, and again only when the cluster is not about to do it: it could not be reached, or
the app was put to sleep meanwhile. While the gate is closed somebody puts the app to sleep and the task waits for the end of
that, for as long as it can take; then that somebody is dead and the gate is opened.

An app that fails again and again rests, each time for longer: one that does not start, and one that starts and dies at once.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from activator.directory import Directory, awake
from activator.metrics import Metrics
from activator.rooms import Awake, Blocked, Failed, Gone, Rooms
from activator.wake_notes import Cause
from cluster.base import AppBlocked, AppView, Cluster, ClusterError, Unavailable, UnknownApp

RETRY_SECONDS = 0.1
LOOK_SECONDS = 1.0
GATE_SECONDS = 5.0
"""How long a gate may stay closed by somebody who is not us."""
FIRST_REST = 1.0
LONGEST_REST = 30.0
STEADY_SECONDS = 2.0
"""An app that was awake for so long started well; one that dies sooner failed to start, as far as its visitors can tell."""
SPARED_STARTS = 1
SPARED_DEATHS = 2
"""So many failures in a row cost no rest. The door asks twice where an app dies of a request, hence the second death."""

log = structlog.get_logger(__name__)


class _Troubles:
    """An app's failures in a row. `until`: until when it rests, by the monotonic clock."""

    def __init__(self) -> None:
        self.count = 0
        self.until = 0.0


class Listener(Protocol):
    """Who is told how wakes go."""

    def begin(self, app: str, cause: Cause) -> None:
        """Somebody waits for the app; told of each who does."""

    def asking(self, app: str) -> None:
        """The cluster is about to be asked for an instance."""

    def leave(self, app: str) -> None:
        """Nobody waits any more."""


class Wakers:
    """`going_to_sleep(app)`: we are putting it to sleep ourselves. `now`: a monotonic clock, seconds."""

    def __init__(
        self,
        cluster: Cluster,
        directory: Directory,
        rooms: Rooms,
        metrics: Metrics,
        tasks: asyncio.TaskGroup,
        *,
        going_to_sleep: Callable[[str], bool],
        now: Callable[[], float],
    ) -> None:
        self._cluster = cluster
        self._directory = directory
        self._rooms = rooms
        self._metrics = metrics
        self._tasks = tasks
        self._going_to_sleep = going_to_sleep
        self._now = now
        self._running: set[str] = set()
        # Whether a failure that is told is one of the start that was asked for. Where it may be an earlier one's, which is told
        # late, or one that somebody else began, those who wait get a start of their own.
        self._asked: dict[str, bool] = {}
        self._troubles: dict[str, _Troubles] = {}
        self._awake_since: dict[str, float] = {}
        self._listeners: list[Listener] = []
        directory.listen(self._changed)

    def listen(self, listener: Listener) -> None:
        """Tell `listener` of every step."""
        self._listeners.append(listener)

    def start(self, app: str, cause: Cause) -> None:
        """Wake an app that somebody waits for, because of `cause`; does nothing more while that is under way."""
        for listener in self._listeners:
            listener.begin(app, cause)
        if app not in self._running:
            self._running.add(app)
            self._tasks.create_task(self._run(app), name=f"wake {app}")

    def under_way(self) -> int:
        """Wakes under way."""
        return len(self._running)

    def awaited(self, app: str) -> bool:
        """Somebody waits for it already, so that one more costs no wake."""
        return app in self._running

    def resting(self, app: str) -> float:
        """For how many seconds more the app rests from failing again and again; 0: it does not."""
        troubles = self._troubles.get(app)
        return max(troubles.until - self._now(), 0.0) if troubles is not None else 0.0

    async def insist(self, app: str) -> None:
        """Ask for an instance although the cluster believes that there is one."""
        try:
            await self._cluster.scale(app, 1)
        except ClusterError as error:
            log.info("scale failed", app=app, error=str(error))

    async def _run(self, app: str) -> None:
        while self._rooms.waiting(app):
            view = self._directory.get(app)
            if view is None:
                self._rooms.release(app, Gone())
            elif view.blocked:
                self._rooms.release(app, Blocked(view.blocked))
            elif awake(view) and view.upstream is not None:
                self._rooms.release(app, Awake(view.upstream))
            elif not await self._step(app, view):
                await asyncio.sleep(RETRY_SECONDS)
        self._asked.pop(app, None)
        for listener in self._listeners:
            listener.leave(app)
        self._running.discard(app)  # in the same step as the look into the room: whoever enters now starts a new task

    async def _step(self, app: str, view: AppView) -> bool:
        if view.upstream is not None:
            decided = await self._directory.until(app, _decided, GATE_SECONDS)
            if decided or self._going_to_sleep(app):
                return True
        if view.replicas == 1 and view.upstream is None and app in self._asked:
            await self._directory.until(app, lambda now: now is not view, LOOK_SECONDS)
            return True
        for listener in self._listeners:
            listener.asking(app)
        try:
            began = await self._cluster.scale(app, 1)
        except UnknownApp:
            self._rooms.release(app, Gone())
            return True
        except AppBlocked:
            await self._directory.until(app, lambda now: now is not view, LOOK_SECONDS)
            return True
        except Unavailable:
            return False
        self._asked[app] = began
        self._metrics.wakes.inc()
        await self._directory.until(app, lambda now: now is not view, LOOK_SECONDS)
        return True

    def _changed(self, before: AppView | None, after: AppView | None) -> None:
        if after is None:
            if before is not None:
                self._forget(before.app)
                self._rooms.release(before.app, Gone())
            return
        app = after.app
        if before is None or before.version != after.version:
            self._forget(app)
        self._keep_count(after)
        if after.blocked:
            self._rooms.release(app, Blocked(after.blocked))
        elif awake(after) and after.upstream is not None:
            self._rooms.release(app, Awake(after.upstream))
        elif after.failure is not None and after.replicas == 0 and self._asked.pop(app, False):
            self._metrics.failed.inc()
            self._note_trouble(app, SPARED_STARTS)
            self._rooms.release(app, Failed(after.failure))

    def _keep_count(self, after: AppView) -> None:
        """What an app's time awake says of its troubles: only a death soon after the start is one more."""
        app = after.app
        if after.upstream is not None:
            self._asked.pop(app, None)
            self._awake_since.setdefault(app, self._now())
        elif after.replicas == 0 and (since := self._awake_since.pop(app, None)) is not None:
            died = after.failure is not None
            if not died or self._now() - since >= STEADY_SECONDS:
                self._troubles.pop(app, None)
            if died:
                self._note_trouble(app, SPARED_DEATHS)

    def _note_trouble(self, app: str, spared: int) -> None:
        troubles = self._troubles.setdefault(app, _Troubles())
        troubles.count += 1
        if troubles.count > spared:
            troubles.until = self._now() + min(FIRST_REST * 2.0 ** (troubles.count - spared - 1), LONGEST_REST)

    def _forget(self, app: str) -> None:
        self._troubles.pop(app, None)
        self._awake_since.pop(app, None)


def _decided(view: AppView | None) -> bool:
    """Nobody is putting the app to sleep any more."""
    return view is None or view.upstream is None or not view.closed
