"""One instance's spool: what has been shipped of it, and the next piece to ship.

How far a segment is shipped is kept in memory only. A new node ships the segments it finds from their beginning, which is a
megabyte at most for each living instance: control stores a record once however often it comes (ids), so nothing need be
written down for it. A segment is finished when a later one exists or the instance is gone, and is removed once it is shipped.
Only whole lines are shipped; half a line at the end of a finished segment is what a process killed in the act leaves.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec

NATIVE_LOG = "native.log"
LARGEST_NATIVE_LOG = 4 * 1024 * 1024
BATCH_BYTES = 512 * 1024
SETTLED_NS = 1_000_000_000
LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a longer line is no record of ours and is passed over."""


class Batch(msgspec.Struct, frozen=True):
    """Whole lines of one segment, from `start` to `end`."""

    segment: str
    start: int
    end: int
    data: bytes


class Spool:
    """A folder of segments. `retired`: nothing more will be written."""

    def __init__(self, folder: Path, app: str, number: int) -> None:
        self.folder = folder
        self.app = app
        self.number = number
        self.retired = False
        self._done: dict[str, int] = {}
        self._segments: list[str] = []
        self._listed = -1

    @property
    def instance(self) -> str:
        """Whose spool this is."""
        return self.folder.name

    def next_batch(self) -> Batch | None:
        """The next lines to ship, oldest first; removes what is finished and shipped. Raises OSError."""
        for segment in self._list():
            batch = self._read(segment)
            if batch is not None:
                return batch
            if not self._finished(segment):
                continue  # the runner's last so far; the node's own may follow
            (self.folder / segment).unlink(missing_ok=True)
            self._done.pop(segment, None)
        return None

    def acknowledge(self, batch: Batch) -> None:
        """These lines need not be shipped again."""
        self._done[batch.segment] = batch.end

    def trim(self) -> None:
        """Empty the native output once it is too large; it is only ever asked for its last lines."""
        with suppress(OSError):
            native = self.folder / NATIVE_LOG
            if native.stat().st_size > LARGEST_NATIVE_LOG:
                os.truncate(native, 0)

    def _list(self) -> list[str]:
        # A folder's time changes when a segment comes or goes, so a quiet spool costs two calls of stat.
        changed = self.folder.stat().st_mtime_ns
        if changed != self._listed:
            self._segments = sorted(path.name for path in self.folder.glob("*.ndjson") if not path.name.startswith("."))
            # Its clock is coarse: what came right after the listing may bear the same time.
            self._listed = changed if time.time_ns() - changed > SETTLED_NS else -1
        return self._segments

    def _finished(self, segment: str) -> bool:
        # The node's own segment (`post_mortem`) may come before the runner wrote its last; only a number says "later".
        return self.retired or any(other > segment and other[0].isdigit() for other in self._segments)

    def _read(self, segment: str) -> Batch | None:
        path, start = self.folder / segment, self._done.get(segment, 0)
        try:
            size = path.stat().st_size
            if size <= start:
                return None
            with path.open("rb") as file:
                file.seek(start)
                data = file.read(BATCH_BYTES)
                end = data.rfind(b"\n") + 1
                if not end and len(data) == BATCH_BYTES:
                    data += file.readline(LONGEST_LINE)
                    end = data.rfind(b"\n") + 1
        except FileNotFoundError:
            return None
        if not end and len(data) > LONGEST_LINE:
            self._done[segment] = start + len(data)
            return self._read(segment)
        return Batch(segment, start, start + end, data[:end]) if end else None
