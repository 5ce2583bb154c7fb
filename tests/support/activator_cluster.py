"""A cluster in memory for the unit tests of the activator: views that a test sets, and the verbs that were asked for.

It starts nothing; what an instance would do, a test says with `show`. The integration tests use the real one.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

from cluster.base import (
    AppView,
    Blocked,
    Bundle,
    Checkpoint,
    ClusterError,
    ClusterStats,
    InstanceReport,
    Synced,
    Unavailable,
    UnknownApp,
    UnknownTicket,
    WatchEvent,
    Workload,
)


def view(app: str = "a", **changes: object) -> AppView:
    """A sleeping app with one host."""
    fields: dict[str, object] = {
        "app": app,
        "name": app,
        "version": "v1",
        "number": 1,
        "digest": "d",
        "hosts": [f"{app}.localhost"],
        "idle_minutes": 15,
        "replicas": 0,
    }
    return AppView(**{**fields, **changes})  # type: ignore[arg-type]


def awake(app: str = "a", port: int = 1000, **changes: object) -> AppView:
    """An awake app."""
    return view(
        app, **{"replicas": 1, "upstream": f"127.0.0.1:{port}", "instance": f"i{port}", "ticket": "t", **changes}
    )


class MemoryCluster:
    """`asked`: the verbs so far, in words. `away`: raise Unavailable. `refuses`: what `scale` raises, if anything.

    `begins`: what `scale` answers.
    """

    def __init__(self, *views: AppView) -> None:
        self.views = {one.app: one for one in views}
        self.asked: list[str] = []
        self.away = False
        self.refuses: ClusterError | None = None
        self.begins = True
        self._events: asyncio.Queue[WatchEvent | ClusterError] = asyncio.Queue()

    def show(self, event: WatchEvent | ClusterError) -> None:
        """Tell the watcher."""
        if isinstance(event, AppView):
            self.views[event.app] = event
        self._events.put_nowait(event)

    async def watch(self) -> AsyncIterator[WatchEvent]:
        self._check("watch")
        for one in self.views.values():
            yield one
        yield Synced()
        while True:
            event = await self._events.get()
            if isinstance(event, ClusterError):
                raise event
            yield event

    async def abandon(self, app: str, version: str) -> None:
        self._check(f"abandon {app} {version}", app)

    async def scale(self, app: str, replicas: Literal[0, 1]) -> bool:
        self._check(f"scale {app} {replicas}", app)
        if self.refuses is not None:
            raise self.refuses
        return self.begins

    async def gate(self, app: str, *, closed: bool) -> None:
        self._check(f"gate {app} {'closed' if closed else 'open'}", app)

    async def bundle(self, ticket: str, instance: str, peer: str = "") -> Bundle:
        self._check(f"bundle {instance}")
        raise UnknownTicket(ticket)

    async def report(self, report: InstanceReport) -> None:
        self._check(f"report {report.instance} {report.phase}")

    async def configure(self, app: str, *, idle_minutes: int, hosts: list[str], blocked: Blocked) -> None:
        self._check(f"configure {app}", app)

    async def delete(self, app: str) -> None:
        self._check(f"delete {app}")

    async def stats(self) -> ClusterStats:
        return ClusterStats(len(self.views), 0, 0.0)

    async def apply(self, workload: Workload) -> AsyncIterator[Checkpoint]:
        self._check(f"apply {workload.app}")
        yield Checkpoint("start", "")

    def _check(self, verb: str, app: str | None = None) -> None:
        self.asked.append(verb)
        if self.away:
            raise Unavailable("away")
        if app is not None and app not in self.views:
            raise UnknownApp(app)
