"""What the activator's HTTP listener answers: the wake call, the table, activity, app operations, health and metrics."""

import base64
import hmac
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from activator.answers import Answer, problem
from activator.directory import Directory, awake
from activator.http import Reply, Request
from activator.metrics import Metrics
from activator.operations import NOT_YET, Operations
from activator.request import waiting
from activator.rooms import Rooms
from activator.stand_in import StandIn
from activator.table import Acknowledgement, Table
from activator.wake import Wake

NOT_FOUND = problem(404, "not_found", "Not found", "There is nothing at that path.")
_OPEN = frozenset({"/healthz", "/readyz", "/metrics", "/error"})
_OPERATIONS = {"wake": "POST", "sleep": "POST", "route": "GET"}
UNROUTED = "unrouted"
"""Query of the wake call on the route for hosts that have none of their own."""
PASSED = Answer(200, (("Content-Type", "text/plain"),), b"ok\n")


class Server:
    """The handler of every request. `wake` goes first: it is the one that is asked often."""

    def __init__(
        self,
        *,
        token: str,
        directory: Directory,
        rooms: Rooms,
        wake: Wake,
        operations: Operations,
        table: Table,
        metrics: Metrics,
    ) -> None:
        # forwardAuth can show a credential only as the user and password of an address.
        basic = base64.b64encode(f"fp:{token}".encode())
        self._credentials = (f"Bearer {token}".encode(), b"Basic " + basic)
        self._directory = directory
        self._rooms = rooms
        self._wake = wake
        self._operations = operations
        self._table = table
        self._metrics = metrics
        self._stand_in = StandIn(directory, wake)

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        if request.path in _OPEN:
            return self._openly(request)
        if not self._may_ask(request.headers.get(b"authorization", b"")):
            return problem(401, "not_logged_in", "Who is it?", "This listener is for the platform's own parts.")
        if request.path == "/wake":
            call = waiting(request.headers, unrouted=request.query == UNROUTED)
            answer = self._wake.at_once(call)
            return self._wake.hold(call) if answer is None else answer
        return self._other(request)

    def _openly(self, request: Request) -> Answer:
        """What needs no credential: it tells nothing that the door does not tell anybody."""
        match request.path:
            case "/healthz":
                return PASSED
            case "/readyz":
                return PASSED if self._directory.synced.is_set() else NOT_YET
            case "/metrics":
                return self._exposition()
            case _:
                return self._stand_in.answer(request)

    def _other(self, request: Request) -> Reply:
        if request.path == "/table" and request.method == "GET":
            return self._stream(request)
        if request.path == "/activity" and request.method == "POST":
            return self._activity(request)
        parts = request.path.split("/")
        if len(parts) == 4 and parts[1] == "apps" and parts[3] in _OPERATIONS:
            return self._operate(request.method, parts[2], parts[3])
        return NOT_FOUND

    def _operate(self, method: str, app: str, verb: str) -> Reply:
        allowed = _OPERATIONS[verb]
        if method != allowed:
            text = f"Use {allowed}."
            return problem(405, "method_not_allowed", "Method not allowed", text, headers=(("Allow", allowed),))
        operation: Callable[[str], Coroutine[Any, Any, Answer]] = getattr(self._operations, verb)
        return operation(app)

    def _may_ask(self, shown: bytes) -> bool:
        return any(hmac.compare_digest(shown, credential) for credential in self._credentials)

    def _exposition(self) -> Answer:
        self._metrics.waiting.set(self._rooms.size)
        self._metrics.awake.set(sum(map(awake, self._directory.views())))
        return Answer(200, (("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),), self._metrics.text())

    def _activity(self, request: Request) -> Answer:
        try:
            self._table.acknowledge(msgspec.json.decode(request.body, type=Acknowledgement))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return problem(400, "bad_request", "Not an acknowledgement", str(error))
        return Answer(204)

    async def _stream(self, request: Request) -> Answer | None:
        connection = request.connection
        connection.begin_stream("application/x-ndjson")
        stream = await self._table.open(request.argument("plugin"), connection.send_chunk)
        try:
            await connection.closed.wait()
        finally:
            self._table.close(stream)
        return None
