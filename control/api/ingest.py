"""The internal listener: the node posts what apps answered and printed, the activator how they woke, a JSON object a line.

It is a bare ASGI application, because it has two routes and is called all the time. A line that cannot be read is counted and
left out, the others are stored; posting the same lines again stores nothing new (docs/protocols.md).

The event loop is also that of the API. A body of a megabyte is therefore read and stored in chunks, each a millisecond or two of
work, with whatever else is due in between; and only so many bodies at a time, because who asks waits for one chunk of each.
"""

import asyncio
import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import msgspec
import structlog
from litestar.types import Receive, Send

from cluster.credentials import ingest_credential
from control.api.ingest_wakes import WakeBatch, read_wakes
from control.domain.clock import utc_now, whole_ms
from control.domain.errors import NotFound, StoreUnavailable
from control.domain.memory import Sample
from control.figures import CONTENT_TYPE, FIGURES
from control.store import Store
from fp.api.see import Header, LogLine, RecordedHeaders, RequestRecord

MAX_BYTES = 1024 * 1024 + 64 * 1024
"""The protocol's 1 MB of whole lines, and one line over."""
CHUNK_LINES = 250
"""Lines in one transaction: fewer cost more round trips, more hold up the event loop and so every other request."""
BODIES_AT_ONCE = 2
LOG = structlog.get_logger("control.ingest")
_Level = Literal["debug", "info", "warning", "error", "critical"]
# A number that the store cannot keep would refuse the whole batch, each time it is posted.
_Int = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class _Line(msgspec.Struct, tag_field="kind", frozen=True):
    id: str
    time: float


_Header = tuple[Annotated[str, msgspec.Meta(max_length=1024)], Annotated[str, msgspec.Meta(max_length=1024)] | None]
_Headers = Annotated[list[_Header], msgspec.Meta(max_length=50)]


class _Exchanged(msgspec.Struct, frozen=True):
    request: _Headers
    answer: _Headers

    def told(self) -> RecordedHeaders:
        return RecordedHeaders([Header(*one) for one in self.request], [Header(*one) for one in self.answer])


class _Request(_Line, tag="request", frozen=True):
    method: str
    path: str
    query: str
    status: _Int
    ms: float
    bytes_in: _Int
    bytes_out: _Int
    cold_start_ms: float | None
    type: str = "http"
    client: str = ""
    htmx: bool = False
    error: str | None = None
    headers: _Exchanged | None = None


class _Log(_Line, tag="log", frozen=True):
    text: str
    level: _Level = "info"
    request_id: str | None = None


class _Dropped(_Line, tag="dropped", frozen=True):
    count: int


class _Memory(_Line, tag="memory", frozen=True):
    bytes: _Int


_Any = _Request | _Log | _Dropped | _Memory
_DECODER: msgspec.json.Decoder[_Any] = msgspec.json.Decoder(_Any)


class Batch(msgspec.Struct):
    """What one call brought; `bad` counts lines that could not be read."""

    requests: list[RequestRecord] = []
    logs: list[LogLine] = []
    memory: list[Sample] = []
    bad: int = 0


def read_batches(body: bytes, instance: str, version: int | None) -> Iterator[Batch]:
    """The records of a body in their order, some at a time; ids become `<instance>-<id>`."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    for first in range(0, len(lines), CHUNK_LINES):
        yield read_batch(lines[first : first + CHUNK_LINES], instance, version)


def read_batch(lines: Sequence[bytes], instance: str, version: int | None) -> Batch:
    """The records in these lines."""
    batch = Batch()
    for raw in lines:
        try:
            _take(batch, _DECODER.decode(raw), instance, version)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError, ValueError, OSError):
            batch.bad += 1
    return batch


def _take(batch: Batch, line: _Any, instance: str, version: int | None) -> None:
    record_id, time = f"{instance}-{line.id}", whole_ms(datetime.fromtimestamp(line.time, UTC))
    match line:
        case _Request():
            batch.requests.append(_record(line, record_id, time, version))
        case _Log():
            request = f"{instance}-{line.request_id}" if line.request_id else None
            batch.logs.append(LogLine(record_id, time, line.level, line.text, request, version))
        case _Memory():
            batch.memory.append((time, line.bytes))
        case _Dropped():
            text = f"{line.count} records were dropped: the app produced them faster than they could be kept"
            batch.logs.append(LogLine(record_id, time, "warning", text, None, version))


def _record(line: _Request, record_id: str, time: datetime, version: int | None) -> RequestRecord:
    return RequestRecord(
        id=record_id, time=time, method=line.method, path=line.path, query=line.query, status=line.status, ms=line.ms,
        cold_start_ms=line.cold_start_ms, bytes_in=line.bytes_in, bytes_out=line.bytes_out, version=version,
        kind=line.type, client=line.client, htmx=line.htmx, error=line.error,
        headers=line.headers.told() if line.headers else None,
    )  # fmt: skip


class Ingest:
    """An ASGI application: `POST /ingest?app=&version=&instance=` and `POST /ingest/wakes`, with the internal token."""

    def __init__(self, store: Store, token: str) -> None:
        self._store = store
        self._token = token
        self._expected = f"Bearer {token}".encode()
        self._room = asyncio.Semaphore(BODIES_AT_ONCE)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/metrics":
            await self._tell_figures(scope, send)
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
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if not self._may_post(scope, query):
            return 401
        if scope["method"] != "POST":
            return 405
        if (body := await _read(receive)) is None:
            return 413
        if scope["path"] == "/ingest/wakes":
            return await self._store_wakes(read_wakes(body))
        return await self._take(query, body)

    async def _tell_figures(self, scope: Any, send: Send) -> None:
        """What this process counts, for a Prometheus that shows the token: instances of apps can reach this port as well."""
        known = hmac.compare_digest(_header(scope, b"authorization"), self._expected)
        status = 401 if not known else 200 if scope["method"] == "GET" else 405
        headers = [(b"content-type", CONTENT_TYPE)] if status == 200 else []
        body = FIGURES.text() if status == 200 else b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _may_post(self, scope: Any, query: dict[str, list[str]]) -> bool:
        """Our own parts may tell anything; an instance that ships by itself only what is its own."""
        shown = _header(scope, b"authorization")
        if hmac.compare_digest(shown, self._expected):
            return True
        number = _one(query, "version")
        if scope["path"] != "/ingest" or not number.isdecimal():
            return False
        own = ingest_credential(self._token, _one(query, "app"), int(number), _one(query, "instance"))
        return hmac.compare_digest(shown, f"Bearer {own}".encode())

    async def _take(self, query: dict[str, list[str]], body: bytes) -> int:
        app, instance, number = (_one(query, name) for name in ("app", "instance", "version"))
        if not app or not instance:
            return 400
        try:
            await self._store.apps.get(app)
        except NotFound:
            return 410
        newest: datetime | None = None
        async with self._room:
            for batch in read_batches(body, instance, int(number) if number.isdecimal() else None):
                await asyncio.sleep(0)  # whoever waits for the loop comes first
                await self._store_batch(app, batch)
                newest = max((record.time for record in batch.requests), default=newest)
        if newest is not None:
            await self._store.apps.note_request(app, newest)
        return 204

    async def _store_batch(self, app: str, batch: Batch) -> None:
        if batch.bad:
            LOG.warning("ingest_bad_lines", app=app, count=batch.bad)
        intake, now = self._store.intake, utc_now()
        lines = await intake.lines(app, batch.logs, now)
        records = await intake.requests(app, batch.requests, now)
        await self._store.metrics.note_memory(app, batch.memory, now)
        FIGURES.ingested(requests=records, logs=lines, bad=batch.bad)

    async def _store_wakes(self, batch: WakeBatch) -> int:
        """Those of apps that are gone are let go."""
        if batch.bad or batch.dropped:
            LOG.warning("ingest_wakes_missing", bad=batch.bad, dropped=batch.dropped)
        living = await self._store.apps.of_ids({app for app, _ in batch.records})
        known = [(app, record) for app, record in batch.records if app in living]
        FIGURES.ingested(wakes=await self._store.intake.wakes(known, utc_now()), bad=batch.bad)
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
