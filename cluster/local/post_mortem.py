"""What is left to say of an instance that ended without being asked: in words, and as log records that users see.

The records go into a segment of their own in the instance's spool (`node.ndjson`), where the shipper finds them like the
runner's; their ids begin with `node-`, which the runner's never do. What is told twice, by one node and by the next, has the
same id both times, and so is stored once.
"""

import os
import time
from pathlib import Path
from typing import Literal

import msgspec

from cluster.local.spool import NATIVE_LOG

SEGMENT = "node.ndjson"
_TAIL_BYTES = 64 * 1024
_TAIL_LINES = 100
_LINE_CHARACTERS = 2000


class LogRecord(msgspec.Struct, frozen=True):
    """A line of log, as docs/protocols.md has it."""

    kind: Literal["log"]
    id: str
    time: float
    level: str
    text: str
    request_id: str | None = None


def native_tail(spool: Path) -> list[str]:
    """The last lines of what the process wrote past the runner, to its own output."""
    try:
        with (spool / NATIVE_LOG).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    lines = text.splitlines()
    if size > _TAIL_BYTES:
        lines = lines[1:]  # most likely cut in the middle
    return [line[:_LINE_CHARACTERS] for line in lines[-_TAIL_LINES:] if line.strip()]


def write(spool: Path, message: str, tail: list[str]) -> None:
    """Leave log records of level error behind: the message and what the process itself last wrote. Raises OSError."""
    now = time.time()
    lines = [*tail, message]
    _append(spool, [LogRecord("log", f"node-{number:x}", now, "error", text) for number, text in enumerate(lines)])


def tell_process_limit(spool: Path, count: int) -> None:
    """Leave one log record about it, which may come while the instance lives. Raises OSError."""
    text = (
        f"The app reached its limit of {count} processes and threads, so one more could not be started. "
        "End those that are done, or give apps more with FP_APP_PROCESSES."
    )
    _append(spool, [LogRecord("log", "node-processes", time.time(), "error", text)])


def _append(spool: Path, records: list[LogRecord]) -> None:
    data = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    fd = os.open(spool / SEGMENT, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.write(fd, data)
    finally:
        os.close(fd)
