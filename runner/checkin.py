"""The first talk with the activator: say hello, receive the bundle; and say why it came to nothing, if it does.

This part is blocking on purpose. Until the user's code is imported the process has nothing else to do, and no event loop
yet. The connection is kept: `link.py` takes it over once the app serves.
"""

import contextlib
import math
import socket
import time

from . import wire
from .settings import Settings

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.5
CONNECT_SECONDS = 5.0
FAREWELL_SECONDS = 0.5


class Refused(Exception):
    """The activator does not know our ticket; the process must end."""


class NobodyThere(Exception):
    """The activator could not be reached before the start deadline."""


def hello(
    settings: Settings, port: int, *, serving: bool, phases: dict[str, float], pooled: bool = False
) -> wire.Message:
    """The frame that opens every connection. `port`: where we listen; `phases`: milliseconds so far, rounded."""
    return {
        "type": "hello",
        "protocol": 1,
        "ticket": settings.ticket,
        "instance": settings.instance,
        "port": port,
        "serving": serving,
        "phases": phases,
        "pooled": pooled,
    }


def check_in(settings: Settings, greeting: wire.Message, deadline: float) -> tuple[socket.socket, wire.Message]:
    """Connect, greet, and return the connection with the `bundle` frame. Tries again until `deadline` (monotonic,
    infinite for a runner that waits to be anybody's).

    Raises Refused, or NobodyThere.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return _attempt(settings, greeting, deadline)
        except (OSError, wire.WireError) as error:
            if time.monotonic() + pause >= deadline:
                raise NobodyThere(f"no bundle from {settings.checkin[0]}:{settings.checkin[1]}: {error}") from error
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def tell_failure(sock: socket.socket, settings: Settings, greeting: wire.Message, failure: dict[str, object]) -> None:
    """Send `failed` on `sock`, or on a new connection when that one is gone; waits until it is read, 0.5 s at most."""
    frame = wire.encode({"type": "failed", "failure": failure, "phases": greeting["phases"]})
    try:
        sock.setblocking(True)
        sock.settimeout(FAREWELL_SECONDS)
        _deliver(sock, frame)
    except OSError:
        with contextlib.suppress(OSError, wire.WireError, Refused):
            again, _ = _attempt(settings, greeting, time.monotonic() + FAREWELL_SECONDS)
            _deliver(again, frame)


def _attempt(settings: Settings, greeting: wire.Message, deadline: float) -> tuple[socket.socket, wire.Message]:
    timeout = max(deadline - time.monotonic(), 0.001)
    sock = socket.create_connection(settings.checkin, timeout=min(timeout, CONNECT_SECONDS))
    try:
        sock.settimeout(None if timeout == math.inf else timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(sock)
        sock.sendall(wire.encode(greeting))
        answer = wire.read(sock)
        if answer["type"] == "refused":
            raise Refused(str(answer.get("reason", "no reason given")))
        if answer["type"] != "bundle":
            raise wire.WireError(f"{answer['type']} where a bundle was expected")
    except BaseException:
        sock.close()
        raise
    return sock, answer


def _keep_alive(sock: socket.socket) -> None:
    """Who waits for hours must notice that the other side's machine is gone."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _deliver(sock: socket.socket, frame: bytes) -> None:
    sock.sendall(frame)
    # Closing with unread bytes of theirs in our buffer would reset the connection under the frame: read to the end.
    sock.shutdown(socket.SHUT_WR)
    ends = time.monotonic() + FAREWELL_SECONDS
    with contextlib.suppress(TimeoutError):
        while time.monotonic() < ends and sock.recv(65536):
            pass
    sock.close()
