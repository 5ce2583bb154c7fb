"""A runner's life, in order, on one screen: `become`.

Listen, check in, take the bundle, import the user's code, find the app, start it, say `ready`, serve, drain. The socket
listens first, so a connection that comes early waits in its queue. Up to the import everything is blocking and there is
no thread but this one; what goes wrong until `ready` is told to the activator as a Failure, and the process exits 1.
"""

import asyncio
import atexit
import contextlib
import faulthandler
import gc
import itertools
import math
import os
import signal
import socket
import sys
import time
from typing import NoReturn

from uvicorn.loops.auto import auto_loop_factory

from . import bundle as bundles
from . import checkin, deadline, loading, memory, post_mortem, static, wire
from .activity import Activity
from .failure import StartFailed, StartTimeout, from_error, plain, timed_out
from .first_byte import FirstByte
from .imported import Prepared
from .lifespan import Lifespan
from .link import Link
from .recorder import Recorder
from .reserved import Reserved
from .server import Server
from .settings import Settings, SettingsError, take
from .sharing import Sharing
from .shipper import Shipper
from .spool import Spool
from .streams import Capture
from .timing import ImportTimer

DEFAULT_START_SECONDS = 20.0
BACKLOG = 2048
SHIP_SECONDS = 25.0
"""For the last records, with control away; the pod's grace has room for it."""
MISCONFIGURED, FAILED = 2, 1


class Phases:
    """Milliseconds per phase of the start, in order. `began`: when the process started, monotonic."""

    def __init__(self, began: float) -> None:
        self._last = began
        self.spent: dict[str, float] = {}

    def end(self, name: str) -> None:
        """The phase of that name ends now; the next begins."""
        now = time.monotonic()
        self.spent[name] = round((now - self._last) * 1000, 2)
        self._last = now


def run_alone() -> None:
    """A runner without a zygote, as `boot.py serve`. Never returns."""
    gc.disable()
    run(_process_start(), Prepared("process"))


def run_pooled() -> None:
    """A runner that is everything but an app yet, and waits for the bundle of any, as `boot.py pool`. Never returns."""
    from .preload import preload

    preload()
    run(_process_start(), Prepared("pool"))


def run(began: float, prepared: Prepared) -> NoReturn:
    """Be a runner from here on, with what is `prepared`; `began`: when this process started, monotonic."""
    code = FAILED
    try:
        # A container's first process has no default actions for signals.
        signal.signal(signal.SIGTERM, signal.SIG_DFL if os.getpid() != 1 else lambda *_: os._exit(143))
        settings = take(os.environ)
        code = (
            post_mortem.ship(settings.spool)
            if prepared.level in {"process", "pool"} and post_mortem.comes_after(settings)
            else Runner(settings, began, prepared).become()
        )
    except SettingsError as error:
        os.write(2, f"{error}\n".encode())
        code = MISCONFIGURED
    except BaseException:  # whatever it is, a forked child must not fall back into the zygote's loop
        with contextlib.suppress(Exception):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


class Runner:
    """One instance: what it has from the start to the end."""

    def __init__(self, settings: Settings, began: float, prepared: Prepared) -> None:
        self.settings = settings
        self.prepared = prepared
        self.phases = Phases(began)
        self.began = began
        self.spool = Spool(settings.spool)
        self.capture = prepared.capture or Capture(self.spool, echo=settings.echo)
        self.activity = Activity()
        self.deadline = deadline.Deadline(began, settings.start_seconds or DEFAULT_START_SECONDS)
        self.listener = socket.create_server((settings.bind, settings.port), backlog=BACKLOG)
        self.port: int = self.listener.getsockname()[1]
        self.shipper: Shipper | None = None
        self.service = None if settings.service is None else socket.socket(fileno=settings.service)

    def become(self) -> int:
        """The whole life; the process's exit code."""
        faulthandler.enable(file=2)
        if self.prepared.capture is None:
            self.capture.start()
        else:
            self.capture.point(self.spool, echo=self.settings.echo)
        self.phases.end("process")
        try:
            until = math.inf if self.prepared.level == "pool" else self.deadline.at
            sock, frame = checkin.check_in(self.settings, self._hello(serving=False), until)
        except (checkin.Refused, checkin.NobodyThere) as error:
            os.write(2, f"the runner could not check in: {error}\n".encode())
            return FAILED
        if self.prepared.level == "pool":
            self.began = time.monotonic()
            self.phases = Phases(self.began)
        else:
            self.phases.end("checkin")
        try:
            return self._live(sock, self._unpack(frame))
        except StartFailed as failed:
            self.spool.log("error", str(failed.failure["traceback"] or failed.failure["message"]), None)
            checkin.tell_failure(sock, self.settings, self._hello(serving=False), failed.failure)
            return FAILED
        finally:
            self.capture.settle(0)
            self.spool.close()
            if self.shipper is not None:
                # Told to go by now or not, this must be done first.
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                self.shipper.finish(SHIP_SECONDS)

    def _hello(self, *, serving: bool) -> wire.Message:
        pooled = self.prepared.level == "pool" and not serving
        return checkin.hello(self.settings, self.port, serving=serving, phases=self.phases.spent, pooled=pooled)

    def _unpack(self, frame: wire.Message) -> bundles.Bundle:
        try:
            return bundles.unpack(frame)
        except wire.WireError as error:
            raise plain("bundle_failed", str(error)) from None

    def _live(self, sock: socket.socket, bundle: bundles.Bundle) -> int:
        if bundle.target is not None:
            bundle.target.write(self.settings.spool)
            self.shipper = Shipper(self.settings.spool, bundle.target)
        if self.settings.start_seconds is None:
            self.deadline = deadline.Deadline(self.began, bundle.start_seconds)
        loop = auto_loop_factory()()
        # What the user's code asks the event loop for while it is imported must be the loop that will run.
        asyncio.set_event_loop(loop)
        try:
            timer = ImportTimer(bundle.root)
            app = self._app(bundle, timer)
            self.phases.end("imports")
            asyncio.set_event_loop(loop)
            serving = Serving(self, app, bundle)
            loop.run_until_complete(serving.run(sock, timer.slowest()))
        except StartTimeout as error:
            raise timed_out(error, bundle.root, self.deadline.seconds, "starting the app") from None
        finally:
            bundle.remove()
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()
        return 0

    def _app(self, bundle: bundles.Bundle, timer: ImportTimer) -> object:
        if self.prepared.level == "imported":
            return self.prepared.app
        bundles.enter(bundle)
        return loading.load(bundle, self.deadline, timer)


class Serving:
    """The part of the life that has an event loop."""

    def __init__(self, runner: Runner, app: object, bundle: bundles.Bundle) -> None:
        settings = runner.settings
        self._runner, self._bundle = runner, bundle
        inner = static.Static(app, bundle.root / "static") if static.wanted(app, bundle.root) else app  # type: ignore[arg-type]
        if bundle.sharing:
            inner = Sharing(inner, bundle.sharing)  # type: ignore[arg-type]
        recorder = Recorder(inner, runner.spool, runner.activity, bundle.root, settings.ticket)  # type: ignore[arg-type]
        recorder.instance = settings.instance if bundle.target is None else bundle.target.instance
        self._recorder = recorder
        self._front = Reserved(recorder, runner.activity, settings.ticket)
        self._lifespan = Lifespan(app, bundle.root, runner.deadline)  # type: ignore[arg-type]  # finder saw that it is ASGI
        sockets = [runner.listener] if runner.service is None else [runner.listener, runner.service]
        self._server = Server(self._front, recorder, self._lifespan, sockets, settings.trusted)
        self._grace = settings.grace_seconds or bundle.grace_seconds

    async def run(self, sock: socket.socket, modules: list[list[object]]) -> None:
        """From the app's startup to its shutdown. Raises StartFailed before it was ready, never afterwards."""
        stopping = asyncio.Event()
        await self._start()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        self._front.ready = True
        alive = self._say_ready(sock, modules)
        gc.freeze()
        gc.enable()
        if self._runner.shipper is not None:
            self._runner.shipper.start()
        link = Link(self._runner.settings.checkin, self._runner.activity, lambda: self._runner._hello(serving=True))
        FirstByte(self._recorder, lambda ms: link.tell({"type": "first_byte", "ms": ms}))
        async with asyncio.TaskGroup() as tasks:
            side = [
                tasks.create_task(link.run(sock if alive else None), name="check-in"),
                tasks.create_task(self._tick(), name="tick"),
            ]
            await stopping.wait()
            await self._stop()
            for task in side:
                task.cancel()

    async def _start(self) -> None:
        runner = self._runner
        try:
            # The lifespan keeps the deadline itself; the alarm is for code that blocks the event loop.
            runner.deadline.arm(extra=0.5)
            await self._server.start()
        except (StartFailed, StartTimeout):
            raise
        except BaseException as error:
            raise from_error("startup_failed", error, self._bundle.root) from None
        finally:
            runner.deadline.disarm()
        runner.phases.end("startup")

    def _say_ready(self, sock: socket.socket, modules: list[list[object]]) -> bool:
        frame = wire.encode(
            {
                "type": "ready",
                "phases": self._runner.phases.spent,
                "modules": modules,
                "start": self._runner.prepared.level,
            }
        )
        try:
            sock.settimeout(1.0)
            sock.sendall(frame)
        except OSError:
            sock.close()
            return False
        return True

    async def _stop(self) -> None:
        margin = min(2.0, self._grace * 0.2)
        ends = time.monotonic() + self._grace - margin / 2
        await self._server.drain(self._grace - margin)
        try:
            await self._lifespan.shutdown(max(ends - time.monotonic(), 0.1))
        except BaseException as error:  # the app is going down anyway; its error is told
            text = from_error("shutdown_failed", error, self._bundle.root).failure["traceback"]
            self._runner.spool.log("error", f"the app's shutdown failed\n{text}", None)

    async def _tick(self) -> None:
        for second in itertools.count():
            await asyncio.sleep(1.0)
            await self._server.tick()
            self._runner.capture.settle()
            self._runner.spool.tick()
            if second % memory.EVERY_SECONDS == 0:
                self._runner.spool.memory(memory.used_bytes())


def _process_start() -> float:
    """When this process started, on the monotonic clock; now, where the system does not say (10 ms exact on Linux)."""
    try:
        with open("/proc/self/stat", "rb") as file:  # noqa: PTH123 - before anything else is imported
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        return min(time.monotonic(), ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError):
        return time.monotonic()
