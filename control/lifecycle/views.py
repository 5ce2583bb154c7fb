"""What is, kept in memory: the newest AppView of every app, by following `cluster.watch()` for ever.

When the watch is cut it begins again, and what the new one does not tell is gone. Until the new one has told everything
the old views stay, because an answer that is a second old is better than none; `connected` says which it is.
"""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType

import structlog

from cluster.base import AppGone, AppView, Cluster, Synced, Unavailable, WatchEvent
from control.lifecycle.signals import Backoff

log = structlog.get_logger("control.views")


class ClusterViews:
    """Run `run` as a task of its own; everything else answers from memory, at once."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._views: dict[str, AppView] = {}
        self._listing: dict[str, AppView] | None = None
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._synced = asyncio.Event()
        self._on_sync: list[Callable[[], None]] = []
        self._away = False

    @property
    def connected(self) -> bool:
        """Whether the views are complete and current now."""
        return self._synced.is_set()

    @property
    def all(self) -> Mapping[str, AppView]:
        """Every app's view, by app id; live, read-only."""
        return MappingProxyType(self._views)

    def get(self, app: str) -> AppView | None:
        """The app's view, null when the cluster does not know the app."""
        return self._views.get(app)

    def on_sync(self, call: Callable[[], None]) -> None:
        """Has `call` called each time the views are complete again."""
        self._on_sync.append(call)

    async def synced(self) -> None:
        """Returns once the views are complete and current."""
        await self._synced.wait()

    async def changed(self, app: str) -> AppView | None:
        """Waits for the app's next change; answers its view then, null when it is gone."""
        future = self._waiting.get(app)
        if future is None:
            future = self._waiting[app] = asyncio.get_running_loop().create_future()
        await asyncio.shield(future)
        return self.get(app)

    async def until(self, app: str, holds: Callable[[AppView | None], bool]) -> AppView | None:
        """Waits until `holds` is true of the app's view; answers that view. Bound it with `asyncio.timeout`."""
        view = self.get(app)
        while not holds(view):
            view = await self.changed(app)
        return view

    async def run(self) -> None:
        """Follows the cluster for ever, whatever happens to it."""
        backoff = Backoff(0.1, 2.0)
        while True:
            try:
                await self._follow(backoff)
            except Unavailable as error:
                self._lost(str(error))
            await backoff.wait()

    async def _follow(self, backoff: Backoff) -> None:
        self._listing = {}
        async for event in self._cluster.watch():
            self._take(event)
            if isinstance(event, Synced):
                backoff.reset()
        self._lost("the watch ended")

    def _lost(self, reason: str) -> None:
        if not self._away:
            log.warning("the cluster is out of view, trying again", reason=reason)
        self._away = True
        self._synced.clear()

    def _take(self, event: WatchEvent) -> None:
        match event:
            case Synced():
                self._complete()
            case AppGone(app=app):
                self._views.pop(app, None)
                if self._listing is not None:
                    self._listing.pop(app, None)
                self._tell(app)
            case AppView(app=app):
                self._views[app] = event
                if self._listing is not None:
                    self._listing[app] = event
                self._tell(app)

    def _complete(self) -> None:
        listed, self._listing = self._listing, None
        for app in [app for app in self._views if listed is not None and app not in listed]:
            del self._views[app]
            self._tell(app)
        self._synced.set()
        self._away = False
        log.info("cluster in view", apps=len(self._views))
        for call in self._on_sync:
            call()

    def _tell(self, app: str) -> None:
        future = self._waiting.pop(app, None)
        if future is not None and not future.done():
            future.set_result(None)
