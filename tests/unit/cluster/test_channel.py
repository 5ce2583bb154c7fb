"""Lines and descriptors on their way to a zygote: all of them, in order, whatever the socket takes at a time."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.local.channel import Channel


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The channel's end, and the other one with as little room as the system allows."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    theirs.setblocking(False)
    yield ours, theirs
    ours.close()
    theirs.close()


def _open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _pipe_with(text: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, text)
    os.close(writing)
    return reading


async def _receive(sock: socket.socket, lines: int) -> tuple[list[bytes], list[int]]:
    data, descriptors = b"", []
    async with asyncio.timeout(10):
        while data.count(b"\n") < lines:
            try:
                some, came, _, _ = socket.recv_fds(sock, 65536, 16)
            except BlockingIOError:
                await asyncio.sleep(0)
                continue
            data += some
            descriptors += came
    return data.splitlines(), descriptors


async def test_descriptors_keep_the_order_of_their_lines_through_a_full_socket(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    channel = Channel(ours)
    sent = [b"%d:" % number + b"x" * (number % 7 * 1500) for number in range(60)]
    for number, line in enumerate(sent):
        given = [_pipe_with(b"%d" % number)] if number % 3 else []
        channel.send(line, given)
        for descriptor in given:
            os.close(descriptor)  # the channel must have made itself a copy
    lines, descriptors = await _receive(theirs, len(sent))
    try:
        assert lines == sent
        assert [int(os.read(descriptor, 9)) for descriptor in descriptors] == [n for n in range(60) if n % 3]
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    channel.close()


async def test_what_was_not_sent_is_closed_with_the_channel(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    channel = Channel(ours)
    before = _open_descriptors()
    given = _pipe_with(b"x")
    for _ in range(200):
        channel.send(b"y" * 5000, [given])
    assert _open_descriptors() > before + 100
    channel.close()
    os.close(given)
    # The channel's own end is closed too, and what was sent lies in the socket, where it has no number.
    assert _open_descriptors() == before - 1


async def test_lines_come_whole_and_nothing_at_the_end(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    channel = Channel(ours)
    theirs.sendall(b"one\ntw")
    assert await channel.readline() == b"one"
    theirs.sendall(b"o\nhalf")
    assert await channel.readline() == b"two"
    theirs.close()
    assert await channel.readline() == b""
    channel.send(b"to nobody")  # raises nothing
    channel.close()
