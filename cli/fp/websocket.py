"""A WebSocket that is only read: the part of RFC 6455 that following a log needs, on a blocking socket.

Text messages come out, pings are answered, anything else ends it. There is no reconnecting here and no proxy: whoever calls
knows what to ask for the next time, and how to do without.
"""

import base64
import hashlib
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import urlsplit

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
MAX_BYTES = 16 * 1024 * 1024
_MAX_HEADERS = 100


class SocketBroken(Exception):
    """The connection could not be had, or it ended."""


@contextmanager
def messages(url: str, headers: Mapping[str, str], silence_seconds: float) -> Iterator[Iterator[bytes]]:
    """Open `url` (http or https) and give its text messages until it is closed.

    Raises SocketBroken when it cannot be opened, breaks, or is silent for too long.
    """
    try:
        with _connected(url, silence_seconds) as connection, connection.makefile("rb") as stream:
            _shake_hands(connection, stream, url, headers)
            yield _read(connection, stream)
    except OSError as error:
        raise SocketBroken(str(error)) from error


def _connected(url: str, seconds: float) -> socket.socket:
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    plain = socket.create_connection((host, parts.port or (443 if secure else 80)), seconds)
    if not secure:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _shake_hands(connection: socket.socket, stream: BinaryIO, url: str, headers: Mapping[str, str]) -> None:
    parts = urlsplit(url)
    key = base64.b64encode(os.urandom(16)).decode()
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    asked = {
        "Host": parts.netloc.rpartition("@")[2],
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key,
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
    connection.sendall(f"GET {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1"))
    status = stream.readline(8192)
    told = {}
    for _ in range(_MAX_HEADERS):
        name, colon, value = stream.readline(8192).decode("latin-1").partition(":")
        if not colon:
            break
        told[name.strip().lower()] = value.strip()
    expected = base64.b64encode(hashlib.sha1((key + _MAGIC).encode(), usedforsecurity=False).digest()).decode()
    if status.split(b" ")[1:2] != [b"101"] or told.get("sec-websocket-accept") != expected:
        raise SocketBroken(f"no WebSocket: {status.decode('latin-1').strip()}")


def _read(connection: socket.socket, stream: BinaryIO) -> Iterator[bytes]:
    whole = b""
    while True:
        final, kind, payload = _frame(stream)
        if kind == _PING:
            _send(connection, _PONG, payload)
        elif kind in {0, _TEXT}:
            whole += payload
            if len(whole) > MAX_BYTES:
                raise SocketBroken("a message is too large")
            if final:
                yield whole
                whole = b""
        elif kind == _CLOSE:
            _send(connection, _CLOSE, payload[:2])
            raise SocketBroken("it was closed")


def _frame(stream: BinaryIO) -> tuple[bool, int, bytes]:
    first, length = _exactly(stream, 2)
    if length in {126, 127}:
        length = int.from_bytes(_exactly(stream, 2 if length == 126 else 8), "big")
    if length > MAX_BYTES:
        raise SocketBroken("a frame is too large")
    return bool(first & 0x80), first & 0x0F, _exactly(stream, length)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise SocketBroken("the connection was lost")
    return data


def _send(connection: socket.socket, kind: int, payload: bytes) -> None:
    """A short frame, masked as those of clients must be."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload[:125]))
    connection.sendall(bytes([0x80 | kind, 0x80 | len(masked)]) + mask + masked)
