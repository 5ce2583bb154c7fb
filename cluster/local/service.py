"""An app's own address: one listening socket that the node keeps as long as the app exists, whoever answers on it.

Every instance gets a copy of it with its fork and accepts on it from `ready` to SIGTERM, so the address is the same awake and
asleep and from version to version, and nobody is ever refused: who comes while no instance accepts waits in the socket's
queue. While the app has no instance the node looks at that queue; somebody in it wakes the app.

    ignoring    an instance serves or starts: it accepts, the node does not look
    watching    nobody serves: that somebody waits is told to the app, which wakes
    refusing    the app rests from failing again and again: who waits is accepted and closed, so that the door hears of it

The port is remembered on disk and taken again by the next node. An instance that outlived its node holds the socket still; a
copy is fetched back from it. Where the system forbids that, the port is bound the moment the instance has let go of it.
"""

import asyncio
import os
import select
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog

from cluster.local.process import Process

log = structlog.get_logger(__name__)

HOST = "127.0.0.1"
BACKLOG = 2048
DESCRIPTOR = 3
"""The number of the socket in each instance."""
SETTLE_SECONDS = 0.02
"""What an instance that was told to end gets to take those that came before it heard of it."""
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 3.0
"""For so long the port of an earlier node is waited for before another is taken."""
STEADY_SECONDS = 10.0
"""An instance that lived this long after its start ended a row of failures."""
FIRST_REST, LONGEST_REST = 1.0, 30.0

Holders = Callable[[], Iterable[Process]]


class Service:
    """`port`: of an earlier node, null where there was none; `remember` is given a new one to write down.

    `holders`: processes that may hold the socket, or use it still. `knocked`: somebody waits while the app sleeps.
    """

    def __init__(
        self, port: int | None, *, remember: Callable[[int], None], holders: Holders, knocked: Callable[[], None]
    ) -> None:
        self._port = port
        self._remember = remember
        self._holders = holders
        self._knocked = knocked
        self._sock: socket.socket | None = None
        self._closed = False
        self._refusing = False
        self._watched = False
        self._timer: asyncio.TimerHandle | None = None
        self._failures = 0
        self._rests_until = 0.0
        self._waits_until = 0.0

    @property
    def address(self) -> str | None:
        """`host:port`; null before there was a socket."""
        return None if self._port is None else f"{HOST}:{self._port}"

    async def listener(self) -> socket.socket:
        """The socket, for an instance that starts now. Raises OSError where there is none to be had."""
        while not self.open() and not self._closed and self._patience() > 0:  # noqa: ASYNC110 - a port tells nobody
            await asyncio.sleep(LOOK_SECONDS)
        if self._sock is None:
            self._open_anew()
        if self._sock is None:
            raise OSError("there is no free port for its address")
        return self._sock

    def open(self) -> bool:
        """Have the socket: on the port of before, on a new one where that is somebody else's for good. False: not yet.

        For a while somebody else may be an instance whose fork the node before us did not live to write down: it finds
        its ticket void and ends. One that we have taken over keeps the port for as long as it lives.
        """
        if self._closed:
            return False
        if self._sock is None and self._port is not None:
            self._sock = self._again(self._port)
        if (
            self._sock is None
            and (self._port is None or self._patience() <= 0)
            and not any(True for _ in self._holders())
        ):
            self._open_anew()
        return self._sock is not None

    def _patience(self) -> float:
        """Seconds for which the port of before is still waited for."""
        now = asyncio.get_running_loop().time()
        self._waits_until = self._waits_until or now + PATIENCE_SECONDS
        return self._waits_until - now

    def ignore(self) -> None:
        """An instance serves or starts: do not look."""
        self._unwatch()

    def watch(self) -> None:
        """Nobody serves: call `knocked` once, as soon as somebody waits; refuse them while the app rests."""
        self._unwatch()
        if self._closed:
            return
        if not self.open():
            self._set_timer(LOOK_SECONDS, self.watch)
            return
        assert self._sock is not None
        loop = asyncio.get_running_loop()
        rest = self._rests_until - loop.time()
        self._refusing, self._watched = rest > 0, True
        loop.add_reader(self._sock, self._readable)
        if self._refusing:
            self._set_timer(rest, self.watch)

    def failed(self, *, ready: bool, lived: float) -> None:
        """An instance did not become ready, or died `lived` seconds after its launch: rest after the second in a row.

        Those who wait for an app that does not start are turned away; those of one that died may have better luck.
        """
        self._failures = 1 if ready and lived >= STEADY_SECONDS else self._failures + 1
        if self._failures > 1:
            rest = min(FIRST_REST * 2.0 ** min(self._failures - 2, 10), LONGEST_REST)
            self._rests_until = asyncio.get_running_loop().time() + rest
        if not ready:
            self.turn_away()

    def forgive(self) -> None:
        """Another version is live: what the old one failed at does not count."""
        self._failures, self._rests_until = 0, 0.0

    def turn_away(self) -> None:
        """Close on whoever waits now."""
        with suppress(OSError):
            for _ in range(BACKLOG):
                if self._sock is None:
                    return
                self._sock.accept()[0].close()

    def close(self) -> None:
        """The app is gone, or the node: whoever waits is refused."""
        self._unwatch()
        self._closed = True
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def _unwatch(self) -> None:
        self._set_timer(None, self.watch)
        if self._watched and self._sock is not None:
            asyncio.get_running_loop().remove_reader(self._sock)
        self._watched = False

    def _readable(self) -> None:
        if self._refusing:
            self.turn_away()
            return
        self._unwatch()
        # An instance that is on its way out may be about to accept this one: its SIGTERM has only just been sent.
        if any(True for _ in self._holders()):
            self._set_timer(SETTLE_SECONDS, self._knock)
        else:
            self._knock()

    def _knock(self) -> None:
        if self._sock is not None and _is_readable(self._sock):
            self._knocked()
        else:
            self.watch()

    def _again(self, port: int) -> socket.socket | None:
        """The socket on the port of before: bound once more, or fetched back from an instance that has it."""
        try:
            return _bind(port)
        except OSError:
            copies = (process.fetch(DESCRIPTOR) for process in self._holders())
            socks = (_listening(copy, port) for copy in copies if copy is not None)
            return next((sock for sock in socks if sock is not None), None)

    def _open_anew(self) -> None:
        if self._closed:
            return
        try:
            self._sock = _bind(0)
        except OSError as error:
            log.error("no port for an app's address", error=str(error))
            return
        self._port = self._sock.getsockname()[1]
        self._remember(self._port)

    def _set_timer(self, seconds: float | None, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, then)


def _bind(port: int) -> socket.socket:
    sock = socket.create_server((HOST, port), backlog=BACKLOG)
    sock.setblocking(False)
    return sock


def _listening(descriptor: int, port: int) -> socket.socket | None:
    """The socket behind a descriptor, if it is the one that listens on `port`; else the descriptor is closed."""
    try:
        sock = socket.socket(fileno=descriptor)
    except OSError:
        os.close(descriptor)
        return None
    with suppress(OSError):
        if sock.getsockname() == (HOST, port) and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            sock.setblocking(False)
            return sock
    sock.close()
    return None


def _is_readable(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
