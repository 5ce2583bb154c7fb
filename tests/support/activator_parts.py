"""The wake decision with what it decides by, for unit tests: a cluster in memory and a clock that a test moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from activator.answers import Answer
from activator.directory import Directory
from activator.metrics import Metrics
from activator.request import Waiting, waiting
from activator.rooms import Rooms
from activator.settings import Settings
from activator.wake import Wake
from activator.wakers import Wakers
from cluster.base import AppView, Failure
from tests.support.activator_cluster import MemoryCluster, view

SETTINGS = Settings(1, 2, 3, "t", hold_seconds=5, page_after_seconds=0.01, stale_seconds=0.05)
BROKEN = Failure("import_failed", "no <moon>", file="app.py", line=3, traceback="Traceback: secret")


class Parts:
    """The decision and what it decides by. `clock` is what it takes for the time."""

    def __init__(self, cluster: MemoryCluster, tasks: asyncio.TaskGroup, settings: Settings) -> None:
        self.clock = 100.0
        self.cluster = cluster
        self.directory = Directory(cluster)
        self.rooms = Rooms(settings.room_size, settings.rooms_size, settings.client_room_size)
        metrics = Metrics()
        self.wakers = Wakers(
            cluster,
            self.directory,
            self.rooms,
            metrics,
            tasks,
            going_to_sleep=lambda _: False,
            now=lambda: self.clock,
        )
        self.wake = Wake(
            self.directory, self.rooms, self.wakers, settings=settings, metrics=metrics, now=lambda: self.clock
        )

    def ask(self, **headers: str) -> asyncio.Task[Answer]:
        """A request for the app `a`; its answer, sooner or later."""
        request = call(**headers)
        answer = self.wake.at_once(request)

        async def told() -> Answer:
            return answer if answer is not None else await self.wake.hold(request)

        return asyncio.create_task(told())

    async def until_asked(self, verb: str, times: int = 1) -> None:
        """Wait until the cluster was asked for `verb` that often."""
        async with asyncio.timeout(5):
            while self.cluster.asked.count(verb) < times:
                await asyncio.sleep(0)

    async def fail(self, answer: asyncio.Task[Answer], times: int) -> Answer:
        """Let the wake that `answer` waits for fail; `times`: how many that makes."""
        await self.until_asked("scale a 1", times)
        await settled()
        self.directory.apply(view("a", replicas=1))
        self.directory.apply(view("a", failure=BROKEN))
        return await answer


async def settled() -> None:
    """Let every task that can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


def call(**headers: str) -> Waiting:
    """A wake call; keywords are its headers."""
    given = {"x-forwarded-host": "a.localhost", "x-forwarded-method": "GET", "x-forwarded-uri": "/"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return waiting({name.encode(): value.encode() for name, value in given.items()})


@asynccontextmanager
async def parts(*views: AppView, settings: Settings = SETTINGS) -> AsyncIterator[Parts]:
    async with asyncio.TaskGroup() as tasks:
        made = Parts(MemoryCluster(*views), tasks, settings)
        made.directory.synced.set()
        for one in views:
            made.directory.apply(one)
        yield made


def header(answer: Answer, name: str) -> str | None:
    return dict(answer.headers).get(name)
