"""Counts how long each app is awake, how long anybody has watched, and what all of them take; and tells when the node is away.

The worker that leads looks at the cluster's views every few seconds, adds up in memory, and writes each minute once it is over:
one `bulk_write` for the apps that were awake. Of apps that sleep nothing is written; they slept for as long as somebody watched
and did not see them awake. A worker that dies takes at most a minute with it, of awake and watched alike, so shares stay true.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from cluster.base import Cluster, Unavailable
from control.domain.clock import Clock
from control.domain.counters import PLATFORM, SECONDS, By, Counts, start_of
from control.lifecycle.views import ClusterViews
from control.store import Store
from control.workers.retrying import through_outages

LOOK_SECONDS = 5.0
# A process that was stopped for longer than this has seen nothing of that time.
MOST_SECONDS = 30.0


class AwakeWorker:
    """`run` is one task; it acts while `leads` says that this process is the one to."""

    def __init__(
        self, store: Store, cluster: Cluster, views: ClusterViews, leads: Callable[[], bool], clock: Clock
    ) -> None:
        self._store = store
        self._cluster = cluster
        self._views = views
        self._leads = leads
        self._clock = clock
        self._counts: By = {}
        self._looked: datetime | None = None
        self._connected: bool | None = None

    async def run(self) -> None:
        """Looks for ever."""
        await through_outages("awake", self._turn)

    async def _turn(self) -> None:
        await asyncio.sleep(LOOK_SECONDS)
        await self.look()

    async def look(self) -> None:
        """Counts the time since the last look, and writes the minutes that are over. Raises StoreUnavailable."""
        now = self._clock()
        before, self._looked = self._looked, now
        if not self._leads():
            self._looked, self._connected = None, None
        elif await self._in_view() and before is not None:
            seconds = (now - before).total_seconds()
            if 0 < seconds <= MOST_SECONDS:
                await self._count(before, seconds)
        await self._write_before(start_of(now, SECONDS["minute"]), now)

    async def _in_view(self) -> bool:
        """Whether the views are true now; tells when that changed."""
        before, self._connected = self._connected, self._views.connected
        if before is not None and before is not self._connected:
            await self._store.events.add("node_back" if self._connected else "node_away")
        return self._connected

    async def _count(self, since: datetime, seconds: float) -> None:
        """A look's time counts in the minute in which it began, so a minute's sum is off by one look at most."""
        minute = start_of(since, SECONDS["minute"])
        awake = [view.app for view in self._views.all.values() if view.replicas]
        for app in awake:
            self._of(app, minute).awake_s += seconds
        own = self._of(PLATFORM, minute)
        own.watched_s += seconds
        if awake and (megabytes := await self._memory_mb()) > 0:
            own.memory_s += megabytes * seconds
            own.measured_s += len(awake) * seconds

    async def _memory_mb(self) -> float:
        """What all instances take together, 0 when it is not known now."""
        try:
            return (await self._cluster.stats()).memory_mb
        except Unavailable:
            return 0.0

    def _of(self, app: str, minute: datetime) -> Counts:
        return self._counts.setdefault((app, minute), Counts(ms={}, cold_ms={}, wake_ms={}))

    async def _write_before(self, minute: datetime, now: datetime) -> None:
        over = {key: counts for key, counts in self._counts.items() if key[1] < minute}
        if over:
            # Taken out first: what fails half-way is left uncounted, rather than counted twice.
            for key in over:
                del self._counts[key]
            await self._store.metrics.add(over, now)
