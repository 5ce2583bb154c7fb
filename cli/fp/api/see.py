"""Seeing what happens, on the wire: request records and log lines."""

from datetime import datetime

import msgspec


class RequestRecord(msgspec.Struct, frozen=True):
    """One request that an app answered. `cold_start_ms` is how long it was held for a wake, null on a warm one.

    `ms` is the runner's time from the request's head to its last byte; `error` is a traceback, trimmed to user code.
    """

    id: str
    time: datetime
    method: str
    path: str
    query: str
    status: int
    ms: float
    cold_start_ms: float | None
    bytes_in: int
    bytes_out: int
    version: int | None
    kind: str = "http"
    client: str = ""
    htmx: bool = False
    error: str | None = None


class RequestPage(msgspec.Struct, frozen=True):
    items: list[RequestRecord]
    next: str | None = None


class LogLine(msgspec.Struct, frozen=True):
    """One line an app printed or logged. `level`: debug, info, warning, error or critical; newest lines come first."""

    id: str
    time: datetime
    level: str
    text: str
    request_id: str | None
    version: int | None = None


class LogPage(msgspec.Struct, frozen=True):
    items: list[LogLine]
    next: str | None = None


class TestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps/{id}/test: one request, sent through the front door like any visitor's."""

    method: str = "GET"
    path: str = "/"
    headers: dict[str, str] = {}
    body: str | None = None


class TestResponse(msgspec.Struct, frozen=True):
    """What came back. `body` is text, or base64 where `encoding` says so, at most 1 MB (`truncated` tells).

    `ms` is request sent to last byte; `cold_start_ms` is the part that was the wake, null on a warm one.
    """

    status: int
    headers: list[tuple[str, str]]
    body: str
    encoding: str
    truncated: bool
    ms: float
    cold_start_ms: float | None
