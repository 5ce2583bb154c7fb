"""Tracebacks as a user wants to read them: their own frames, paths relative to their code.

Frames of the runner, of importlib and of installed packages are left out, in the exception, its causes and its group
members. Where an exception has no frame of the user's, its own last frame outside of the runner stays, so that there is
something to go by.
"""

import importlib
import itertools
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

NOT_SHOWN = (str(Path(__file__).parent) + "/", "<frozen importlib", importlib.__path__[0] + "/")
MAX_TEXT = 16 * 1024
MAX_CHAIN = 20


@dataclass(frozen=True)
class Place:
    """Where in the user's code: `file` relative to its root, `line` and `column` from 1, null when unknown."""

    file: str
    line: int | None
    column: int | None


class Trimmer:
    """Trims for code in the folder `root` (absolute)."""

    def __init__(self, root: Path) -> None:
        self._root = str(root) + "/"

    def text(self, error: BaseException) -> str:
        """The traceback of `error`, at most 16 KB."""
        report = traceback.TracebackException.from_exception(core(error), limit=-200, compact=True)
        self._trim(report)
        text = "".join(report.format()).rstrip()
        return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT // 2]}\n  ...\n{text[-MAX_TEXT // 2 :]}"

    def place(self, error: BaseException) -> Place | None:
        """Where `error` lies: a syntax error's own place, else the innermost frame of the user's."""
        if isinstance(error, SyntaxError) and error.filename and self._is_theirs(error.filename):
            return Place(self.relative(error.filename), error.lineno, error.offset)
        found: Place | None = None
        for filename, line, column in _positions(error.__traceback__):
            if self._is_theirs(filename):
                found = Place(self.relative(filename), line, column)
        return found

    def passes(self, error: BaseException, package: str) -> bool:
        """Whether the traceback goes through an installed package of that name."""
        return any(
            f"/{package}/" in name and not self._is_theirs(name) for name, _, _ in _positions(error.__traceback__)
        )

    def relative(self, filename: str) -> str:
        """A path of the user's relative to the root, any other as it is."""
        return filename.removeprefix(self._root)

    def _is_theirs(self, filename: str) -> bool:
        return filename.startswith(self._root) and "/site-packages/" not in filename

    def _trim(self, report: traceback.TracebackException) -> None:
        for part in _family(report):
            frames = [frame for frame in part.stack if not frame.filename.startswith(NOT_SHOWN)]
            syntax = issubclass(part.exc_type or object, SyntaxError)
            kept = [frame for frame in frames if self._is_theirs(frame.filename)] or frames[
                -1 if not syntax else len(frames) :
            ]
            for frame in kept:
                _ = frame.line  # read the source while the name is still the file's
                frame.filename = self.relative(frame.filename)
            part.stack = traceback.StackSummary.from_list(kept)
            if syntax and part.filename:
                part.filename = self.relative(part.filename)


def summary(error: BaseException) -> str:
    """`Type: message` in one line, as the last line of a traceback has it; at most 500 characters."""
    text = traceback.format_exception_only(error)[-1].strip()
    return text if len(text) <= 500 else f"{text[:500]}…"


def core(error: BaseException) -> BaseException:
    """What a task group of one wrapped; any other exception as it is."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def current() -> BaseException | None:
    """The exception being handled right now, in this task."""
    return sys.exc_info()[1]


def _family(report: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    """The report, its causes, contexts and group members, each once, not without end."""
    waiting = [report]
    for _ in range(MAX_CHAIN):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        waiting += [other for other in (part.__cause__, part.__context__) if other is not None]
        waiting += part.exceptions or []


def _positions(tb: TracebackType | None) -> Iterator[tuple[str, int, int | None]]:
    """File, line and column (both from 1) of each frame, outermost first."""
    while tb is not None:
        code = tb.tb_frame.f_code
        columns = next(itertools.islice(code.co_positions(), tb.tb_lasti // 2, None), (None, None, None, None))
        yield code.co_filename, tb.tb_lineno, None if columns[2] is None else columns[2] + 1
        tb = tb.tb_next
