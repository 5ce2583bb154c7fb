"""Who watches, and what each has not been told yet.

A watcher that is slow is told each app's latest view, not every step to it: its backlog holds one event an app at most, so
nobody can make our memory grow. Events are levels, not edges, and a view is complete.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from cluster.base import AppGone, AppView, Synced, WatchEvent

_SYNCED = ""  # no app has an empty id


class _Backlog:
    def __init__(self, views: Iterable[AppView]) -> None:
        self.events: dict[str, WatchEvent] = {view.app: view for view in views}
        self.events[_SYNCED] = Synced()
        self.filled = asyncio.Event()
        self.error: Exception | None = None

    def put(self, app: str, event: WatchEvent) -> None:
        self.events[app] = event
        self.filled.set()


class Watchers:
    """Everyone who follows the apps."""

    def __init__(self) -> None:
        self._backlogs: set[_Backlog] = set()

    def publish(self, event: AppView | AppGone) -> None:
        """Tell every watcher; never waits."""
        for backlog in self._backlogs:
            backlog.put(event.app, event)

    def cut(self, error: Exception) -> None:
        """End every watch with `error`, once what is known so far was told."""
        for backlog in self._backlogs:
            backlog.error = error
            backlog.filled.set()

    async def follow(self, views: Iterable[AppView]) -> AsyncGenerator[WatchEvent, None]:
        """`views`, then Synced, then what is published from now on, until it is cut."""
        backlog = _Backlog(views)
        self._backlogs.add(backlog)
        try:
            while True:
                while backlog.events:
                    yield backlog.events.pop(next(iter(backlog.events)))
                if backlog.error is not None:
                    raise backlog.error
                backlog.filled.clear()
                await backlog.filled.wait()
        finally:
            self._backlogs.discard(backlog)
