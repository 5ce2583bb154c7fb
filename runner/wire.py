"""Frames between runner and activator: a 4-byte big-endian length, then that many bytes of JSON, an object with `type`."""

import json
import socket
import struct
from typing import Any

HEADER = struct.Struct(">I")
MAX_FRAME = 4 * 1024 * 1024

Message = dict[str, Any]


class WireError(Exception):
    """The other side closed, or sent something that is not a frame."""


def encode(message: Message) -> bytes:
    """One frame."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return HEADER.pack(len(body)) + body


def decode(body: bytes) -> Message:
    """The object in a frame's body. Raises WireError when it is not an object with a `type`."""
    try:
        message = json.loads(body)
    except ValueError as error:
        raise WireError(f"a frame is not JSON: {error}") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise WireError("a frame is not an object with a type")
    return message


def body_length(header: bytes) -> int:
    """Bytes that follow a frame's header. Raises WireError above 4 MB."""
    length: int = HEADER.unpack(header)[0]
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length} bytes is too long")
    return length


def read(sock: socket.socket) -> Message:
    """The next frame of a blocking socket. Raises WireError, or TimeoutError when the socket has a timeout."""
    return decode(_exactly(sock, body_length(_exactly(sock, HEADER.size))))


def _exactly(sock: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = sock.recv(count - len(parts))
        if not part:
            raise WireError("the connection was closed")
        parts += part
    return bytes(parts)
