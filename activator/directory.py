"""What is, of every app: the cluster's views, kept up to date, and found by host.

The cluster's stream tells levels, not steps, and may be behind: after a runner said that it is ready its address is
announced here at once and holds against older views until the cluster has been told. While the cluster cannot be reached the
last views stay, and awake apps are served from them.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from cluster.base import AppGone, AppView, Cluster, ClusterError, Synced, WatchEvent

RECONNECT_SECONDS = 0.1

log = structlog.get_logger(__name__)

Listener = Callable[[AppView | None, AppView | None], None]
"""Told of a change: the view before and after, null where the app was not, or is not, known."""


def awake(view: AppView) -> bool:
    """The app has an address, its gate is open and it may run: requests may pass."""
    return view.upstream is not None and not view.closed and not view.blocked


class Directory:
    """Apps by id and by host. `synced` is set once the cluster's whole state was told; `connected`: it is being followed."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._views: dict[str, AppView] = {}
        self._hosts: dict[str, str] = {}
        self._announced: dict[str, AppView] = {}
        self._listeners: list[Listener] = []
        self._waiters: dict[str, set[asyncio.Event]] = {}
        self.synced = asyncio.Event()
        self.connected = False

    def listen(self, listener: Listener) -> None:
        """Call `listener` after every change, in the order of registration."""
        self._listeners.append(listener)

    def views(self) -> list[AppView]:
        """All apps."""
        return list(self._views.values())

    def get(self, app: str) -> AppView | None:
        """An app by its id."""
        return self._views.get(app)

    def at(self, host: str) -> AppView | None:
        """The app behind a host, which is lower case without port."""
        app = self._hosts.get(host)
        return None if app is None else self._views.get(app)

    async def follow(self) -> None:
        """Follow the cluster for ever."""
        while True:
            try:
                await self._follow_once()
            except ClusterError as error:
                log.log(30 if self.connected else 10, "the cluster is not being followed", error=str(error))
            self.connected = False
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _follow_once(self) -> None:
        told: set[str] | None = set()
        async for event in self._cluster.watch():
            self.connected = True
            if isinstance(event, Synced):
                for app in self._views.keys() - (told or set()):
                    self.apply(AppGone(app))
                told = None
                self.synced.set()
                log.info("the cluster's state is known", apps=len(self._views))
                continue
            if told is not None:
                told.add(event.app)
            self.apply(event)

    def apply(self, event: WatchEvent) -> None:
        """Take in one event."""
        if isinstance(event, AppView):
            self._replace(event.app, self._with_announced(event))
        elif isinstance(event, AppGone):
            self._announced.pop(event.app, None)
            self._replace(event.app, None)

    def announce(self, app: str, *, version: str, instance: str, ticket: str, address: str) -> bool:
        """A runner says it is ready at `address`. True when the app was waking up as that version: it is awake from now on.

        Call `settle` once the cluster knows as much.
        """
        view = self._views.get(app)
        if view is None or view.version != version or view.replicas != 1 or view.upstream is not None:
            return False
        view = msgspec.structs.replace(
            view, upstream=address, instance=instance, ticket=ticket, closed=False, failure=None
        )
        self._announced[app] = view
        self._replace(app, view)
        return True

    def settle(self, app: str) -> None:
        """From now on what the cluster says of the app counts as it is."""
        self._announced.pop(app, None)

    def _with_announced(self, view: AppView) -> AppView:
        announced = self._announced.get(view.app)
        if announced is None or view.upstream is not None or view.replicas != 1 or view.version != announced.version:
            return view
        return msgspec.structs.replace(
            view, upstream=announced.upstream, instance=announced.instance, ticket=announced.ticket
        )

    def _replace(self, app: str, view: AppView | None) -> None:
        before = self._views.pop(app, None)
        if before is not None:
            for host in before.hosts:
                if self._hosts.get(host) == app:
                    del self._hosts[host]
        if view is not None:
            self._views[app] = view
            self._hosts.update(dict.fromkeys(view.hosts, app))
        for event in self._waiters.get(app, ()):
            event.set()
        for listener in self._listeners:
            listener(before, view)

    async def until(self, app: str, holds: Callable[[AppView | None], bool], seconds: float) -> bool:
        """Wait until `holds` is true of the app's view; false when it is not within `seconds`."""
        changed = asyncio.Event()
        self._waiters.setdefault(app, set()).add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not holds(self._views.get(app)):
                    changed.clear()
                    await changed.wait()
                return True
        except TimeoutError:
            return False
        finally:
            self._waiters[app].discard(changed)
            if not self._waiters[app]:
                del self._waiters[app]
