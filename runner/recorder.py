"""The outermost ASGI wrapper: every request becomes one record, written before its last byte leaves.

It counts requests until they really end (streams, WebSockets, background tasks), takes our own headers off before the
app sees them, and puts `Server-Timing` on a request that had to wait for a wake. It must cost next to nothing: one object
a request, one pass over the headers, one line built by hand.

The traceback of a 5xx is that of the exception being handled while the answer is sent: Starlette, FastAPI and Litestar
all send their 500 from inside the handler, so even one that never raises out to us shows its line.
"""

import time
from collections.abc import Callable
from hashlib import blake2b
from json.encoder import encode_basestring as quote
from pathlib import Path

from . import asgi, headers
from .activity import Activity
from .spool import Spool
from .streams import request_id
from .trim import Trimmer, current

PREFIX = b"x-fp-"
COLD_START = b"x-fp-cold-start"
REQUEST_ID = b"fp-request-id"
MAX_URL = 4096
MAX_CLIENTS = 4096
CLIENT_GONE = 499
EMPTY = '""'


class Clients:
    """Short keyed hashes of client addresses: the same visitor is the same, who they are cannot be read."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()[:64]
        self._known: dict[str, str] = {}

    def name(self, address: str) -> str:
        """12 hex digits, stable as long as the key is."""
        name = self._known.get(address)
        if name is None:
            if len(self._known) >= MAX_CLIENTS:
                self._known.clear()
            name = blake2b(address.encode("utf-8", "replace"), key=self._key, digest_size=6).hexdigest()
            self._known[address] = name
        return name


class Recorder:
    """Wraps `app`. `closing` makes every answer that starts from now on end its connection.

    `told` is the last exception that a record carries, so that nobody needs to log it again. `first`, while there is one, gets
    to see what each request sends (`first_byte.py`). `instance` is the id that stands before those of our records where they
    are kept; whoever sends `Fp-Request-Id` is told the whole id.
    """

    def __init__(self, app: asgi.App, spool: Spool, activity: Activity, root: Path, key: str) -> None:
        self.app = app
        self.spool = spool
        self.activity = activity
        self.trimmer = Trimmer(root)
        self.clients = Clients(key)
        self.closing = False
        self.told: BaseException | None = None
        self.first: Callable[[asgi.Send], asgi.Send] | None = None
        self.instance = ""

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        exchange = (Exchange if scope["type"] == "http" else SocketExchange)(self, scope, receive, send)
        token = request_id.set(exchange.id)
        self.activity.in_flight += 1
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except BaseException as error:
            exchange.failed(error)
            # uvicorn would close the connection under a client that has its whole answer and may be sending again.
            if not exchange.complete:
                raise
        finally:
            exchange.write()
            self.activity.end()
            request_id.reset(token)


class Exchange:
    """One HTTP request and its answer."""

    kind = "http"
    __slots__ = (
        "_receive", "_recorder", "_send", "_start", "answered", "bytes_in", "bytes_out", "cold", "complete", "error", "extra",
        "htmx", "id", "scope", "status", "time", "written",
    )  # fmt: skip

    def __init__(self, recorder: Recorder, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        self._start = time.perf_counter()
        self.time = time.time()
        self._recorder, self.scope, self._receive = recorder, scope, receive
        self._send = send if recorder.first is None else recorder.first(send)
        self.id = recorder.spool.next_id()
        self.bytes_in = self.bytes_out = 0
        self.status = 0
        self.error: BaseException | None = None
        self.written = self.complete = False
        self.htmx = False
        self.cold: float | None = None
        self.extra: asgi.Headers | None = None
        self.answered: asgi.Headers = []
        self._read_headers(scope)

    def _read_headers(self, scope: asgi.Scope) -> None:
        ours = False
        for name, value in scope["headers"]:
            if name.startswith(PREFIX):
                ours = True
                if name == COLD_START:
                    self._cold_start(value)
            elif name == b"hx-request":
                self.htmx = True
            elif name == REQUEST_ID:
                self._add((REQUEST_ID, f"{self._recorder.instance}-{self.id}".encode()))
        if ours:
            scope["headers"] = [pair for pair in scope["headers"] if not pair[0].startswith(PREFIX)]

    def _cold_start(self, value: bytes) -> None:
        try:
            waited = float(value)
        except ValueError:
            return
        if 0 <= waited < 86_400_000:
            self.cold = waited
            self._add((b"server-timing", b"wake;dur=%.1f" % waited))

    def _add(self, header: tuple[bytes, bytes]) -> None:
        """The answer will have it; one of the same name that the app sets comes before it."""
        self.extra = [*(self.extra or ()), header]

    async def receive(self) -> asgi.Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self.bytes_in += len(message.get("body", b""))
        else:
            self.status = self.status or CLIENT_GONE
        return message

    async def send(self, message: asgi.Message) -> None:
        if message["type"] == "http.response.body":
            self.bytes_out += len(message.get("body", b""))
            if not message.get("more_body", False):
                self.write()
                await self._send(message)
                self.complete = True
                return
        elif message["type"] == "http.response.start":
            self.status = message["status"]
            if self.status >= 400:
                self.answered = list(message.get("headers", ()))
                message = {**message, "headers": self.answered}
            if self.status >= 500:
                self.error = current()
            if self.extra is not None or self._recorder.closing:
                message = self._with_headers(message)
        await self._send(message)

    def _with_headers(self, message: asgi.Message) -> asgi.Message:
        extra = list(self.extra or ())
        if self._recorder.closing:
            extra.append((b"connection", b"close"))
        return {**message, "headers": [*message.get("headers", ()), *extra]}

    def failed(self, error: BaseException) -> None:
        """The app raised out to us; the server answers 500 where nothing was sent yet."""
        if not self.written:
            self.error = error
            self.status = self.status or 500
        elif error is not self.error:
            text = f"after its answer the request failed\n{self._recorder.trimmer.text(error)}"
            self._recorder.spool.log("error", text, self.id)
            self._recorder.told = error

    def write(self) -> None:
        """The record, once."""
        if self.written:
            return
        self.written = True
        spent = (time.perf_counter() - self._start) * 1000
        scope, client = self.scope, self.scope.get("client")
        query = scope["query_string"]
        name = self._recorder.clients.name(client[0]) if client else ""
        self._recorder.spool.append(
            f'{{"kind":"request","id":"{self.id}","time":{self.time:.6f},"type":"{self.kind}",'
            f'"method":{quote(scope.get("method", "GET"))},"path":{quote(scope["path"][:MAX_URL])},'
            f'"query":{quote(query.decode("latin-1")[:MAX_URL]) if query else EMPTY},"status":{self.status or 500},'
            f'"ms":{spent:.3f},"bytes_in":{self.bytes_in},"bytes_out":{self.bytes_out},'
            f'"cold_start_ms":{"null" if self.cold is None else self.cold},"client":"{name}",'
            f'"htmx":{"true" if self.htmx else "false"},"error":{self._told()}{self._headers()}}}\n'.encode(
                "utf-8", "replace"
            )
        )

    def _headers(self) -> str:
        failed = (self.status or 500) >= 400
        return f',"headers":{headers.told(self.scope["headers"], self.answered)}' if failed else ""

    def _told(self) -> str:
        if self.error is None:
            return "null"
        self._recorder.told = self.error
        return quote(self._recorder.trimmer.text(self.error))


class SocketExchange(Exchange):
    """One WebSocket, from handshake to close. `status`: 101 once accepted, else what the handshake was answered."""

    kind = "websocket"
    __slots__ = ()

    async def receive(self) -> asgi.Message:
        message = await self._receive()
        if message["type"] == "websocket.receive":
            self.bytes_in += _size(message)
        elif message["type"] == "websocket.disconnect":
            self.status = self.status or CLIENT_GONE
        return message

    async def send(self, message: asgi.Message) -> None:
        match message["type"]:
            case "websocket.send":
                self.bytes_out += _size(message)
            case "websocket.accept":
                self.status = 101
                if self.extra is not None:
                    message = {**message, "headers": [*message.get("headers", ()), *self.extra]}
            case "websocket.http.response.start":  # refused with an answer of the app's own
                self.status = message["status"]
                self.answered = list(message.get("headers", ()))
                message = {**message, "headers": [*self.answered, *(self.extra or ())]}
            case "websocket.close":
                self.status = self.status or 403
        await self._send(message)


def _size(message: asgi.Message) -> int:
    data = message.get("bytes")
    return len(data) if data is not None else len((message.get("text") or "").encode())
