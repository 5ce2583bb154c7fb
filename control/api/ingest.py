"""The internal listener: the node posts what apps answered and printed, the activator how they woke, a JSON object a line.

It is a bare ASGI application, because it has two routes and is called all the time. A line that cannot be read is counted and
left out, the others are stored; posting the same lines again stores nothing new (docs/protocols.md).
"""

import hmac
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs

import msgspec
import structlog
from litestar.types import Receive, Send

from control.api.ingest_wakes import WakeBatch, read_wakes
from control.domain.clock import whole_ms
from control.domain.errors import NotFound, StoreUnavailable
from control.store import Store
from fp.api.see import LogLine, RequestRecord

MAX_BYTES = 1024 * 1024 + 64 * 1024
"""The protocol's 1 MB of whole lines, and one line over."""
LOG = structlog.get_logger("control.ingest")
_Level = Literal["debug", "info", "warning", "error", "critical"]


class _Line(msgspec.Struct, tag_field="kind", frozen=True):
    id: str
    time: float


class _Request(_Line, tag="request", frozen=True):
    method: str
    path: str
    query: str
    status: int
    ms: float
    bytes_in: int
    bytes_out: int
    cold_start_ms: float | None
    type: str = "http"
    client: str = ""
    htmx: bool = False
    error: str | None = None


class _Log(_Line, tag="log", frozen=True):
    text: str
    level: _Level = "info"
    request_id: str | None = None


class _Dropped(_Line, tag="dropped", frozen=True):
    count: int


_DECODER: msgspec.json.Decoder[_Request | _Log | _Dropped] = msgspec.json.Decoder(_Request | _Log | _Dropped)


class Batch(msgspec.Struct):
    """What one call brought; `bad` counts lines that could not be read."""

    requests: list[RequestRecord] = []
    logs: list[LogLine] = []
    bad: int = 0


def read_batch(body: bytes, instance: str, version: int | None) -> Batch:
    """The records of a body; ids become `<instance>-<id>`."""
    batch = Batch()
    for raw in body.split(b"\n"):
        if not raw.strip():
            continue
        try:
            _take(batch, _DECODER.decode(raw), instance, version)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError, ValueError, OSError):
            batch.bad += 1
    return batch


def _take(batch: Batch, line: _Request | _Log | _Dropped, instance: str, version: int | None) -> None:
    record_id, time = f"{instance}-{line.id}", whole_ms(datetime.fromtimestamp(line.time, UTC))
    match line:
        case _Request():
            batch.requests.append(_record(line, record_id, time, version))
        case _Log():
            request = f"{instance}-{line.request_id}" if line.request_id else None
            batch.logs.append(LogLine(record_id, time, line.level, line.text, request, version))
        case _Dropped():
            text = f"{line.count} records were dropped: the app produced them faster than they could be kept"
            batch.logs.append(LogLine(record_id, time, "warning", text, None, version))


def _record(line: _Request, record_id: str, time: datetime, version: int | None) -> RequestRecord:
    return RequestRecord(
        id=record_id, time=time, method=line.method, path=line.path, query=line.query, status=line.status, ms=line.ms,
        cold_start_ms=line.cold_start_ms, bytes_in=line.bytes_in, bytes_out=line.bytes_out, version=version,
        kind=line.type, client=line.client, htmx=line.htmx, error=line.error,
    )  # fmt: skip


class Ingest:
    """An ASGI application: `POST /ingest?app=&version=&instance=` and `POST /ingest/wakes`, with the internal token."""

    def __init__(self, store: Store, token: str) -> None:
        self._store = store
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            status = await self._answer(scope, receive)
        except StoreUnavailable:
            status = 503
        except Exception:
            LOG.exception("ingest_failed")
            status = 500
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _answer(self, scope: Any, receive: Receive) -> int:
        """204 stored, 400 which app?, 401 who are you?, 404, 405, 410 the app is gone, 413 too much at once."""
        if scope["path"] not in {"/ingest", "/ingest/wakes"}:
            return 404
        if not hmac.compare_digest(_header(scope, b"authorization"), self._expected):
            return 401
        if scope["method"] != "POST":
            return 405
        if (body := await _read(receive)) is None:
            return 413
        if scope["path"] == "/ingest/wakes":
            return await self._store_wakes(read_wakes(body))
        return await self._take(parse_qs(scope["query_string"].decode("latin-1")), body)

    async def _take(self, query: dict[str, list[str]], body: bytes) -> int:
        app, instance, number = (_one(query, name) for name in ("app", "instance", "version"))
        if not app or not instance:
            return 400
        return await self._store_batch(app, read_batch(body, instance, int(number) if number.isdecimal() else None))

    async def _store_batch(self, app: str, batch: Batch) -> int:
        try:
            await self._store.apps.get(app)
        except NotFound:
            return 410
        if batch.bad:
            LOG.warning("ingest_bad_lines", app=app, count=batch.bad)
        await self._store.logs.add(app, batch.logs)
        await self._store.requests.add(app, batch.requests)
        if batch.requests:
            await self._store.apps.note_request(app, max(record.time for record in batch.requests))
        return 204

    async def _store_wakes(self, batch: WakeBatch) -> int:
        """Those of apps that are gone are let go."""
        if batch.bad or batch.dropped:
            LOG.warning("ingest_wakes_missing", bad=batch.bad, dropped=batch.dropped)
        living = await self._store.apps.of_ids({app for app, _ in batch.records})
        await self._store.wakes.put([(app, record) for app, record in batch.records if app in living])
        return 204


async def _read(receive: Receive) -> bytes | None:
    """The whole body, null when it is over the limit."""
    body = bytearray()
    while True:
        message: Any = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def _header(scope: Any, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def _one(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0]
