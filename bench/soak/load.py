"""Visitors of the soaked apps, for as long as the soak lasts, of every kind.

They keep their connections or come anew, send bodies or none, take streams and speak over WebSockets. Every answer is compared
to what was sent. What failed is kept with its times, so that it can be held against the deaths.
"""

import asyncio
import hashlib
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.support.raw_http import Wire, request

PAUSE_SECONDS: Final = 0.02
LARGEST_BODY: Final = 20_000


@dataclass
class Failure:
    """`began` and `ended` by the monotonic clock; `wrong`: an answer came and was not what it had to be."""

    app: str
    kind: str
    began: float
    ended: float
    what: str
    wrong: bool = False


@dataclass
class Load:
    """`answered` counts by kind, `markers` are the answered requests of each app by the number in their query."""

    port: int
    apps: list[str]
    seed: int
    bodies: bool = True
    answered: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    markers: dict[str, list[str]] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is under way ends first."""
        async with asyncio.TaskGroup() as tasks:
            for number, app in enumerate(self.apps):
                dice = random.Random(self.seed * 1000 + number)
                self.markers[app] = []
                for visitor in (self._kept, self._new, self._socket):
                    tasks.create_task(
                        visitor(app, random.Random(dice.random()), stop), name=f"{app} {visitor.__name__}"
                    )

    async def _kept(self, app: str, dice: random.Random, stop: asyncio.Event) -> None:
        """One who keeps the connection, and makes another where it ended."""
        wire: Wire | None = None
        while not stop.is_set():
            began = monotonic()
            try:
                wire = wire or await Wire.to(self.port)
                if not await self._exchange(wire, app, dice, "kept"):
                    wire.close()
                    wire = None
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                self._failed(app, "kept", began, repr(error))
                wire = None
                await asyncio.sleep(0.2)
            await asyncio.sleep(dice.random() * PAUSE_SECONDS)
        if wire is not None:
            wire.close()

    async def _new(self, app: str, dice: random.Random, stop: asyncio.Event) -> None:
        """One who comes anew each time."""
        while not stop.is_set():
            began = monotonic()
            try:
                wire = await Wire.to(self.port)
                await self._exchange(wire, app, dice, "new")
                wire.close()
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                self._failed(app, "new", began, repr(error))
                await asyncio.sleep(0.2)
            await asyncio.sleep(dice.random() * PAUSE_SECONDS * 4)

    async def _exchange(self, wire: Wire, app: str, dice: random.Random, kind: str) -> bool:
        """One request and its answer; whether the connection may be used again."""
        began, marker = monotonic(), f"n={dice.getrandbits(63)}"
        body = os.urandom(dice.randrange(LARGEST_BODY)) if self.bodies and dice.random() < 0.5 else None
        path = "/stream" if dice.random() < 0.1 else "/"
        method = "GET" if body is None else "POST"
        answer = await wire.ask(request(f"{app}.localhost", method, f"{path}?{marker}", body=body))
        wanted = hashlib.sha256(marker.encode() + (body or b"")).hexdigest().encode()
        if answer.status != 200:
            self._failed(app, kind, began, f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        elif answer.body != wanted:
            self._failed(app, kind, began, f"{method} {path}: {answer.body[:200]!r} for {wanted!r}", wrong=True)
        else:
            self.answered[kind] += 1
            self.markers[app].append(marker)
        return answer.headers.get("connection", "") != "close"

    async def _socket(self, app: str, dice: random.Random, stop: asyncio.Event) -> None:
        """One who opens a WebSocket, says three things, and leaves."""
        while not stop.is_set():
            began = monotonic()
            try:
                uri = f"ws://{app}.localhost:{self.port}/"
                async with connect(uri, host="127.0.0.1", port=self.port, open_timeout=40, proxy=None) as socket:
                    for _ in range(3):
                        text = str(dice.getrandbits(32))
                        await socket.send(text)
                        if (told := await socket.recv()) != f"echo {text}":
                            self._failed(app, "websocket", began, f"{told!r} for {text}", wrong=True)
                self.answered["websocket"] += 1
            except (OSError, EOFError, TimeoutError, WebSocketException) as error:
                self._failed(app, "websocket", began, repr(error))
            await asyncio.sleep(0.3 + dice.random())

    def _failed(self, app: str, kind: str, began: float, what: str, *, wrong: bool = False) -> None:
        self.failures.append(Failure(app, kind, began, monotonic(), what, wrong))
