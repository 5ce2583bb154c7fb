"""The query parameters that narrow a list of requests or lines, as Litestar dependencies.

They are taken as text and read by `control.domain.filtering`, so that each wrong one is answered with 422, its name, and what
it may be; Litestar itself would say 400 and that "a validation failed". The OpenAPI document lists them with each handler
that depends on them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from control.domain import filtering
from control.domain.errors import Invalid
from control.domain.filtering import LogFilter, RequestFilter, given

Span = tuple[datetime | None, datetime | None]
Requests = NamedDependency[SkipValidation[RequestFilter]]
Logs = NamedDependency[SkipValidation[LogFilter]]
_Times = NamedDependency[SkipValidation[Span]]
_Details = NamedDependency[SkipValidation[RequestFilter]]
MAX_LINES = 10_000
"""Lines that a live tail may begin with."""
_MAX_VERSION = 10**9 - 1


def _text(name: str, about: str, most: int = 100) -> QueryParameter:
    return QueryParameter(name=name, max_length=most, description=about, required=False)


_Text = str | None
_Since = Annotated[_Text, _text("since", "Only from this moment on, RFC 3339.")]
_Until = Annotated[_Text, _text("until", "Only before this moment, RFC 3339.")]
_Status = Annotated[
    _Text, _text("status", "A class (`4xx`), a status (`404`), a range (`400..429`) or a comparison (`>=400`).")
]
_Method = Annotated[_Text, _text("method", "Only requests with that method.")]
_Path = Annotated[_Text, _text("path", "The whole path; up to three `*` in it stand for any text.", 500)]
_Over = Annotated[_Text, _text("ms_over", "Only requests that took longer, in milliseconds.")]
_Ms = Annotated[_Text, _text("ms", "Only requests that took so long, in milliseconds: `>100`, `<=20` or `100..500`.")]
_PathWords = Annotated[_Text, _text("q", "Text in the path or the query string, in any case.", 200)]
_Trace = Annotated[_Text, _text("trace", "Text in the traceback, in any case.", 200)]
_Version = Annotated[_Text, _text("version", "Only what that version answered.")]
_Htmx = Annotated[_Text, _text("htmx", "`true`: only requests that HTMX sent.")]
_Cold = Annotated[_Text, _text("cold", "`true`: only requests that waited for a wake.")]
_Request = Annotated[_Text, _text("request_id", "Only the request with that `id`.", 200)]
_Printed = Annotated[_Text, _text("request_id", "Only lines printed while that request was answered.", 200)]
_Level = Annotated[_Text, _text("level", "The lowest level wanted: debug, info, warning, error or critical.")]
_Words = Annotated[_Text, _text("q", "Text in a line, in any case.", 200)]
_Search = Annotated[_Text, _text("search", "The same as `q`.", 200)]
Order = Annotated[_Text, _text("order", "`desc` (the default): newest first. `asc`: oldest first.")]


def times(*, since: _Since = None, until: _Until = None) -> Span:
    """Dependency `times`. Raises Invalid."""
    first, last = given("since", since, filtering.read_time), given("until", until, filtering.read_time)
    filtering.check_span(first, last)
    return first, last


def details(
    *,
    ms: _Ms = None,
    q: _PathWords = None,
    trace: _Trace = None,
    version: _Version = None,
    htmx: _Htmx = None,
    request_id: _Request = None,
) -> RequestFilter:
    """Dependency `details`: the rarer half of the filter of requests. Raises Invalid."""
    return RequestFilter(
        ms=given("ms", ms, filtering.read_bounds) or (),
        text=q or "",
        trace=trace or "",
        version=given("version", version, filtering.read_count(_MAX_VERSION)),
        htmx=given("htmx", htmx, filtering.read_flag) or False,
        request_id=request_id,
    )


def of_requests(
    *,
    times: _Times,
    details: _Details,
    status: _Status = None,
    method: _Method = None,
    path: _Path = None,
    ms_over: _Over = None,
    cold: _Cold = None,
) -> RequestFilter:
    """Dependency `only` of the list of requests. Raises Invalid."""
    return msgspec.structs.replace(
        details,
        status=given("status", status, filtering.read_status),
        method=given("method", method, filtering.read_method),
        path=given("path", path, filtering.read_path),
        since=times[0],
        until=times[1],
        ms_over=given("ms_over", ms_over, filtering.read_ms),
        cold=given("cold", cold, filtering.read_flag) or False,
    )


def of_logs(
    *,
    times: _Times,
    q: _Words = None,
    search: _Search = None,
    level: _Level = None,
    request_id: _Printed = None,
) -> LogFilter:
    """Dependency `only` of the list of lines. Raises Invalid."""
    return LogFilter(
        text=q or search or "",
        level=given("level", level, filtering.read_level),
        since=times[0],
        until=times[1],
        request_id=request_id,
    )


def read_order(order: str | None) -> bool:
    """Whether the oldest come first. Raises Invalid."""
    return given("order", order, filtering.read_order) or False


class TailStart:
    """Where a live tail begins and what it tells, from the query of its address. Raises Invalid."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.after = query.get("after") or None
        lines = given("lines", query.get("lines"), filtering.read_count(MAX_LINES))
        self.lines = 100 if lines is None else lines
        text = query.get("q", "")
        for name, most in (("q", 200), ("after", 500)):
            if len(query.get(name, "")) > most:
                raise Invalid(f"{name}: it must have at most {most} characters")
        self.only = LogFilter(text=text, level=given("level", query.get("level"), filtering.read_level))
