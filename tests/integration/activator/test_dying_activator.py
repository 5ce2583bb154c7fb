"""The activator dies again and again under load: every post is answered and done once, whatever it was in the middle of.

Clients post numbers to apps that keep books, without a pause; meanwhile the apps are put to sleep, so that there always
are requests held, released and passed. A post that was answered must stand in the ledger once; none may be done twice.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from tests.support.activator_door import Door
from tests.support.ledger_app import Ledger
from tests.support.raw_http import Wire, request

APPS = ("one", "two", "three")
DEATHS = 3


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Door]:
    """A data plane that a test may break."""
    async with Door(tmp_path / "data") as running:
        yield running


class Load:
    """Two clients an app that post one number after the other. `answered`, `failed`: what became of each, by app."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._numbers = count()
        self._stop = asyncio.Event()
        self.answered: dict[str, list[str]] = {app: [] for app in APPS}
        self.failed: list[str] = []

    async def run(self) -> None:
        """Until `stop`."""
        await asyncio.gather(*(self._client(app) for app in APPS for _ in range(2)))

    def stop(self) -> None:
        """No new posts."""
        self._stop.set()

    async def another(self, posts: int) -> None:
        """Wait until that many more were answered."""
        goal = self._total() + posts
        async with asyncio.timeout(30):
            while self._total() < goal:
                await asyncio.sleep(0.01)

    def _total(self) -> int:
        return sum(map(len, self.answered.values()))

    async def _client(self, app: str) -> None:
        wire = await Wire.to(self._door.port)
        while not self._stop.is_set():
            number = str(next(self._numbers))
            answer = await wire.ask(request(f"{app}.localhost", "POST", body=number.encode()))
            if answer.status == 200:
                self.answered[app].append(number)
            else:
                self.failed.append(f"{app} {number}: {answer.status} {answer.body[:200]!r}")
        wire.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_no_post_is_lost_or_done_twice_while_activators_die(
    own: Door, tmp_path: Path, number: signal.Signals
) -> None:
    ledgers = {app: Ledger(tmp_path / app) for app in APPS}
    for app, ledger in ledgers.items():
        (tmp_path / app).mkdir()
        await own.deploy(app, ledger.files)
    load = Load(own)
    running = asyncio.create_task(load.run())
    for death in range(DEATHS):
        await load.another(200)
        await asyncio.gather(*(own.cluster.scale(app, 0) for app in APPS[: death + 1]))
        sleeping = asyncio.create_task(_sleep(own, APPS[-1]))
        await own.kill_activator(number)
        await own.start_activator()
        await sleeping
    await load.another(200)
    load.stop()
    await running
    assert load.failed == []
    for app, ledger in ledgers.items():
        assert sorted(ledger.ids()) == sorted(load.answered[app])


async def _sleep(door: Door, app: str) -> None:
    """Ask for a sleep whose answer may be lost: the one who would give it is about to die."""
    try:
        await door.internal.post(f"/apps/{app}/sleep")
    except Exception as error:  # whatever became of it is what the ledgers tell
        assert "httpx" in type(error).__module__
