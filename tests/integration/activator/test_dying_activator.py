"""The activator dies again and again under load: every request is answered and done once, whatever it was in the middle of.

Clients tell numbers to apps that keep books, without a pause; meanwhile the apps are put to sleep, so that there always
are requests held, released and passed. A number that was answered must stand in the ledger once; none may be done twice.
They are posted in the data plane `plugin`. Over `routes` they are part of the address: Traefik's own proxy now and then cuts the
answer to a post. And there an activator may be told to stop, not killed: what Traefik was asking it then is lost.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from fp.local.traefik import DataPlane
from tests.support.activator_door import Door
from tests.support.ledger_app import Ledger
from tests.support.raw_http import Wire, request

APPS = ("one", "two", "three")
DEATHS = 3


@pytest.fixture
async def own(tmp_path: Path, plane: DataPlane) -> AsyncIterator[Door]:
    """A data plane that a test may break."""
    async with Door(tmp_path / "data", plane) as running:
        yield running


class Load:
    """Two clients an app that tell one number after the other. `answered`, `failed`: what became of each, by app."""

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
        """No new numbers."""
        self._stop.set()

    async def another(self, numbers: int) -> None:
        """Wait until that many more were answered."""
        goal = self._total() + numbers
        async with asyncio.timeout(30):
            while self._total() < goal:
                await asyncio.sleep(0.01)

    def _total(self) -> int:
        return sum(map(len, self.answered.values()))

    async def _client(self, app: str) -> None:
        wire = await Wire.to(self._door.port)
        while not self._stop.is_set():
            number = str(next(self._numbers))
            answer = await wire.ask(self._request(f"{app}.localhost", number))
            if answer.status == 200:
                self.answered[app].append(number)
            else:
                self.failed.append(f"{app} {number}: {answer.status} {answer.body[:200]!r}")
        wire.close()

    def _request(self, host: str, number: str) -> bytes:
        if self._door.plane == "routes":
            return request(host, path=f"/?{number}")
        return request(host, "POST", body=number.encode())


@pytest.mark.parametrize(
    ("plane", "number"), [("plugin", signal.SIGTERM), ("plugin", signal.SIGKILL), ("routes", signal.SIGTERM)]
)
async def test_nothing_is_lost_or_done_twice_while_activators_die(
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
