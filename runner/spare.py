"""A fork that a zygote makes ahead of time, which waits for the order that says what it is to be.

To fork costs a zygote 3 ms, most of it for copying page tables; whoever takes a spare does not wait for it. There is one at a
time, made while nobody waits. An order goes to it as one datagram, with its descriptors. It ends when its zygote does.
"""

import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import NoReturn

MAX_DESCRIPTORS = 8
"""That one order may carry."""
MAX_ORDER = 64 * 1024
"""Bytes; whatever is larger is worth a fork of its own."""
PATIENCE_SECONDS = 0.1
"""Until it has said that it has its order, which takes it some 0.1 ms."""
_BEGAN = struct.Struct("d")
CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)

Become = Callable[[bytes, list[int], float], NoReturn]
"""Be what the order asks for: its line, its descriptors, and when it came, on the monotonic clock."""


class Spare:
    """A process that waits. `pid` is its process id; `node` what it must not hold open."""

    def __init__(self, become: Become, node: socket.socket) -> None:
        """Fork it. Raises OSError."""
        self._sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self.pid = os.fork()
            if self.pid == 0:
                self._sock.close()
                node.close()
                _wait(theirs, become)
        except OSError:
            self._sock.close()
            raise
        finally:
            theirs.close()

    def take(self, order: bytes, descriptors: list[int], began: float) -> bool:
        """Give it its order, once; False where it does not have it, and then it ends."""
        try:
            self._sock.settimeout(PATIENCE_SECONDS)
            if len(order) <= MAX_ORDER:
                socket.send_fds(self._sock, [_BEGAN.pack(began) + order], descriptors)
                if self._sock.recv(1):
                    return True
        except OSError:
            pass
        finally:
            self._sock.close()
        # It is nobody's child but ours and not yet waited for, so the pid is still its own.
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return False


def _wait(sock: socket.socket, become: Become) -> NoReturn:
    try:
        data, descriptors, _, _ = socket.recv_fds(sock, _BEGAN.size + MAX_ORDER, MAX_DESCRIPTORS, CLOSE_ON_EXEC)
        if data:
            sock.send(b"!")
        # Its descriptor is closed with all others; the object must not close whatever has its number next.
        sock.detach()
        if data:
            become(data[_BEGAN.size :], descriptors, *_BEGAN.unpack_from(data))
    finally:
        os._exit(0)
