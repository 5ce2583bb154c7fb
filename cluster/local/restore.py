"""What a new node does about the instances of an earlier one: take over, end, or bury.

A record names a process by pid and identity; only a process that has both is trusted or touched. One that runs the live
version is taken over as it is, with its visitors none the wiser; any other (of a deploy that was cut short, of a version that
is no longer live, of an app that is deleted) is told to end.
"""

from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from cluster.base import Failure, Workload
from cluster.local import post_mortem
from cluster.local.app import App
from cluster.local.instance import Instance
from cluster.local.launcher import Launcher
from cluster.local.process import Process
from cluster.local.shipper import Shipper
from cluster.local.store import InstanceRecord, Store

log = structlog.get_logger(__name__)


class _Nobody:
    """Owner of an instance that has only to end."""

    async def listener(self) -> None:
        """Nobody asks it anything."""

    def changed(self, instance: Instance) -> None:
        """Nobody serves from it."""

    def explain(self, instance: Instance, failure: Failure) -> None:
        """Nobody asks."""


def restore_instances(apps: dict[str, App], store: Store, launcher: Launcher, shipper: Shipper) -> None:
    """Deal with every instance that has a record; `apps` are the live ones, all asleep so far."""
    for record in store.records():
        process = None if record.pid is None else Process.open(record.pid, record.identity)
        if process is None:
            _bury(record, store, shipper, ran_out=launcher.warden.ran_out(record.instance))
        elif not _take_over(record, process, apps.get(record.app), launcher):
            log.warning(
                "instance ends", app=record.app, instance=record.instance, reason="it is not of the live version"
            )
            instance = launcher.adopt(record, process, _remains(record), Path(), _Nobody())
            launcher.stop(instance, instance.workload.limits.grace_seconds)


def _take_over(record: InstanceRecord, process: Process, app: App | None, launcher: Launcher) -> bool:
    if app is None or app.live is None or app.serving is not None:
        return False
    if app.live.digest != record.digest or record.state not in ("starting", "ready"):
        return False
    app.restore(app.live, app.folder, launcher.adopt(record, process, app.live, app.folder, app))
    log.info("instance taken over", app=record.app, instance=record.instance, pid=process.pid)
    return True


def _bury(record: InstanceRecord, store: Store, shipper: Shipper, *, ran_out: bool) -> None:
    spool = store.spool(record.app, record.instance)
    if record.state in ("starting", "ready"):
        with suppress(OSError):
            why = ": the app used more than its memory" if ran_out else ""
            tail = post_mortem.native_tail(spool)
            post_mortem.write(spool, f"Process ended while the platform was not running{why}", tail)
        store.remember(msgspec.structs.replace(record, state="gone"))
    shipper.add(spool, record.app, record.number)
    shipper.retire(record.instance)


def _remains(record: InstanceRecord) -> Workload:
    # Ending it takes no more of its workload than this.
    return Workload(
        app=record.app,
        name=record.app,
        version=record.version,
        number=record.number,
        digest=record.digest,
        files={},
        entrypoint="",
        env={},
        hosts=[],
    )
