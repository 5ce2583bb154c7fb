"""What of an app's requests and lines somebody wants to see: filters, and how their words are read.

A filter holds values that were checked; the store turns it into a query. Each `read_...` takes the text of one parameter and
raises Invalid, which names the parameter and says what it may be.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec

from control.domain.clock import whole_ms
from control.domain.errors import Invalid

LEVELS = ("debug", "info", "warning", "error", "critical")
MAX_STARS = 3
"""Each star more makes a path that does not match dearer to look at."""
_CLASS = re.compile(r"([1-5])xx", re.IGNORECASE | re.ASCII)
_COMPARED = re.compile(r"(>=|<=|>|<|=)?([1-9][0-9]{2})")
_RANGE = re.compile(r"([1-9][0-9]{2})\.\.([1-9][0-9]{2})")
_MS = re.compile(r"(>=|<=|>|<)?([0-9]{1,9}(?:\.[0-9]{1,6})?)")
_MS_RANGE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\.\.([0-9]{1,9}(?:\.[0-9]{1,6})?)")
_METHOD = re.compile(r"[A-Za-z]{1,20}")
_TOP = 2**31 - 1
_SHOWN = 60

V = TypeVar("V")


class Span(NamedTuple):
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int


class Bound(NamedTuple):
    """A condition on a number: `sign` is one of `> >= < <=`."""

    sign: str
    value: float


class RequestFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Null or false: any. `since` is the first moment wanted, `until` the first one not wanted any more.

    `path` is the whole path; a `*` in it stands for any text. `ms_over`: only those that took longer. `cold`: only those
    that waited for a wake. `request_id`: the record's id. `ms`: all of these hold for the milliseconds. `text` must be in the
    path or the query string, `trace` in the traceback, both in any case. `htmx`: only those that HTMX sent.
    """

    status: Span | None = None
    method: str | None = None
    path: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ms_over: float | None = None
    cold: bool = False
    request_id: str | None = None
    ms: tuple[Bound, ...] = ()
    text: str = ""
    trace: str = ""
    version: int | None = None
    htmx: bool = False


class LogFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`text` must be in the line, whatever its case; `level` is the lowest one wanted; times as for requests."""

    text: str = ""
    level: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    request_id: str | None = None

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels wanted, lowest first."""
        return LEVELS if self.level is None else LEVELS[LEVELS.index(self.level) :]


def given(name: str, text: str | None, read: Callable[[str], V]) -> V | None:
    """What `read` makes of a parameter's text; null where it was not given. Raises Invalid, which names it."""
    if text is None:
        return None
    try:
        return read(text)
    except Invalid as error:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise Invalid(f"{name}: {error.message}, not {shown!r}") from None


def read_status(text: str) -> Span:
    """`4xx`, `404`, `400..429`, or `>=400` with any of `>= <= > < =`."""
    if found := _CLASS.fullmatch(text):
        low = int(found[1]) * 100
        return Span(low, low + 99)
    if (found := _RANGE.fullmatch(text)) and int(found[1]) <= int(found[2]):
        return Span(int(found[1]), int(found[2]))
    if found := _COMPARED.fullmatch(text):
        sign, status = found[1] or "=", int(found[2])
        low = status + (sign == ">") if sign in {">", ">=", "="} else 0
        high = status - (sign == "<") if sign in {"<", "<=", "="} else _TOP
        return Span(low, high)
    raise Invalid("it must be a class like 4xx, a status like 404, a range like 400..429 or a comparison like >=400")


def read_method(text: str) -> str:
    """A method's name, in capitals."""
    if not _METHOD.fullmatch(text):
        raise Invalid("it must be a method's name like GET")
    return text.upper()


def read_path(text: str) -> str:
    """A path with at most MAX_STARS stars; several in a row count as one."""
    pattern = re.sub(r"\*+", "*", text)
    if not pattern.startswith(("/", "*")) or pattern.count("*") > MAX_STARS:
        raise Invalid(f"it must be a path like /items/7, or one with up to {MAX_STARS} stars like /items/*")
    return pattern


def read_time(text: str) -> datetime:
    """A moment in UTC."""
    try:
        return whole_ms(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise Invalid("it must be a time with its zone like 2026-01-31T12:00:00Z (a + in a URL is %2B)") from None


def read_ms(text: str) -> float:
    """Milliseconds, zero or more."""
    try:
        ms = float(text)
    except ValueError:
        ms = math.nan
    if not 0 <= ms < math.inf:
        raise Invalid("it must be a number of milliseconds like 250")
    return ms


def read_bounds(text: str) -> tuple[Bound, ...]:
    """`>100` with any of `> >= < <=`, `100` for that and longer, or a range `100..500` with both ends."""
    if found := _MS.fullmatch(text):
        return (Bound(found[1] or ">=", float(found[2])),)
    if (found := _MS_RANGE.fullmatch(text)) and float(found[1]) <= float(found[2]):
        return (Bound(">=", float(found[1])), Bound("<=", float(found[2])))
    raise Invalid("it must be milliseconds like >100, <=20 or 100..500")


def read_flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise Invalid("it must be true or false")
    return text == "true"


def read_level(text: str) -> str:
    if text not in LEVELS:
        raise Invalid(f"it must be one of {', '.join(LEVELS)}")
    return text


def read_order(text: str) -> bool:
    """Whether the oldest come first."""
    if text not in {"asc", "desc"}:
        raise Invalid("it must be asc or desc")
    return text == "asc"


def read_count(most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 0 to `most`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= 9) or int(text) > most:
            raise Invalid(f"it must be a whole number from 0 to {most}")
        return int(text)

    return read


def check_span(since: datetime | None, until: datetime | None) -> None:
    """Raises Invalid where nothing could lie between the two."""
    if since is not None and until is not None and since >= until:
        raise Invalid(f"until: it must be after since ({since.astimezone(UTC).isoformat()})")
