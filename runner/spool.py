"""Records and log lines on their way out: one JSON object a line, appended to numbered segments in a folder.

Each line is one `write` to a file opened for appending, made before the answer's last byte leaves, so a killed process
loses nothing it answered. The node's shipper reads the segments and deletes finished ones. When it cannot keep up, no
ninth segment is begun: records are counted instead, and the count is told in a `dropped` line once there is room.

A user's code may fork (multiprocessing). The child writes on into the newest segment, with ids of its own, and never
begins one.
"""

import itertools
import os
import threading
import time
from json.encoder import encode_basestring as quote
from pathlib import Path

SEGMENT_BYTES = 1_000_000
MAX_SEGMENTS = 8
RETRY_SECONDS = 0.25


class Spool:
    """Appends lines from any thread. `folder` is made when missing; writing never raises."""

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, max_segments: int = MAX_SEGMENTS) -> None:
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._max_segments = max_segments
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._prefix = ""
        self._forked = False
        self._dropped = 0
        self._look_again = 0.0
        self._fd = -1
        self._size = 0
        self._begin(self._newest() + 1)
        os.register_at_fork(after_in_child=self._in_child)

    def next_id(self) -> str:
        """An id no other line of this instance has."""
        return f"{self._prefix}{next(self._ids):x}"

    def log(self, level: str, text: str, request_id: str | None, when: float | None = None) -> None:
        """Append a log line; `when` is seconds since the epoch, now by default."""
        stamp = time.time() if when is None else when
        request = "null" if request_id is None else quote(request_id)
        self.append(
            f'{{"kind":"log","id":"{self.next_id()}","time":{stamp:.6f},"level":"{level}",'
            f'"text":{quote(text)},"request_id":{request}}}\n'.encode("utf-8", "replace")
        )

    def memory(self, used: int) -> None:
        """Append how many bytes the app takes now. One that finds no room is let go: another will come."""
        line = f'{{"kind":"memory","id":"{self.next_id()}","time":{time.time():.6f},"bytes":{used}}}\n'.encode()
        with self._lock:
            if self._ready(len(line)):
                self._write(line, 0)

    def append(self, line: bytes) -> None:
        """Append one whole line (with its newline), or count it as dropped."""
        with self._lock:
            if self._ready(len(line)):
                self._write(line)
            else:
                self._dropped += 1

    def tick(self) -> None:
        """Called about once a second: tell what was dropped as soon as there is room, also when nothing else happens."""
        if self._dropped:
            with self._lock:
                self._ready(0)

    def close(self) -> None:
        """Tell what was dropped, even beyond the limit (one line), and close. Lines after that are lost."""
        with self._lock:
            self._tell_dropped()
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1

    def _ready(self, length: int) -> bool:
        """Whether a line of that length may be written now; rotates, and tells of drops, where that is due."""
        if self._forked:
            self._follow()
        elif self._size + length > self._segment_bytes and self._size > 0 and not self._rotate():
            return False
        if self._dropped:
            self._tell_dropped()
        return self._fd >= 0

    def _rotate(self) -> bool:
        now = time.monotonic()
        if now < self._look_again:
            return False
        if len(self._segments()) >= self._max_segments:
            self._look_again = now + RETRY_SECONDS
            return False
        self._begin(self._newest() + 1)
        return True

    def _tell_dropped(self) -> None:
        count, self._dropped = self._dropped, 0
        if count:
            stamp = f"{time.time():.6f}"
            self._write(
                f'{{"kind":"dropped","id":"{self.next_id()}","time":{stamp},"count":{count}}}\n'.encode(), count
            )

    def _write(self, line: bytes, worth: int = 1) -> None:
        """Append `line`; a failure (a full disk) counts as `worth` dropped, and leaves no half line behind."""
        try:
            written = os.write(self._fd, line)
            if written < len(line):
                os.ftruncate(self._fd, os.fstat(self._fd).st_size - written)
                raise OSError("short write")
        except OSError:
            self._dropped += worth
        else:
            self._size += written

    def _begin(self, number: int) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        try:
            self._open(self.folder / f"{number:06d}.ndjson")
        except OSError:
            self._size = self._segment_bytes

    def _open(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._size = os.fstat(self._fd).st_size

    def _segments(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self.folder) if name.endswith(".ndjson"))  # noqa: PTH208 - 10x faster
        except OSError:
            return []

    def _newest(self) -> int:
        names = self._segments()
        return int(names[-1].removesuffix(".ndjson")) if names and names[-1][:6].isdecimal() else 0

    def _in_child(self) -> None:
        self._lock = threading.Lock()
        self._prefix = f"{os.getpid():x}."
        self._ids = itertools.count(1)
        self._forked = True
        self._dropped = 0

    def _follow(self) -> None:
        """In a forked child: move on to the parent's newest segment once ours was shipped and deleted."""
        if self._fd >= 0 and os.fstat(self._fd).st_nlink == 0:
            names = self._segments()
            if names:
                os.close(self._fd)
                self._open(self.folder / names[-1])
