"""HTTP/1.1 for callers of our own: the plugin, control, a prober. Small, strict and bounded.

One request of a connection is answered at a time, later ones wait their turn in order. Whatever is malformed or too large gets
a 4xx and the connection is closed. A handler gives an Answer at once, or a coroutine for one; when the caller goes away the
coroutine is cancelled. A handler may also keep the connection for a stream of chunks.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs

import httptools
import msgspec
import structlog

from activator.answers import Answer, problem

MAX_HEAD = 64 << 10
MAX_BODY = 1 << 20
MAX_PIPELINED = 64
MAX_UNSENT = 4 << 20
SLOW_SECONDS = 10.0
LINGER_SECONDS = 1.0

log = structlog.get_logger(__name__)

_CLOSE = ("Connection", "close")
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class Request(msgspec.Struct):
    """`headers`: names in lower case, the last of a name counts. `connection` is for handlers that stream."""

    method: str
    path: str
    query: str
    headers: dict[bytes, bytes]
    body: bytes
    keep_alive: bool
    connection: "Connection"

    def argument(self, name: str) -> str:
        """The first value of a query argument, empty when there is none."""
        return parse_qs(self.query).get(name, [""])[0]


Reply = Answer | Coroutine[Any, Any, Answer | None]
Handler = Callable[[Request], Reply]


class Bad(Exception):
    """The request cannot be taken; `status` says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Listener:
    """What connections share: who answers, and which of them there are. `slow_seconds`: how long a request may take to come."""

    def __init__(self, handler: Handler, tasks: asyncio.TaskGroup, slow_seconds: float = SLOW_SECONDS) -> None:
        self.handler = handler
        self.tasks = tasks
        self.slow_seconds = slow_seconds
        self.connections: set[Connection] = set()
        self.draining = False

    def connection(self) -> "Connection":
        """The protocol of a new connection."""
        return Connection(self)

    async def drain(self, seconds: float) -> None:
        """Answer what is under way and what comes on connections that are new, and nothing more; for that long at most.

        A caller whose connection has just been accepted has its request on the way, and would not ask again.
        """
        self.draining = True
        for connection in list(self.connections):
            connection.close_if_idle()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.connections:
                    await next(iter(self.connections)).closed.wait()

    def close(self) -> None:
        """Close every connection, whatever waits for an answer: its caller asks again elsewhere."""
        for connection in list(self.connections):
            connection.abort()

    async def sweep(self) -> None:
        """Cut off, for ever, those who take too long to say what they want."""
        while True:
            await asyncio.sleep(self.slow_seconds / 3)
            now = asyncio.get_running_loop().time()
            for connection in list(self.connections):
                connection.close_if_slow(now - self.slow_seconds)


class Connection(asyncio.Protocol):
    """One caller. The `on_` methods are what the parser calls."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._queue: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        self._silent: float | None = self._loop.time()
        self._since: float | None = None
        self._unparsed = 0
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()
        self._size = 0
        self._in_head = True
        self._refused = False
        self._streams = False
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)
        self._listener.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol. Who is gone waits for nothing."""
        self._listener.connections.discard(self)
        self.closed.set()
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._refused:
            return
        try:
            self._parser.feed_data(data)
            if self._since is not None and self._in_head:
                self._wait_for_more(len(data))
            if len(self._queue) > MAX_PIPELINED:
                raise Bad(429, "too many requests at once")
        except Bad as error:
            self._refuse(error.status, str(error))
        except httptools.HttpParserError as error:
            cause = error.__context__
            status, text = (cause.status, str(cause)) if isinstance(cause, Bad) else (400, "this is not HTTP")
            self._refuse(status, text)

    def _refuse(self, status: int, text: str) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._refused = True
        self._since = None
        self._queue.clear()
        self._write(problem(status, "bad_request", _REASONS[status], text, headers=(_CLOSE,)), close=False, body=True)
        # Closing with bytes of theirs unread would reset the connection under the answer, so the rest is read and dropped.
        self._transport.write_eof()
        self._loop.call_later(LINGER_SECONDS, self.abort)

    def _grow(self, size: int, limit: int, status: int) -> None:
        self._size += size
        if self._size > limit:
            raise Bad(status, f"more than {limit} bytes")

    def _wait_for_more(self, size: int) -> None:
        # The parser tells of a header once it is whole, so one that never ends is counted here.
        self._unparsed += size
        if self._unparsed > MAX_HEAD:
            raise Bad(431, f"more than {MAX_HEAD} bytes")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._silent, self._since, self._unparsed = None, self._loop.time(), 0
        self._url, self._headers, self._body = b"", {}, bytearray()
        self._size, self._in_head = 0, True

    def on_url(self, url: bytes) -> None:
        """A part of its target."""
        self._grow(len(url), MAX_HEAD, 431)
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of it."""
        self._grow(len(name) + len(value), MAX_HEAD, 431)
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """Its head has ended."""
        self._size, self._in_head = 0, False
        if self._parser.should_upgrade():
            raise Bad(400, "no other protocol is spoken here")

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._grow(len(body), MAX_BODY, 413)
        self._body += body

    def on_message_complete(self) -> None:
        """It is whole: answer it, or let it wait for its turn."""
        self._since = None
        path, _, query = self._url.decode("latin-1").partition("?")
        method = self._parser.get_method().decode("latin-1")
        keep_alive = self._parser.should_keep_alive()
        request = Request(method, path, query, self._headers, bytes(self._body), keep_alive, self)
        if self._task is None and not self._queue:
            self._answer(request)
        else:
            self._queue.append(request)

    def _answer(self, request: Request) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        try:
            reply = self._listener.handler(request)
        except Exception:
            log.exception("a handler broke", path=request.path)
            reply = _broken()
        if isinstance(reply, Answer):
            self._finish(request, reply)
        else:
            self._begin(request, reply)

    def _begin(self, request: Request, reply: Coroutine[Any, Any, Answer | None]) -> None:
        work = self._later(request, reply)
        try:
            self._task = self._listener.tasks.create_task(work, name=f"answer {request.path}")
        except RuntimeError:  # the last moment of this process: the caller asks the next one
            work.close()
            reply.close()
            self.abort()

    async def _later(self, request: Request, reply: Coroutine[Any, Any, Answer | None]) -> None:
        try:
            answer = await reply
        except asyncio.CancelledError:
            if not self.closed.is_set():
                raise
            return
        except Exception:
            log.exception("a handler broke", path=request.path)
            answer = _broken()
        finally:
            self._task = None
        if answer is None:
            self.abort()
            return
        self._finish(request, answer)
        while self._queue and self._task is None:
            self._answer(self._queue.popleft())

    def _finish(self, request: Request, answer: Answer) -> None:
        self._write(answer, close=not request.keep_alive or self._listener.draining, body=request.method != "HEAD")

    def _write(self, answer: Answer, *, close: bool, body: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        head = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, '')}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status != 204:
            head.append(f"Content-Length: {len(answer.body)}")
        head.append("Connection: close\r\n\r\n" if close else "\r\n")
        self._transport.write("\r\n".join(head).encode("latin-1", "replace") + (answer.body if body else b""))
        if close:
            self._transport.close()

    def begin_stream(self, content_type: str) -> None:
        """Answer 200 with chunks that `send_chunk` writes, until the caller goes."""
        assert self._transport is not None
        self._streams = True
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        self._transport.write(head.encode())

    def send_chunk(self, data: bytes) -> None:
        """Write one chunk; a caller that does not read is cut off."""
        if self._transport is None or self.closed.is_set():
            return
        self._transport.write(b"%x\r\n%b\r\n" % (len(data), data))
        if self._transport.get_write_buffer_size() > MAX_UNSENT:
            self.abort()

    def close_if_idle(self) -> None:
        """Close unless a request is being answered, is being read, or is about to come for the first time; end a stream."""
        if self._streams:
            self.abort()
        elif self._silent is None and self._task is None and self._since is None and self._transport is not None:
            self._transport.close()

    def close_if_slow(self, limit: float) -> None:
        """Close where a request, or a first one's beginning, is waited for since before `limit`, by the loop's clock."""
        since = self._since or self._silent
        if since is not None and since < limit:
            self.abort()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()


def _broken() -> Answer:
    return problem(500, "internal", "The activator made a mistake", "It has been logged.")
