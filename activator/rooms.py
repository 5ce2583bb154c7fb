"""Waiting rooms: where requests wait for their app, bounded, and released together in the order of their arrival."""

import asyncio
import contextlib

import msgspec

from cluster.base import Failure


class Awake(msgspec.Struct, frozen=True):
    """The app accepts requests at `upstream`."""

    upstream: str


class Failed(msgspec.Struct, frozen=True):
    """The wake failed."""

    failure: Failure


class Gone(msgspec.Struct, frozen=True):
    """The app was deleted while they waited."""


Outcome = Awake | Failed | Gone


class RoomFull(Exception):
    """No more requests may wait, for this app or at all."""


class Rooms:
    """One room an app that somebody waits for. `room_size` and `rooms_size`: how many may wait in one, and in all."""

    def __init__(self, room_size: int, rooms_size: int) -> None:
        self._room_size = room_size
        self._rooms_size = rooms_size
        self._rooms: dict[str, dict[asyncio.Future[Outcome], None]] = {}
        self._size = 0
        self._empty = asyncio.Event()

    @property
    def size(self) -> int:
        """Requests that wait, for whatever app."""
        return self._size

    def waiting(self, app: str) -> int:
        """Requests that wait for `app`."""
        return len(self._rooms.get(app, ()))

    def apps(self) -> list[str]:
        """Apps that are waited for."""
        return list(self._rooms)

    def enter(self, app: str) -> asyncio.Future[Outcome]:
        """A place in `app`'s room, which tells what becomes of the wake; give it back to `leave`. Raises RoomFull."""
        if self._size >= self._rooms_size or self.waiting(app) >= self._room_size:
            raise RoomFull
        place: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._rooms.setdefault(app, {})[place] = None
        self._size += 1
        return place

    async def outcome(self, place: asyncio.Future[Outcome], seconds: float | None) -> Outcome | None:
        """What became of the wake; None when that is not known after `seconds` (None: for ever)."""
        await asyncio.wait({place}, timeout=seconds)
        return place.result() if place.done() else None

    def release(self, app: str, outcome: Outcome) -> int:
        """Tell all who wait for `app`; answers how many that were."""
        room = self._rooms.pop(app, {})
        self._size -= len(room)
        self._empty.set()
        for place in room:
            if not place.done():
                place.set_result(outcome)
        return len(room)

    def leave(self, app: str, place: asyncio.Future[Outcome]) -> None:
        """Wait no more; fine as well after the room was released."""
        room = self._rooms.get(app)
        if room is not None and place in room:
            del room[place]
            self._size -= 1
            if not room:
                del self._rooms[app]
            self._empty.set()

    async def emptied(self, seconds: float) -> None:
        """Wait until nobody waits any more, for `seconds` at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._size:
                    self._empty.clear()
                    await self._empty.wait()
