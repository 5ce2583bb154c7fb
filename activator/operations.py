"""What control asks of one app: wake it, put it to sleep, is it reachable. Each answers once it is so."""

import asyncio
from contextlib import suppress

from activator.answers import RETRY_SOON, Answer, json_answer, problem
from activator.directory import Directory, awake
from activator.doorbell import Doorbell
from activator.rooms import Awake, Blocked, Failed, Gone, Outcome, RoomFull, Rooms
from activator.sleeper import Sleeper
from activator.wake_notes import API
from activator.wakers import Wakers
from cluster.base import AppView, Unavailable, UnknownApp

NO_APP = problem(404, "not_found", "No such app", "The cluster does not know it.")
NOT_YET = problem(
    503, "unavailable", "Not now", "The app or the cluster does not answer. Try again.", headers=(RETRY_SOON,)
)
BLOCKED = problem(409, "conflict", "It may not run", "The app is paused or used up its limit.")
RUNNING = json_answer(200, {"status": "running"})
ROUTED = json_answer(200, {"status": "routed"})
ROUTE_SECONDS = 5.0
"""Traefik takes some tens of milliseconds to read a new route, and seconds where there are thousands."""
NEWS_SECONDS = 1.0
"""A deploy may be over before the cluster's news of the app is here; so long an unknown app may still appear."""


class Operations:
    """`hold_seconds`: how long a wake may take. `doorbell`: where the data plane has routes of its own for apps."""

    def __init__(
        self,
        directory: Directory,
        rooms: Rooms,
        wakers: Wakers,
        sleeper: Sleeper,
        doorbell: Doorbell | None,
        *,
        hold_seconds: float,
    ) -> None:
        self._directory = directory
        self._rooms = rooms
        self._wakers = wakers
        self._sleeper = sleeper
        self._doorbell = doorbell
        self._hold_seconds = hold_seconds

    async def sleep(self, app: str) -> Answer:
        """Asleep, whoever uses it; what is in flight ends first."""
        await self._known(app)
        try:
            if not await self._sleeper.force(app):
                return problem(503, "unavailable", "Still stopping", "Requests in flight do not end.")
        except UnknownApp:
            return NO_APP
        except Unavailable:
            return NOT_YET
        return json_answer(200, {"status": "sleeping"})

    async def wake(self, app: str) -> Answer:
        """Awake, or why not."""
        view = await self._known(app)
        if view is None:
            return NO_APP if self._directory.synced.is_set() else NOT_YET
        if awake(view):
            return RUNNING
        try:
            with self._rooms.admit(None):
                return _told(await self._outcome(app))
        except RoomFull:
            return NOT_YET

    async def _outcome(self, app: str) -> Outcome | None:
        place = self._rooms.enter(app)
        try:
            self._wakers.start(app, API)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._hold_seconds):
                    return await place
            return None
        finally:
            self._rooms.leave(app, place)

    async def route(self, app: str) -> Answer:
        """Whether the door leads visitors to the app; waits for it where the app is new."""
        view = await self._known(app)
        if view is None:
            return NO_APP
        if self._doorbell is None or not view.hosts:
            return ROUTED
        return ROUTED if await self._doorbell.routed(app, ROUTE_SECONDS) else NOT_YET

    async def _known(self, app: str) -> AppView | None:
        await self._directory.until(app, lambda view: view is not None, NEWS_SECONDS)
        return self._directory.get(app)


def _told(outcome: Outcome | None) -> Answer:
    match outcome:
        case None:
            return NOT_YET
        case Awake():
            return RUNNING
        case Gone():
            return NO_APP
        case Blocked():
            return BLOCKED
        case Failed(failure):
            # All of it: control shows it to the app's owner.
            return json_answer(502, {"failure": failure})
