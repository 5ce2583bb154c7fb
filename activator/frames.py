"""Frames of the check-in connection: a 4-byte big-endian length and that many bytes of JSON, an object with `type`."""

import struct
from typing import Any

import msgspec

from cluster.base import Failure

MAX_FRAME = 1 << 20
_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """What came is not a frame, or none that is known."""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first frame of a connection. `port`: where the runner listens; `serving`: it came back."""

    protocol: int
    ticket: str
    instance: str
    port: int
    serving: bool = False
    phases: dict[str, float] = {}


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The runner serves. `phases`: milliseconds of each phase of its start."""

    phases: dict[str, float] = {}


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The runner will exit."""

    failure: Failure


class Activity(msgspec.Struct, frozen=True, tag="activity"):
    """Answer of `ask`. `idle_seconds`: since the last request ended, 0 while one is in flight."""

    id: int
    in_flight: int
    idle_seconds: float
    served: int = 0


Frame = Hello | Ready | Failed | Activity
_decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)


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
            frames.append(_decode(body))
        return frames


def _decode(body: bytes) -> Frame:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FrameError(str(error)) from None
