"""Runners that check in: each shows its ticket, receives its bundle, says when it is ready, and answers how busy it is.

The moment a runner of a waking app's live version says `ready`, the directory has its address, and with that the waiting room
is released and the table tells it; the cluster is told meanwhile. A runner of a version that is not live yet is a deploy's
business: what it says is passed on. A lost connection changes nothing, the runner comes back by itself.
"""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, cast

import msgspec
import structlog

from activator import frames
from activator.directory import Directory
from activator.wake_notes import Report
from activator.wakes import Wakes
from cluster.base import Bundle, Cluster, InstanceReport, Unavailable, UnknownTicket

PROTOCOL = 1
BUNDLE_SECONDS = 10.0
RETRY_SECONDS = 0.1
REPORT_SECONDS = 10.0

log = structlog.get_logger(__name__)


class CheckIn:
    """Every runner that is connected, by instance."""

    def __init__(
        self,
        cluster: Cluster,
        directory: Directory,
        wakes: Wakes,
        tasks: asyncio.TaskGroup,
        *,
        slow_seconds: float,
    ) -> None:
        self._cluster = cluster
        self._directory = directory
        self._wakes = wakes
        self._tasks = tasks
        self.slow_seconds = slow_seconds
        self._connections: dict[str, Connection] = {}
        self._closing = False

    def connection(self) -> "Connection":
        """The protocol of a new connection."""
        return Connection(self)

    async def ask(self, instance: str, seconds: float) -> frames.Activity | None:
        """How busy that instance is; None when it is not connected or does not answer in time."""
        connection = self._connections.get(instance)
        return None if connection is None else await connection.ask(seconds)

    def holds(self, instance: str) -> bool:
        """Whether that instance is connected here."""
        return instance in self._connections

    async def left(self, instance: str, seconds: float) -> bool:
        """Wait until the instance's connection is closed; false when it is not within `seconds`."""
        connection = self._connections.get(instance)
        if connection is None:
            return True
        try:
            async with asyncio.timeout(seconds):
                await connection.closed.wait()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Close every connection; the runners come back to whoever listens next."""
        self._closing = True
        for connection in list(self._connections.values()):
            connection.close()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a task that stops the process if it dies."""
        return self._tasks.create_task(work, name=name)

    async def greet(self, connection: "Connection", hello: frames.Hello) -> None:
        """Answer a `hello`; the cluster may be away for as long as a start may take."""
        at = time.monotonic()
        try:
            bundle = await self._until_closed(connection, self._bundle(hello, connection.peer))
        except UnknownTicket:
            connection.refuse("nobody expects that ticket")
            return
        except TimeoutError:
            connection.close()
            return
        if bundle is None:
            return
        connection.bundle, connection.ticket = bundle, hello.ticket
        self._connections[hello.instance] = connection
        connection.send({"type": "welcome"} if hello.serving else {"type": "bundle", **msgspec.to_builtins(bundle)})
        if hello.serving:
            self.ready(connection, frames.Ready())
        elif self._is_live(bundle):
            # Whoever waited in a pool began long before anybody asked for the app.
            report = Report(bundle.instance, {} if hello.pooled else hello.phases)
            self._wakes.hello(bundle.app, report, time.monotonic() if hello.pooled else at)

    def _is_live(self, bundle: Bundle) -> bool:
        view = self._directory.get(bundle.app)
        return view is not None and view.version == bundle.version

    async def _until_closed(self, connection: "Connection", work: Coroutine[Any, Any, Bundle]) -> Bundle | None:
        """What `work` gives; None where the connection was closed before."""
        working, closed = asyncio.create_task(work), asyncio.create_task(connection.closed.wait())
        try:
            await asyncio.wait({working, closed}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() and not connection.closed.is_set() else None
        finally:
            working.cancel()
            closed.cancel()

    async def _bundle(self, hello: frames.Hello, peer: str) -> Bundle:
        ends = time.monotonic() + BUNDLE_SECONDS
        while True:
            try:
                return await self._cluster.bundle(hello.ticket, hello.instance, peer)
            except Unavailable:
                if time.monotonic() > ends:
                    raise TimeoutError from None
                await asyncio.sleep(RETRY_SECONDS)

    def ready(self, connection: "Connection", ready: frames.Ready) -> None:
        """The runner serves: release those who wait, then tell the cluster."""
        bundle = connection.bundle
        if bundle is None:
            return
        # Before it is announced: that ends the wake.
        self._wakes.report(bundle.app, Report(bundle.instance, ready.phases, ready.modules, ready.start))
        announced = self._directory.announce(
            bundle.app,
            version=bundle.version,
            instance=bundle.instance,
            ticket=connection.ticket,
            address=connection.address,
        )
        report = InstanceReport(bundle.instance, "ready", address=connection.address, phases=ready.phases)
        connection.reporting = self.spawn(
            self._report(report, bundle.app if announced else None), f"report {bundle.instance}"
        )

    def failed(self, connection: "Connection", failed: frames.Failed) -> None:
        """The runner will exit; the cluster decides what that means and the directory hears of it."""
        if (bundle := connection.bundle) is not None:
            self._wakes.report(bundle.app, Report(bundle.instance, failed.phases))
            report = InstanceReport(bundle.instance, "failed", failure=failed.failure)
            self.spawn(self._report(report, None), f"report {report.instance}")

    def first_byte(self, connection: "Connection", frame: frames.FirstByte) -> None:
        """The runner began its first answer."""
        if connection.bundle is not None:
            self._wakes.first_byte(connection.bundle.instance, frame.ms)

    async def _report(self, report: InstanceReport, announced: str | None) -> None:
        try:
            async with asyncio.timeout(REPORT_SECONDS):
                while True:
                    try:
                        await self._cluster.report(report)
                        break
                    except Unavailable:
                        await asyncio.sleep(RETRY_SECONDS)
        except TimeoutError:
            log.warning("the cluster could not be told", instance=report.instance, phase=report.phase)
        finally:
            if announced is not None:
                self._directory.settle(announced)

    def lost(self, connection: "Connection") -> None:
        """The connection is closed."""
        bundle = connection.bundle
        if bundle is not None and self._connections.get(bundle.instance) is connection:
            del self._connections[bundle.instance]
            if not self._closing:
                # Alive and coming back, or dead: the cluster finds out.
                self.spawn(self._report_lost(bundle.instance, connection.reporting), f"lost {bundle.instance}")

    async def _report_lost(self, instance: str, reporting: asyncio.Task[None] | None) -> None:
        """After the cluster knows that it was ready, or it would take it for one that still starts."""
        if reporting is not None:
            await asyncio.wait({reporting})
        await self._report(InstanceReport(instance, "lost"), None)


class Connection(asyncio.Protocol):
    """One runner's connection."""

    def __init__(self, owner: CheckIn) -> None:
        self._owner = owner
        self._splitter = frames.Splitter()
        self._transport: asyncio.Transport | None = None
        self._hello: frames.Hello | None = None
        self._asked: dict[int, asyncio.Future[frames.Activity]] = {}
        self._last_id = 0
        self.peer = ""
        self.closed = asyncio.Event()
        self.bundle: Bundle | None = None
        self.ticket = ""
        self.reporting: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where the instance serves, `host:port`."""
        return f"{self.peer}:{self._hello.port}" if self._hello is not None else ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol. Who does not say hello in time is cut off."""
        self._transport = cast(asyncio.Transport, transport)
        self.peer = transport.get_extra_info("peername")[0]
        asyncio.get_running_loop().call_later(self._owner.slow_seconds, self._expect_hello)

    def _expect_hello(self) -> None:
        if self._hello is None:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.closed.set()
        for future in self._asked.values():
            future.cancel()
        self._owner.lost(self)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol. Whoever sends anything but frames in their order is cut off."""
        try:
            for frame in self._splitter.feed(data):
                self._handle(frame)
        except frames.FrameError as error:
            log.warning("check-in connection refused", peer=self.peer, error=str(error))
            self.close()

    def _handle(self, frame: frames.Frame) -> None:
        if isinstance(frame, frames.Hello):
            if self._hello is not None or frame.protocol != PROTOCOL or not 0 < frame.port < 65536:
                raise frames.FrameError("an unexpected hello")
            self._hello = frame
            self._owner.spawn(self._owner.greet(self, frame), f"greet {frame.instance}")
        elif isinstance(frame, frames.Ready):
            self._owner.ready(self, frame)
        elif isinstance(frame, frames.Failed):
            self._owner.failed(self, frame)
        elif isinstance(frame, frames.FirstByte):
            self._owner.first_byte(self, frame)
        elif (future := self._asked.pop(frame.id, None)) is not None and not future.done():
            future.set_result(frame)

    async def ask(self, seconds: float) -> frames.Activity | None:
        """How busy the runner is; None when it does not answer within `seconds`."""
        self._last_id += 1
        answer = self._asked[self._last_id] = asyncio.get_running_loop().create_future()
        self.send({"type": "ask", "id": self._last_id})
        done, _ = await asyncio.wait({answer}, timeout=seconds)
        self._asked.pop(self._last_id, None)
        return answer.result() if done and not answer.cancelled() else None

    def send(self, message: dict[str, Any]) -> None:
        """Write one frame; nothing when the connection is closed."""
        if self._transport is not None and not self.closed.is_set():
            self._transport.write(frames.encode(message))

    def refuse(self, reason: str) -> None:
        """Say no, and close."""
        self.send({"type": "refused", "reason": reason})
        self.close()

    def close(self) -> None:
        """Close once what was written is out."""
        if self._transport is not None:
            self._transport.close()
