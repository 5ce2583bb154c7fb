"""Puts apps to sleep that nobody uses, and those that control wants asleep, without losing a request.

Each app is looked at by the one activator that its runner checked in with.

In order: close the gate, so that new requests wait; hear from every plugin how many are on their way; ask the runner how
busy it is and since when; only if nothing is in flight and nothing came since the decision, scale to 0. Otherwise the gate
is opened again and nobody noticed. A forced sleep does not give up, it waits for what is in flight to end.
Whoever entered the waiting room meanwhile starts a wake the moment the instance is told to go.
"""

import asyncio
from collections.abc import Callable

import structlog

from activator.asking import ask_directly
from activator.checkin import CheckIn
from activator.directory import Directory
from activator.frames import Activity
from activator.metrics import Metrics
from activator.settings import Settings
from activator.table import Table
from cluster.base import AppView, Cluster, ClusterError, UnknownApp

TICK_SECONDS = 1.0
ASK_SECONDS = 2.0
GATE_SECONDS = 2.0
LOOK_SECONDS = 0.1
GONE_MARGIN_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Sleeper:
    """`now`: a monotonic clock, seconds."""

    def __init__(
        self,
        cluster: Cluster,
        directory: Directory,
        table: Table,
        checkin: CheckIn,
        *,
        settings: Settings,
        metrics: Metrics,
        now: Callable[[], float],
    ) -> None:
        self._cluster = cluster
        self._directory = directory
        self._table = table
        self._checkin = checkin
        self._settings = settings
        self._metrics = metrics
        self._now = now
        self._due: dict[str, tuple[str, int, float]] = {}
        self._busy: dict[str, asyncio.Event] = {}

    def busy(self, app: str) -> bool:
        """The app is being put to sleep right now."""
        return app in self._busy

    async def run(self) -> None:
        """Look for idle apps, for ever."""
        tick = min(TICK_SECONDS, self._settings.idle_seconds_per_minute / 10)
        async with asyncio.TaskGroup() as sleeps:
            while True:
                await asyncio.sleep(tick)
                for view in self._directory.views():
                    if self._is_due(view) and view.app not in self._busy:
                        self._busy[view.app] = asyncio.Event()
                        sleeps.create_task(self._check(view), name=f"idle check {view.app}")

    def _is_due(self, view: AppView) -> bool:
        if view.upstream is None or view.instance is None or view.idle_minutes <= 0:
            self._due.pop(view.app, None)
            return False
        instance, minutes, due = self._due.get(view.app, ("", 0, 0.0))
        if (instance, minutes) != (view.instance, view.idle_minutes):
            # The first look may be at once: it says since when the app is idle, also to an activator that just started.
            self._look_at(view, self._now())
            return False
        return self._now() >= due

    def _look_at(self, view: AppView, when: float) -> None:
        assert view.instance is not None
        self._due[view.app] = (view.instance, view.idle_minutes, when)

    def _limit(self, view: AppView) -> float:
        return view.idle_minutes * self._settings.idle_seconds_per_minute

    async def _check(self, view: AppView) -> None:
        assert view.instance is not None
        limit = self._limit(view)
        try:
            activity = await self._checkin.ask(view.instance, ASK_SECONDS)
            if activity is None:
                next_look = min(limit, ASK_SECONDS)
            elif activity.in_flight or activity.idle_seconds < limit:
                next_look = limit - activity.idle_seconds
            else:
                next_look = limit
                await self._put_to_sleep(view, limit)
            self._look_at(view, self._now() + next_look)
        finally:
            self._busy.pop(view.app).set()

    async def force(self, app: str) -> bool:
        """Put the app to sleep whoever uses it; what is in flight ends first. True once its instance is gone.

        Raises UnknownApp and Unavailable.
        """
        while (other := self._busy.get(app)) is not None:
            await other.wait()
        # One that is waking has somebody waiting for it: it wakes first, and what they asked for ends first.
        await self._directory.until(app, _is_at_rest, self._settings.hold_seconds)
        view = self._directory.get(app)
        if view is None:
            raise UnknownApp(app)
        if view.upstream is None or view.instance is None:
            await self._cluster.scale(app, 0)
            return True
        self._busy[app] = asyncio.Event()
        try:
            await self._put_to_sleep(view, None)
        finally:
            self._busy.pop(app).set()
        return await self._checkin.left(view.instance, self._settings.grace_seconds + GONE_MARGIN_SECONDS)

    async def _put_to_sleep(self, view: AppView, limit: float | None) -> None:
        app = view.app
        try:
            await self._cluster.gate(app, closed=True)
            if limit is None:
                await self._quiesce(view)
            elif not await self._unused(view, limit):
                await self._cluster.gate(app, closed=False)
                self._metrics.reopened.inc()
                return
            await self._cluster.scale(app, 0)
            self._metrics.sleeps.inc()
            log.info("asleep", app=app, forced=limit is None)
        except ClusterError as error:
            if limit is None:
                raise
            log.info("not put to sleep", app=app, error=str(error))

    async def _ask(self, view: AppView) -> Activity | None:
        """How busy the app is, wherever it checked in."""
        assert view.instance is not None
        if self._checkin.holds(view.instance) or view.upstream is None:
            return await self._checkin.ask(view.instance, ASK_SECONDS)
        return await ask_directly(view.upstream, view.ticket or "", ASK_SECONDS)

    async def _unused(self, view: AppView, limit: float) -> bool:
        assert view.instance is not None
        if not await self._gate_closed(view) or await self._table.unused(view.hosts, self._settings.ack_seconds):
            return False
        # Plugins of other activators acknowledge to those; what they had on its way arrives meanwhile.
        await asyncio.sleep(self._settings.settle_seconds)
        activity = await self._checkin.ask(view.instance, ASK_SECONDS)
        return activity is not None and activity.in_flight == 0 and activity.idle_seconds >= limit

    async def _quiesce(self, view: AppView) -> None:
        assert view.instance is not None
        await self._gate_closed(view)
        ends = self._now() + self._settings.grace_seconds
        on_the_way = await self._table.unused(view.hosts, self._settings.ack_seconds)
        while self._now() < ends:
            activity = await self._ask(view)
            if on_the_way == 0 and (activity is None or activity.in_flight == 0):
                return
            await asyncio.sleep(LOOK_SECONDS)
            on_the_way = await self._table.recount(view.hosts, self._settings.ack_seconds)

    async def _gate_closed(self, view: AppView) -> bool:
        """The change came round to us, and so our plugins were told; an app that changed otherwise is left alone."""
        return await self._directory.until(
            view.app, lambda now: now is not None and now.closed and now.instance == view.instance, GATE_SECONDS
        )


def _is_at_rest(view: AppView | None) -> bool:
    """It is not on its way from asleep to awake."""
    return view is None or view.replicas == 0 or view.upstream is not None
