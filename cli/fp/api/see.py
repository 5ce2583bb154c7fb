"""Seeing what happens, on the wire: request records, log lines, wakes."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fp.api.problems import Finding

WakeOutcome = Literal["ready", "failed", "gone", "timeout"]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
_Ms = Annotated[float, msgspec.Meta(ge=0)]


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


class WakePhase(msgspec.Struct, frozen=True):
    """One step of a wake. They follow one another; only `first_byte` comes after the app was ready.

    `gate`: first asked until the cluster was, where a sleep was still under way. `spawn`: until the process ran. `runtime`: its
    own start. `checkin`: until it had the code. `imports`: of the app's code. `startup`: the app's own. `first_byte`: ready
    until the first answer began.
    """

    name: str
    ms: _Ms


class WakeModule(msgspec.Struct, frozen=True):
    """What importing one package, or one module of the app's own, took."""

    name: str
    ms: _Ms


class WakeRecord(msgspec.Struct, frozen=True):
    """One wake of an app, from the first who asked to the moment it was ready or would not be. `time`: when it began.

    `cause`: `request` (then `method` and `path` say which), `api` for somebody's wish to wake it, `socket` for a connection
    that waited at the app's own address. `ms`: the time that the first one waited. `held`: requests that waited to the end.
    `modules`: the ten dearest imports. `start`: what the process was made from (`zygote`, `packages`, `imported`), null when
    unknown. `outcome`: `gone` when the app was deleted or stopped meanwhile, `timeout` when nobody could wait any longer.
    `failure` is without its traceback.
    """

    id: str
    time: datetime
    cause: str
    outcome: WakeOutcome
    ms: _Ms
    held: _Count
    phases: list[WakePhase] = []
    modules: list[WakeModule] = []
    method: str | None = None
    path: str | None = None
    failure: Finding | None = None
    version: _Count | None = None
    instance: str | None = None
    start: str | None = None


class WakePage(msgspec.Struct, frozen=True):
    items: list[WakeRecord]
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
