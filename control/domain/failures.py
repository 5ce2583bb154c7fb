"""What is the same error: a traceback becomes the place where it was raised, and that a fingerprint.

The place is the innermost frame that the traceback shows (the runner leaves only the app's own in) and the exception's class.
Where the traceback shows the line's text, the text counts and not its number: lines added above make no new error of an old
one. Pure; any text gives some answer, because apps write what they like.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from fp.api.see import LogLine, RequestRecord

MARK = "Traceback (most recent call last)"
MAX_MESSAGE = 500
MAX_TRACEBACK = 16 * 1024
_MAX_NAME = 200
# No `.*` that could meet itself: these run over hostile text.
_FRAME = re.compile(r'^ *(?:\| *)?File "([^"\n]{1,1000})", line (\d{1,9})(?:, in ([^\n]{1,500}))?$', re.MULTILINE)
_RAISED = re.compile(r"([A-Za-z_][\w.]{0,199})(?:: ?(.*))?")
_BAR = re.compile(r"^ *\| ?")


class Place(msgspec.Struct, frozen=True):
    """Where an exception of the class `kind` was raised, and with which message. `text`: the line itself, where it is shown."""

    kind: str
    message: str
    file: str | None = None
    line: int | None = None
    function: str | None = None
    text: str = ""


class Failure(msgspec.Struct, frozen=True):
    """One time that something failed."""

    fingerprint: str
    place: Place
    time: datetime
    traceback: str
    version: int | None
    request: str | None


def place_of(traceback: str) -> Place:
    """Where the traceback says that it was raised: the last frame, and the exception named after it."""
    traceback = traceback[-MAX_TRACEBACK:]
    frames = list(_FRAME.finditer(traceback))
    after = traceback[frames[-1].end() :].strip("\n") if frames else traceback
    lines = [_BAR.sub("", line) for line in after.split("\n")]
    kind, message = _raised(line for line in lines if not line.startswith(" "))
    if not frames:
        return Place(kind, message)
    last = frames[-1]
    function = last[3][:_MAX_NAME] if last[3] else None
    text = lines[0].strip()[:_MAX_NAME] if lines[0].startswith("    ") else ""
    return Place(kind, message, last[1][:_MAX_NAME], int(last[2]), function, text)


def _raised(lines: Iterable[str]) -> tuple[str, str]:
    """Class and message of the exception that is named first, as the end of a traceback has it."""
    other = ""
    for line in lines:
        if (found := _RAISED.fullmatch(line)) is not None:
            return found[1], (found[2] or "").strip()[:MAX_MESSAGE]
        other = other or line
    return "Error", other[:MAX_MESSAGE]


def fingerprint(place: Place) -> str:
    """Sixteen hex digits, equal for equal places whatever the message. Without a place the message must tell them apart."""
    where: Sequence[object] = [place.kind, place.file, place.function, place.text or place.line]
    if place.file is None:
        where = [place.kind, re.sub(r"\d+", "0", place.message)]
    return hashlib.sha256(msgspec.json.encode(where)).hexdigest()[:16]


def failures_of(records: Iterable[RequestRecord], lines: Iterable[LogLine]) -> list[Failure]:
    """The failures among new records and log lines, in order of time.

    A log line counts when it is an error, holds a whole traceback and belongs to no request: a request's own is in its record.
    """
    found = [_failure(r.error, r.time, r.version, r.id) for r in records if r.error]
    found += [
        _failure(line.text, line.time, line.version, None)
        for line in lines
        if line.level in {"error", "critical"} and line.request_id is None and MARK in line.text
    ]
    return sorted(found, key=lambda failure: failure.time)


def _failure(traceback: str, time: datetime, version: int | None, request: str | None) -> Failure:
    place = place_of(traceback)
    return Failure(fingerprint(place), place, time, traceback[-MAX_TRACEBACK:], version, request)
