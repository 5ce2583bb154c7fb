"""Records on their way to control, in files: written once, taken away whole, the oldest given up where there is no room.

A folder of numbered segments. Lines are appended to the newest; `oldest` gives the next segment to ship, which is closed by
that, and `remove` forgets it once it is acknowledged. So nobody keeps account of how far a file was shipped, and whoever comes
after a process that was killed begins with the oldest file and a new one of its own. Half a line at a file's end is what such
a process leaves; it is not shipped. Nothing here raises: a disk that is full or gone costs records, and they are counted.

Blocking, and for one thread at a time.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

SEGMENT_BYTES = 256 * 1024
MAX_SEGMENTS = 16
ENDING = ".ndjson"


class Segment(msgspec.Struct, frozen=True):
    """A closed segment, and its whole lines."""

    name: str
    data: bytes


class Journal:
    """`folder` is made when it is missing. `dropped`: lines that were lost since the last `take_dropped`."""

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, max_segments: int = MAX_SEGMENTS) -> None:
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._max_segments = max_segments
        self._open: Path | None = None
        self._number = 0
        self._dropped = 0

    def append(self, lines: Sequence[bytes]) -> None:
        """Write whole lines, each with its newline."""
        for batch in _batches(lines, self._segment_bytes):
            data = b"".join(batch)
            try:
                self._write(data)
            except OSError:
                self._dropped += len(batch)

    def oldest(self) -> Segment | None:
        """The next segment to ship, which grows no more; None when there is nothing. Unreadable ones are given up."""
        for name in self._names():
            if self._open is not None and name == self._open.name:
                self._open = None
            data = self._read(name)
            if data:
                return Segment(name, data)
            self.remove(name)
        return None

    def remove(self, name: str) -> None:
        """Forget a segment."""
        with contextlib.suppress(OSError):
            (self._folder / name).unlink(missing_ok=True)

    def take_dropped(self) -> int:
        """How many lines were lost since this was asked last."""
        count, self._dropped = self._dropped, 0
        return count

    def _write(self, data: bytes) -> None:
        path = self._open
        if path is None or not self._has_room(path, len(data)):
            path = self._open = self._begin()
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            before = os.fstat(descriptor).st_size
            if os.write(descriptor, data) < len(data):
                os.ftruncate(descriptor, before)
                raise OSError("short write")
        finally:
            os.close(descriptor)

    def _has_room(self, path: Path, length: int) -> bool:
        try:
            return path.stat().st_size + length <= self._segment_bytes
        except FileNotFoundError:
            return False

    def _begin(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = self._names()
        for name in names[: max(len(names) - self._max_segments + 1, 0)]:
            self._dropped += self._read(name).count(b"\n")
            self.remove(name)
        newest = int(Path(names[-1]).stem) if names else 0
        self._number = max(self._number, newest) + 1
        return self._folder / f"{self._number:08d}{ENDING}"

    def _read(self, name: str) -> bytes:
        try:
            data = (self._folder / name).read_bytes()
        except OSError:
            return b""
        return data[: data.rfind(b"\n") + 1]

    def _names(self) -> list[str]:
        try:
            found = os.listdir(self._folder)  # noqa: PTH208 - names are all that is needed
        except OSError:
            return []
        return sorted(name for name in found if name.endswith(ENDING) and Path(name).stem.isdecimal())


def _batches(lines: Sequence[bytes], size: int) -> Iterator[list[bytes]]:
    """The lines in pieces that fit into a segment."""
    batch: list[bytes] = []
    room = size
    for line in lines:
        if batch and len(line) > room:
            yield batch
            batch, room = [], size
        batch.append(line)
        room -= len(line)
    if batch:
        yield batch
