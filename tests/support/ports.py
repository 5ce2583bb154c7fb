"""Ports for the servers that tests start."""

import random
import socket

from fp.local.ports import QUIET

_given: set[int] = set()


def free_port() -> int:
    """A port nobody listens on, that this process was not given before, and that the system gives to no connection."""
    choice = random.SystemRandom()  # a seed that a test sets must not have every process try the same ones
    while True:
        port = choice.choice(QUIET)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
