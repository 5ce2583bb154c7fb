"""Frames of the check-in connection: a 4-byte big-endian length and that many bytes of JSON, an object with `type`.

A type that is not known is passed over, and so are fields: a newer runner may say more than we understand.
"""

import struct
from typing import Any, get_args

import msgspec

from cluster.base import Failure

MAX_FRAME = 1 << 20
_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """What came is not a frame, or none that is known."""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first frame of a connection. `port`: where the runner listens; `serving`: it came back; `pooled`: it may be any app."""

    protocol: int
    ticket: str
    instance: str
    port: int
    serving: bool = False
    pooled: bool = False
    phases: dict[str, float] = {}


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The runner serves. `phases`: milliseconds of each phase of its start; `modules`: of its dearest imports.

    `start`: what its process was made from, null when it does not say.
    """

    phases: dict[str, float] = {}
    modules: list[tuple[str, float]] = []
    start: str | None = None


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The runner will exit. `phases`: those that it came through."""

    failure: Failure
    phases: dict[str, float] = {}


class FirstByte(msgspec.Struct, frozen=True, tag="first_byte"):
    """The first answer has begun, `ms` after the runner was ready; told once."""

    ms: float


class Activity(msgspec.Struct, frozen=True, tag="activity"):
    """Answer of `ask`. `idle_seconds`: since the last request ended, 0 while one is in flight."""

    id: int
    in_flight: int
    idle_seconds: float
    served: int = 0


class _Any(msgspec.Struct, frozen=True):
    type: str


Frame = Hello | Ready | Failed | FirstByte | Activity
_KNOWN = frozenset(kind.__struct_config__.tag for kind in get_args(Frame))
_decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_any_decoder = msgspec.json.Decoder(_Any)


def encode(message: dict[str, Any]) -> bytes:
    """One frame."""
    body = msgspec.json.encode(message)
    return _LENGTH.pack(len(body)) + body


class Splitter:
    """Cuts a stream of bytes into frames, however they arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Frames that are complete now. Raises FrameError."""
        self._buffer += data
        frames: list[Frame] = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_FRAME:
                raise FrameError(f"a frame of {length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            if (frame := _decode(body)) is not None:
                frames.append(frame)
        return frames


def _decode(body: bytes) -> Frame | None:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if _is_unknown(body):
            return None
        raise FrameError(str(error)) from None


def _is_unknown(body: bytes) -> bool:
    try:
        return _any_decoder.decode(body).type not in _KNOWN
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
