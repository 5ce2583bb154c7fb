"""What the app prints and logs becomes log lines that know their level and the request they belong to.

`sys.stdout` and `sys.stderr` are replaced by text streams that split into lines. Logging is captured one step before any
handler, in `Logger.callHandlers`: the root logger keeps no handler of ours, so a user's `basicConfig` or `dictConfig`
does what it does anywhere, and a record that one of their handlers printed to our streams is not told twice.
"""

import io
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import Protocol

MAX_LINE = 16 * 1024
PARTIAL_SECONDS = 0.5

request_id: ContextVar[str | None] = ContextVar("fp_request_id", default=None)
"""The request that the running code belongs to; threads started by a framework for a request inherit it."""


CallHandlers = Callable[[logging.Logger, logging.LogRecord], None]


class _Current(threading.local):
    """The logging record whose handlers this thread runs just now, and whether one of them printed it to us."""

    record: logging.LogRecord | None = None
    printed = False


_current = _Current()


def level_name(number: int) -> str:
    """The platform's word for a logging level."""
    if number >= logging.ERROR:
        return "critical" if number >= logging.CRITICAL else "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"


def cut(text: str) -> str:
    """`text`, at most 16 KB of it, with a mark where the rest was."""
    return text if len(text) <= MAX_LINE else f"{text[:MAX_LINE]} … [cut]"


class Told(Protocol):
    """Where lines go: a spool."""

    def log(self, level: str, text: str, request_id: str | None, when: float | None = None) -> None:
        """One line; never raises."""


class LineStream(io.TextIOBase):
    """A text stream whose whole lines go to the spool. Unfinished lines are kept per thread, and for 0.5 s only."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, spool: Told, level: str, fd: int, *, echo: bool) -> None:
        self._spool, self._level, self._fd, self._echo = spool, level, fd, echo
        self._lock = threading.Lock()
        self._partial: dict[int, tuple[float, str, str | None]] = {}
        self.buffer = _Bytes(self)

    def write(self, text: str) -> int:
        if self._echo:
            self._print(text)
        if (record := _current.record) is not None:
            _current.printed = True
            if text.strip("\n"):
                self._spool.log(level_name(record.levelno), cut(text.rstrip("\n")), request_id.get(), record.created)
            return len(text)
        self._split(threading.get_ident(), text)
        return len(text)

    def _print(self, text: str) -> None:
        try:
            os.write(self._fd, text.encode("utf-8", "backslashreplace"))
        except OSError:
            self._echo = False

    def _split(self, thread: int, text: str) -> None:
        """Tell the whole lines of `text`, behind what the thread left unfinished; keep the rest."""
        now = time.time()
        if thread in self._partial:
            with self._lock:
                now, head, _ = self._partial.pop(thread, (now, "", None))
            text = head + text
        *lines, rest = text.split("\n")
        for line in lines:
            self._tell(line, request_id.get(), now)
        if rest:
            # What lies beyond the cut is dropped at once: a program that never ends its line must not fill memory.
            with self._lock:
                self._partial[thread] = (now, rest[: 2 * MAX_LINE], request_id.get())

    def _tell(self, line: str, request: str | None, when: float) -> None:
        # A progress bar redraws its line with carriage returns; what it showed last is what counts.
        line = line.rstrip("\r").rpartition("\r")[2]
        if line:
            self._spool.log(self._level, cut(line), request, when)

    def point(self, spool: Told, *, echo: bool) -> None:
        """From now on lines go to `spool`; half lines of before are dropped."""
        self._spool, self._echo, self._partial = spool, echo, {}

    def settle(self, older_than: float = PARTIAL_SECONDS) -> None:
        """Tell unfinished lines that have waited for that many seconds (0: all of them)."""
        latest = time.time() - older_than
        with self._lock:
            due = [thread for thread, (since, _, _) in self._partial.items() if since <= latest]
            lines = [self._partial.pop(thread) for thread in due]
        for since, line, request in lines:
            self._tell(line, request, since)

    def after_fork(self) -> None:
        """In a forked child: our lock may be held by a thread that does not exist here, half lines are the parent's."""
        self._lock = threading.Lock()
        self._partial = {}

    def flush(self) -> None:
        """Nothing waits here but unfinished lines, and a flush does not finish a line."""

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._fd


class _Bytes(io.BufferedIOBase):
    """`sys.stdout.buffer`: bytes, taken as UTF-8."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream

    def write(self, data: object) -> int:
        raw = bytes(memoryview(data))  # type: ignore[arg-type]  # anything else raises TypeError, as a real buffer does
        self._stream.write(raw.decode("utf-8", "backslashreplace"))
        return len(raw)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()


class Capture:
    """Both streams and logging, from `start` on, for as long as the process lives."""

    def __init__(self, spool: Told, *, echo: bool) -> None:
        self._spool = spool
        self.out = LineStream(spool, "info", 1, echo=echo)
        self.err = LineStream(spool, "error", 2, echo=echo)

    def start(self) -> None:
        """Replace the streams, hook logging in, let INFO pass at the root logger."""
        sys.stdout, sys.stderr = self.out, self.err
        for stream in (self.out, self.err):
            os.register_at_fork(after_in_child=stream.after_fork)
        logging.lastResort = None
        logging.Logger.manager.emittedNoHandlerWarning = True
        logging.getLogger().setLevel(logging.INFO)
        setattr(logging.Logger, "callHandlers", self._wrap(logging.Logger.callHandlers))  # noqa: B010 - a method, to mypy

    def point(self, spool: Told, *, echo: bool) -> None:
        """Have everything go to `spool` from now on, also what holds on to the streams."""
        self._spool = spool
        self.out.point(spool, echo=echo)
        self.err.point(spool, echo=echo)

    def settle(self, older_than: float = PARTIAL_SECONDS) -> None:
        """Tell unfinished lines that are older than that many seconds."""
        self.out.settle(older_than)
        self.err.settle(older_than)

    def _wrap(self, original: CallHandlers) -> CallHandlers:
        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            outer = _current.record, _current.printed
            _current.record, _current.printed = record, False
            try:
                original(logger, record)
            finally:
                printed = _current.printed
                _current.record, _current.printed = outer
            if not printed and _reaches_root(logger):
                self._spool.log(level_name(record.levelno), cut(_text(record)), request_id.get(), record.created)

        return call_handlers


def _reaches_root(logger: logging.Logger | None) -> bool:
    while logger is not None and logger.parent is not None:
        if not logger.propagate:
            return False
        logger = logger.parent
    return True


def _text(record: logging.LogRecord) -> str:
    """Message and traceback of a record; a message that cannot be formatted is told as it was written."""
    try:
        text = record.getMessage()
    except Exception:
        text = f"{record.msg} {record.args!r}"
    if record.exc_info and record.exc_info[0] is not None:
        text = f"{text}\n{''.join(traceback.format_exception(*record.exc_info)).rstrip()}"
    return text
