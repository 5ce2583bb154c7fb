"""Starts, watches and stops instances; the only place where an instance changes its state.

A death is noticed by the process handle; its exit code comes from the zygote a moment later. Where the process died while
starting, the runner's own report is waited for as well: it travels through the activator and may be overtaken by the death.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import structlog

from cluster import base
from cluster.exits import exit_failure
from cluster.local import folders, post_mortem
from cluster.local.instance import Instance, Owner, new_instance_id
from cluster.local.process import Process
from cluster.local.service import DESCRIPTOR
from cluster.local.settings import NodeSettings
from cluster.local.shipper import Shipper
from cluster.local.spool import NATIVE_LOG
from cluster.local.store import InstanceRecord, Store
from cluster.local.warden import Warden
from cluster.local.warm import Warm
from cluster.local.zygote import Fork, ForkFailed, Zygote

log = structlog.get_logger(__name__)

LATE_SECONDS = 2.0
"""A runner reports its own start_timeout; one that does not is killed this much later."""
CODE_SECONDS = 0.25
REPORT_SECONDS = 0.5
EXIT_SECONDS = 2.0
"""What an instance that serves nobody gets between SIGTERM and SIGKILL."""

LOOPBACK = "127.0.0.1,::1"
"""Where the door is, seen from a runner."""

Spawn = Callable[[Coroutine[Any, Any, None], str], object]


class Launcher:
    """All instances of the node. `spawn(coroutine, name)` starts a task that lives as long as the node."""

    def __init__(self, settings: NodeSettings, store: Store, shipper: Shipper, spawn: Spawn) -> None:
        self._settings = settings
        self._store = store
        self._shipper = shipper
        self._spawn = spawn
        self._zygote = Zygote(settings.zygote_command)
        self._instances: dict[str, Instance] = {}
        self._tickets: dict[str, Instance] = {}
        self.warden = Warden(settings.folder / "limits.json", settings.cgroups, self.instances)
        self.warm = Warm(self._zygote, self.warden, settings.warm_mb, spawn)

    async def run(self) -> None:
        """Keep the zygote running, and the instances within their limits, until cancelled."""
        await asyncio.gather(self._zygote.run(), self.warden.run(), self.warm.run())

    def instances(self, app: str | None = None) -> list[Instance]:
        """Those that are not gone, of one app or of all."""
        return [one for one in self._instances.values() if app in (None, one.workload.app)]

    def processes(self, app: str | None = None) -> list[Process]:
        """Their processes, as far as they have not ended."""
        return [one.process for one in self.instances(app) if one.process is not None and not one.exiting]

    async def by_ticket(self, ticket: str) -> Instance | None:
        """The instance that must show this ticket, if one is expected.

        A fork that is not confirmed yet may be given up for another one, whose ticket is another: nobody becomes the
        instance before that is decided, or there could be two of it.
        """
        instance = self._tickets.get(ticket)
        if instance is not None:
            await instance.forked.wait()
        is_expected = instance is not None and instance.ticket == ticket and instance.state in ("starting", "ready")
        return instance if is_expected else None

    def launch(self, workload: base.Workload, code: Path, owner: Owner) -> Instance:
        """Begin an instance; answers at once, `owner` and `settled` tell the rest."""
        instance = self._make(workload, code, new_instance_id(), owner)
        self._instances[instance.id] = instance
        self._spawn(self._start(instance), f"start {instance.id}")
        return instance

    def adopt(
        self, record: InstanceRecord, process: Process, workload: base.Workload, code: Path, owner: Owner
    ) -> Instance:
        """Take over an instance that an earlier node launched."""
        instance = self._make(workload, code, record.instance, owner)
        instance.ticket, instance.began, instance.address = record.ticket, record.began, record.address
        instance.process = process
        instance.forked.set()
        self._instances[instance.id] = self._tickets[instance.ticket] = instance
        self._shipper.add(instance.spool, workload.app, record.number)
        self.warden.adopt(instance)
        if record.address is None:
            self._await_ready(instance)
        else:
            instance.state = "ready"
            instance.settle(None)
        process.watch(lambda: self._exited(instance, process.pid))
        return instance

    def report(self, report: base.InstanceReport) -> None:
        """What a runner said of itself; passed over when it says nothing new."""
        instance = self._instances.get(report.instance)
        if instance is None or instance.state != "starting":
            return
        if report.phase == "failed":
            failure = report.failure or base.Failure("startup_failed", "The app did not start")
            # The runner exits by itself after this; SIGTERM first would only cut its last words short.
            self._fail(instance, failure, EXIT_SECONDS)
        elif report.address is not None and not instance.exiting:
            instance.state, instance.address = "ready", report.address
            instance.set_timer(None)
            instance.settle(None)
            instance.owner.changed(instance)
            # After the watchers, who may have visitors waiting.
            asyncio.get_running_loop().call_soon(self._note_ready, instance, report)

    def stop(self, instance: Instance, seconds: float) -> None:
        """SIGTERM, and SIGKILL after `seconds`, sooner where nothing is served yet. Once is enough; later calls only hurry."""
        if instance.state == "gone":
            return
        if instance.state == "starting":
            seconds = min(seconds, EXIT_SECONDS)
        if instance.state != "stopping" and instance.process is not None:
            instance.process.signal(signal.SIGTERM)
        instance.state = "stopping"
        instance.settle(base.Failure("killed", "The instance was stopped before it was ready"))
        if instance.process is None:
            self._zygote.forgo(instance.id)
        else:
            self._kill_after(instance, seconds)
            self._store.remember(instance.record())

    def _note_ready(self, instance: Instance, report: base.InstanceReport) -> None:
        if instance.state == "ready":
            self.warden.ready(instance)
            self.warm.consider(instance, report.phases.get("imports", 0.0))
            self._store.remember(instance.record())
        log.info("instance ready", app=instance.workload.app, instance=instance.id, phases=report.phases)

    def _make(self, workload: base.Workload, code: Path, identifier: str, owner: Owner) -> Instance:
        limits = workload.limits
        seconds = min(limits.start_seconds, self._settings.start_seconds)
        workload = msgspec.structs.replace(workload, limits=msgspec.structs.replace(limits, start_seconds=seconds))
        return Instance(workload, code, self._store.spool(workload.app, identifier), owner)

    async def _start(self, instance: Instance) -> None:
        workload = instance.workload
        try:
            instance.listener = await instance.owner.listener()
            self.warden.prepare(instance)
            folders.make_folder(instance.spool)
            self._shipper.add(instance.spool, workload.app, workload.number)
            seconds = workload.limits.start_seconds
            pid = await self.warm.fork(instance, lambda: self._fork_message(instance))
            if pid is None:
                pid = await self._zygote.fork(instance.id, lambda: self._fork_message(instance), seconds)
        except (ForkFailed, OSError) as error:
            self._fail(instance, base.Failure("start_timeout", f"The app could not be started: {error}"), 0.0)
            await self._finish(instance)
            return
        finally:
            instance.forked.set()
        process = instance.process = Process.open(pid)
        if process is None:
            self._exited(instance, pid)
            return
        process.watch(lambda: self._exited(instance, pid))
        self._store.remember(instance.record())
        if instance.state == "stopping":
            self._kill(instance)
        elif instance.state == "starting":
            self._await_ready(instance)

    def _fork_message(self, instance: Instance) -> tuple[Fork, list[int]]:
        # A process that an earlier attempt may have left must find its ticket void.
        self._tickets.pop(instance.ticket, None)
        self._tickets[instance.renew_ticket()] = instance
        limits = instance.workload.limits
        environment = {
            "FP_TICKET": instance.ticket,
            "FP_INSTANCE": instance.id,
            "FP_CHECKIN": f"127.0.0.1:{self._settings.checkin_port}",
            "FP_SPOOL": str(instance.spool),
            "FP_START_SECONDS": f"{limits.start_seconds:g}",
            "FP_TRUSTED_PROXIES": ",".join(filter(None, (LOOPBACK, self._settings.trusted_proxies))),
        }
        descriptors: list[int] = []
        if instance.listener is not None and instance.listener.fileno() >= 0:
            environment["FP_SERVICE_FD"] = str(DESCRIPTOR)
            descriptors.append(instance.listener.fileno())
        log_file = str(instance.spool / NATIVE_LOG)
        cgroups = instance.group.join if instance.group is not None else []
        fork = Fork(
            instance.id,
            environment,
            log_file,
            limits.memory_mb,
            len(descriptors),
            cgroups=cgroups,
            nproc=self.warden.nproc,
        )
        return fork, descriptors

    def _await_ready(self, instance: Instance) -> None:
        seconds = instance.workload.limits.start_seconds + LATE_SECONDS
        instance.set_timer(asyncio.get_running_loop().call_later(seconds, self._overdue, instance))

    def _overdue(self, instance: Instance) -> None:
        message = f"The app was not ready within {instance.workload.limits.start_seconds:g} s"
        tail = post_mortem.native_tail(instance.spool)
        self._write_post_mortem(instance, message, tail)
        self._fail(instance, base.Failure("start_timeout", message, traceback="\n".join(tail) or None), 0.0)

    def _fail(self, instance: Instance, failure: base.Failure, seconds: float) -> None:
        if instance.state != "starting":
            return
        instance.state, instance.failure = "stopping", failure
        instance.settle(failure)
        self._kill_after(instance, seconds)
        instance.owner.changed(instance)
        log.info("instance failed", app=instance.workload.app, instance=instance.id, code=failure.code)

    def _kill_after(self, instance: Instance, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        when = loop.time() + seconds
        if instance.kill_at is None or when < instance.kill_at:
            instance.kill_at = when
            instance.set_timer(loop.call_at(when, self._kill, instance))

    def _kill(self, instance: Instance) -> None:
        if instance.process is not None:
            instance.process.signal(signal.SIGKILL)

    def _exited(self, instance: Instance, pid: int) -> None:
        instance.exiting = True
        self._spawn(self._conclude(instance, pid), f"conclude {instance.id}")

    async def _conclude(self, instance: Instance, pid: int) -> None:
        before = instance.state
        if before == "ready":
            instance.state = "stopping"
            instance.owner.changed(instance)
        code = instance.process.reap() if instance.process is not None else None
        if code is None:
            code = await self._zygote.exit_code(pid, CODE_SECONDS)
        if before == "starting" and (code is None or code >= 0):
            await asyncio.wait({instance.settled}, timeout=REPORT_SECONDS)
        if before == "ready" or instance.state == "starting":
            tail = post_mortem.native_tail(instance.spool)
            failure = self.warden.verdict(instance) or exit_failure(code, ready=before == "ready", tail=tail)
            self._write_post_mortem(instance, failure.message, tail)
            self._fail(instance, failure, 0.0)
            instance.failure = failure
            instance.owner.explain(instance, failure)
        await self._finish(instance)

    async def _finish(self, instance: Instance) -> None:
        await self.warden.clear(instance)
        instance.state = "gone"
        instance.set_timer(None)
        self._instances.pop(instance.id, None)
        self._tickets.pop(instance.ticket, None)
        if instance.process is not None:
            self._store.remember(instance.record())
            instance.process.close()
        self._shipper.retire(instance.id)
        instance.gone.set()

    def _write_post_mortem(self, instance: Instance, message: str, tail: list[str]) -> None:
        log.warning("instance died", app=instance.workload.app, instance=instance.id, reason=message)
        try:
            post_mortem.write(instance.spool, message, tail)
        except OSError as error:
            log.error("post mortem not written", instance=instance.id, error=str(error))
