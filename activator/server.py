"""What the activator's HTTP listener answers: the wake call, the table, activity, app operations, health and metrics."""

import hmac

import msgspec

from activator.answers import Answer, problem
from activator.directory import Directory, awake
from activator.http import Reply, Request
from activator.metrics import Metrics
from activator.operations import NOT_YET, Operations
from activator.request import waiting
from activator.rooms import Rooms
from activator.table import Acknowledgement, Table
from activator.wake import Wake

NOT_FOUND = problem(404, "not_found", "Not found", "There is nothing at that path.")
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
        self._credential = f"Bearer {token}".encode()
        self._directory = directory
        self._rooms = rooms
        self._wake = wake
        self._operations = operations
        self._table = table
        self._metrics = metrics

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        if request.path == "/healthz":
            return PASSED
        if request.path == "/readyz":
            return PASSED if self._directory.synced.is_set() else NOT_YET
        if request.path == "/metrics":
            return self._exposition()
        if not hmac.compare_digest(request.headers.get(b"authorization", b""), self._credential):
            return problem(401, "not_logged_in", "Who is it?", "This listener is for the platform's own parts.")
        if request.path == "/wake":
            call = waiting(request.headers)
            answer = self._wake.at_once(call)
            return self._wake.hold(call) if answer is None else answer
        return self._other(request)

    def _other(self, request: Request) -> Reply:
        if request.path == "/table" and request.method == "GET":
            return self._stream(request)
        if request.path == "/activity" and request.method == "POST":
            return self._activity(request)
        parts = request.path.split("/")
        if len(parts) == 4 and parts[1] == "apps" and parts[3] in ("wake", "sleep"):
            if request.method != "POST":
                return problem(
                    405, "method_not_allowed", "Method not allowed", "Use POST.", headers=(("Allow", "POST"),)
                )
            return self._operations.wake(parts[2]) if parts[3] == "wake" else self._operations.sleep(parts[2])
        return NOT_FOUND

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
