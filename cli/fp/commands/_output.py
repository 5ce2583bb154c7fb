"""What a command prints: data on stdout, everything else on stderr.

Data is either text for people or JSON. What came from an app or a platform is stripped of control characters before it
reaches a terminal, so that a log line cannot move the cursor.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from fp.api.problems import Finding
from fp.errors import FpError

_CONTROL = dict.fromkeys((*range(9), *range(10, 32), *range(127, 160)))


def line(text: str = "") -> None:
    """One line of data."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """One line for the person at the terminal."""
    _write(sys.stderr, text)


def json_document(value: object) -> None:
    """One whole JSON value, indented."""
    line(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def json_line(value: object) -> None:
    """One JSON value of a stream, on a line of its own."""
    line(msgspec.json.encode(value).decode())


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Aligned columns; nothing is ever cut off."""
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)]
    for number, row in enumerate([list(headers), *cells]):
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        line(f"\033[1m{text}\033[0m" if number == 0 and is_colored() else text)


def show_findings(findings: Iterable[Finding], write: object = note) -> None:
    """Each finding as `file:line:column message`, and its hint below."""
    assert callable(write)
    for finding in findings:
        places = [finding.file, finding.line, finding.column]
        place = ":".join(str(part) for part in places if part is not None)
        write(clean(f"{place} {finding.message} [{finding.code}]".strip()))
        for extra in (finding.traceback or "").rstrip().splitlines():
            write(clean(f"    | {extra}"))
        if finding.hint:
            write(clean(f"    {finding.hint}"))


def report(error: FpError, *, as_json: bool) -> None:
    """Say on stderr what went wrong and what to do next."""
    if as_json:
        problem = {"code": error.code, "message": error.message, "hint": error.hint, "findings": error.findings}
        note(msgspec.json.encode(problem).decode())
        return
    show_findings(error.findings)
    note(clean(f"fp: {error.message}"))
    if error.hint:
        note(clean(f"    {error.hint}"))


def clean(text: str) -> str:
    """Text without control characters; tabs stay."""
    return text.translate(_CONTROL)


def moment(time: datetime | None) -> str:
    """A time as people here read it; `-` for none."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M:%S") if time else "-"


def milliseconds(ms: float | None) -> str:
    if ms is None:
        return "-"
    return f"{ms / 1000:.1f} s" if ms >= 10_000 else f"{ms:.0f} ms" if ms >= 10 else f"{ms:.1f} ms"


def is_interactive() -> bool:
    """Whether a person can be asked something."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def is_colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(stream: object, text: str) -> None:
    """Print, also where the terminal's encoding lacks a character."""
    assert hasattr(stream, "encoding")
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)  # type: ignore[call-overload]
