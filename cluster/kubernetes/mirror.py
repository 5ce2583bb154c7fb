"""What the API server has of our apps, followed: Deployments and pods, and the views that they make.

Each kind is listed once and then watched from there. A watch that ends goes on from the last version that was seen; one that
expired (410) lists anew; so an API server that restarts, a connection that breaks and one that times out cost nothing but the
moment. While it cannot be reached everybody who follows the views is told by Unavailable, and what is known stays.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Generic, TypeVar

import structlog

from cluster.base import AppGone, AppView, Unavailable, WatchEvent
from cluster.kubernetes import names, state
from cluster.kubernetes.api import Api, Expired
from cluster.kubernetes.kinds import Deployment, Pod
from cluster.watchers import Watchers

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 1.0
SYNC_SECONDS = 5.0
SELECTOR = names.ROLE

log = structlog.get_logger(__name__)

T = TypeVar("T", Deployment, Pod)


class Mirror:
    """Follows once `start` was called. `deployments`: by app. `pods`: by app and name; the pool's are under no app ("")."""

    def __init__(self, api: Api, paths: names.Paths) -> None:
        self.deployments: dict[str, Deployment] = {}
        self.pods: dict[str, dict[str, Pod]] = {}
        self._apps_of_pods: dict[str, str] = {}
        self._views: dict[str, AppView] = {}
        self._watchers = Watchers()
        self._listeners: list[Callable[[str], None]] = []
        self._waiters: dict[str, set[asyncio.Event]] = {}
        self._feeds = (
            Feed(api, paths.deployments, Deployment, self.take_deployment),
            Feed(api, paths.pods, Pod, self.take_pod),
        )
        self._tasks: list[asyncio.Task[None]] = []
        for feed in self._feeds:
            feed.cut_off = self._cut_off

    def start(self) -> None:
        """Begin, if that has not been done."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(feed.run(), name=f"follow {feed.path}") for feed in self._feeds]

    async def aclose(self) -> None:
        """Follow no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._watchers.cut(Unavailable("this client is closed"))

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the app's id (empty: the pool) after each change of its objects."""
        self._listeners.append(listener)

    @property
    def current(self) -> bool:
        """Everything has been listed and is being followed."""
        return all(feed.following.is_set() for feed in self._feeds)

    async def synced(self, seconds: float = SYNC_SECONDS) -> None:
        """Wait until it is current. Raises Unavailable."""
        self.start()
        try:
            async with asyncio.timeout(seconds):
                for feed in self._feeds:
                    await feed.following.wait()
        except TimeoutError:
            raise Unavailable("the API server cannot be followed") from None

    def of(self, app: str) -> list[Pod]:
        """An app's pods."""
        return list(self.pods.get(app, {}).values())

    def find(self, instance: str) -> Pod | None:
        """A pod by its name."""
        return self.pods.get(self._apps_of_pods.get(instance, ""), {}).get(instance)

    def view(self, app: str) -> AppView | None:
        """An app's view."""
        return self._views.get(app)

    def views(self) -> list[AppView]:
        """Every app's view."""
        return list(self._views.values())

    async def follow(self) -> AsyncGenerator[WatchEvent, None]:
        """See Cluster.watch."""
        await self.synced()
        async for event in self._watchers.follow(self._views.values()):
            yield event

    @contextmanager
    def changes(self, app: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something of the app changes."""
        changed = asyncio.Event()
        self._waiters.setdefault(app, set()).add(changed)
        try:
            yield changed
        finally:
            self._waiters[app].discard(changed)
            if not self._waiters[app]:
                del self._waiters[app]

    async def until(self, app: str, holds: Callable[[], object], seconds: float) -> bool:
        """Wait until `holds()`, looking after each change of the app's objects; false when it is not within `seconds`."""
        with self.changes(app) as changed:
            try:
                async with asyncio.timeout(seconds):
                    while not holds():
                        changed.clear()
                        await changed.wait()
                return True
            except TimeoutError:
                return False

    def take_deployment(self, deployment: Deployment, gone: bool) -> None:
        """That is how it is now, or was before it was deleted."""
        app = state.app_of(deployment)
        if not app:
            return
        if gone:
            self.deployments.pop(app, None)
        else:
            self.deployments[app] = deployment
        self._changed(app)

    def take_pod(self, pod: Pod, gone: bool) -> None:
        """That is how it is now, or was before it was deleted."""
        name, app = pod.metadata.name, state.app_of(pod)
        before = self._apps_of_pods.get(name)
        if before is not None and (gone or before != app):
            # Taken from the pool, it is an app's now.
            self._forget(before, name)
        if not gone:
            self._apps_of_pods[name] = app
            self.pods.setdefault(app, {})[name] = pod
        for each in {before, app} - {None}:
            self._changed(str(each))

    def _forget(self, app: str, name: str) -> None:
        del self._apps_of_pods[name]
        pods = self.pods.get(app, {})
        pods.pop(name, None)
        if not pods:
            self.pods.pop(app, None)

    def _changed(self, app: str) -> None:
        deployment = self.deployments.get(app)
        view = state.view(deployment, self.of(app)) if deployment is not None else None
        if view != self._views.get(app):
            if view is None:
                del self._views[app]
                self._watchers.publish(AppGone(app))
            else:
                self._views[app] = view
                self._watchers.publish(view)
        for event in self._waiters.get(app, ()):
            event.set()
        for listener in self._listeners:
            listener(app)

    def _cut_off(self, error: Unavailable) -> None:
        self._watchers.cut(error)


class Feed(Generic[T]):
    """One kind of object in one place, listed and then watched. `take(object, gone)` is told of each change."""

    def __init__(self, api: Api, path: str, kind: type[T], take: Callable[[T, bool], None]) -> None:
        self.path = path
        self.following = asyncio.Event()
        self.cut_off: Callable[[Unavailable], None] = lambda error: None
        self._api = api
        self._kind: type[T] = kind
        self._take: Callable[[T, bool], None] = take
        self._known: dict[str, T] = {}
        self._version = ""

    async def run(self) -> None:
        """For ever."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with aclosing(self._follow()) as steps:
                    async for _ in steps:
                        pause = FIRST_PAUSE
            except Expired:
                self._version = ""
            except Unavailable as error:
                if self.following.is_set():
                    log.warning("the API server is away", path=self.path, reason=str(error))
                    self.following.clear()
                    self.cut_off(error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _follow(self) -> AsyncGenerator[None, None]:
        if not self._version:
            items, self._version = await self._api.list(self.path, self._kind, SELECTOR)
            self._replace(items)
        async with aclosing(self._api.watch(self.path, self._kind, SELECTOR, self._version)) as events:
            async for kind, item, version in events:
                self.following.set()
                self._version = version
                if item is not None:
                    self._note(item, gone=kind == "DELETED")
                yield

    def _replace(self, items: list[T]) -> None:
        there = {item.metadata.name for item in items}
        for name in self._known.keys() - there:
            self._note(self._known[name], gone=True)
        for item in items:
            self._note(item, gone=False)

    def _note(self, item: T, *, gone: bool) -> None:
        if gone:
            self._known.pop(item.metadata.name, None)
        else:
            self._known[item.metadata.name] = item
        self._take(item, gone)
