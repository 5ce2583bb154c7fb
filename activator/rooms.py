"""Waiting rooms: where requests wait for their app, bounded, and released together in the order of their arrival.

Whoever waits for anything, be it only for the cluster's state, is admitted first: so many in all, so many a client. Whoever
waits for an app then takes a place in that app's room, of which there are so many.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import msgspec

from cluster.base import Blocked as BlockedWhy
from cluster.base import Failure


class Awake(msgspec.Struct, frozen=True):
    """The app accepts requests at `upstream`."""

    upstream: str


class Failed(msgspec.Struct, frozen=True):
    """The wake failed."""

    failure: Failure


class Blocked(msgspec.Struct, frozen=True):
    """The app was paused, or used up its limit, while they waited."""

    why: BlockedWhy


class Gone(msgspec.Struct, frozen=True):
    """The app was deleted while they waited."""


Outcome = Awake | Failed | Blocked | Gone
Listener = Callable[[str, Outcome, int], None]
"""Told of a release: the app, the outcome, and how many waited for it."""


class RoomFull(Exception):
    """No more requests may wait, for this app or at all."""


class ClientFull(Exception):
    """No more requests of this client may wait."""


class Rooms:
    """One room an app that somebody waits for. How many may wait: `room_size` for one app, `rooms_size` in all, and
    `client_size` of one client's.
    """

    def __init__(self, room_size: int, rooms_size: int, client_size: int) -> None:
        self._room_size = room_size
        self._rooms_size = rooms_size
        self._client_size = client_size
        self._rooms: dict[str, dict[asyncio.Future[Outcome], None]] = {}
        self._clients: dict[str, int] = {}
        self._size = 0
        self._empty = asyncio.Event()
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` after every release, also of a room where nobody waited."""
        self._listeners.append(listener)

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

    @contextlib.contextmanager
    def admit(self, client: str | None) -> Iterator[None]:
        """Count one more request that waits, until the block is left; without a client it is one of our own.

        Raises RoomFull and ClientFull.
        """
        if self._size >= self._rooms_size:
            raise RoomFull
        if client is not None:
            if self._clients.get(client, 0) >= self._client_size:
                raise ClientFull
            self._clients[client] = self._clients.get(client, 0) + 1
        self._size += 1
        try:
            yield
        finally:
            self._size -= 1
            self._empty.set()
            if client is not None:
                self._dismiss(client)

    def _dismiss(self, client: str) -> None:
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def enter(self, app: str) -> asyncio.Future[Outcome]:
        """A place in `app`'s room, which tells what becomes of the wake; give it back to `leave`. Raises RoomFull."""
        if self.waiting(app) >= self._room_size:
            raise RoomFull
        place: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._rooms.setdefault(app, {})[place] = None
        return place

    def release(self, app: str, outcome: Outcome) -> int:
        """Tell all who wait for `app`; answers how many that were."""
        room = self._rooms.pop(app, {})
        for place in room:
            if not place.done():
                place.set_result(outcome)
        for listener in self._listeners:
            listener(app, outcome, len(room))
        return len(room)

    def leave(self, app: str, place: asyncio.Future[Outcome]) -> None:
        """Wait no more; fine as well after the room was released."""
        room = self._rooms.get(app)
        if room is not None and place in room:
            del room[place]
            if not room:
                del self._rooms[app]

    async def emptied(self, seconds: float) -> None:
        """Wait until nobody waits any more, for `seconds` at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._size:
                    self._empty.clear()
                    await self._empty.wait()
