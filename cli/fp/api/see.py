"""Seeing what happens, on the wire: request records, log lines, wakes."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fp.api.problems import Finding

WakeOutcome = Literal["ready", "failed", "gone", "timeout"]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
_Ms = Annotated[float, msgspec.Meta(ge=0)]


class Header(msgspec.Struct, frozen=True):
    """One header. `value` is null where the name says that it may be a secret: such a value is never recorded."""

    name: str
    value: str | None


class RecordedHeaders(msgspec.Struct, frozen=True):
    """The headers of a request and of its answer, in their order; those that proxies add are left out."""

    request: list[Header]
    answer: list[Header]


class RequestRecord(msgspec.Struct, frozen=True):
    """One request that an app answered. `cold_start_ms` is how long it was held for a wake, null on a warm one.

    `ms` is the runner's time from the request's head to its last byte; `error` is a traceback, trimmed to user code. `headers`
    are recorded of requests that failed (status 400 and up), and told with one request; in lists they are null.
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
    headers: RecordedHeaders | None = None


class RequestPage(msgspec.Struct, frozen=True):
    items: list[RequestRecord]
    next: str | None = None


class CodeLine(msgspec.Struct, frozen=True):
    """One line of an app's file; `line` counts from 1."""

    line: int
    text: str


class TraceFrame(msgspec.Struct, frozen=True):
    """One frame of a traceback. `code` is its line; `around` has that line and up to three before and after it.

    `around` is empty where the file is none of the app's, or the version that ran is no longer kept.
    """

    file: str
    line: int
    function: str | None
    code: str
    around: list[CodeLine] = []


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


SourceState = Literal["none", "kept", "gone"]


class WakePhase(msgspec.Struct, frozen=True):
    """One step of a wake. They follow one another; only `first_byte` comes after the app was ready.

    `gate`: first asked until the cluster was, where a sleep was still under way. `claim`: until a runner that waited had the
    code. `spawn`: until the process ran, a new pod's included. `runtime`: its own start. `checkin`: until it had the code.
    `imports`: of the app's code. `startup`: the app's own. `first_byte`: ready until the first answer began.
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
    `modules`: the ten dearest imports. `start`: what the process was made from (`zygote`, `packages`, `imported`; on Kubernetes
    `process` or `pool`), null when unknown. `outcome`: `gone` when the app was deleted or stopped meanwhile, `timeout` when
    nobody could wait any longer. `failure` is without its traceback.
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


class RequestDetail(msgspec.Struct, frozen=True):
    """One request in whole. `logs` are the lines it printed, oldest first; `more_logs`: there are more than these.

    `frames` are those of `request.error`, the innermost last. `source`: `none` when there is no traceback; `kept` when the
    frames show the code of the version that ran; `gone` when that version is no longer kept, and `note` says so. `wake`: the one
    that the request waited for, null on a warm one.
    """

    request: RequestRecord
    logs: list[LogLine]
    more_logs: bool
    frames: list[TraceFrame]
    source: SourceState
    note: str = ""
    wake: WakeRecord | None = None


class WakePage(msgspec.Struct, frozen=True):
    items: list[WakeRecord]
    next: str | None = None


class TestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps/{id}/test: one request, sent through the front door like any visitor's.

    `body` is text, or base64 where `body_encoding` says so; at most 1 MB as bytes. At most 50 headers.
    """

    method: str = "GET"
    path: str = "/"
    headers: dict[str, str] = {}
    body: str | None = None
    body_encoding: Literal["utf-8", "base64"] = "utf-8"


class TestPhase(msgspec.Struct, frozen=True):
    """One part of the time a request took. They follow one another.

    `connect`: to the front door, left out where a connection was open. `send`: the request. `wake`: the wake that it waited for,
    as the app's runner was told, left out on a warm one. `app`: the rest of the wait for the answer's head, the door's own part
    included. `download`: the answer, head to last byte.
    """

    name: Literal["connect", "send", "wake", "app", "download"]
    ms: float


class TestResponse(msgspec.Struct, frozen=True):
    """What came back. `body` is text, or base64 where `encoding` says so, at most 1 MB (`truncated` tells).

    `ms` is request sent to last byte; `cold_start_ms` is the part that was the wake, null on a warm one. `request_id`: the id of
    the request's record, which arrives a moment later; null when the answer is not the app's own. `redirect`: where the answer
    sends the visitor, who was not followed there. `curl`: the same request as a shell command.
    """

    status: int
    headers: list[tuple[str, str]]
    body: str
    encoding: str
    truncated: bool
    ms: float
    cold_start_ms: float | None
    phases: list[TestPhase] = []
    request_id: str | None = None
    redirect: str | None = None
    curl: str = ""
