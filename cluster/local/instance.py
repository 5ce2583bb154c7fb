"""One instance: one runner process of one version, from its launch until it is gone.

    starting ──ready──▶ ready ──▶ stopping ──▶ gone        stopping: it was told to end, or it failed and ends by itself
        └──────────failed──────────▲             ▲
        └──────────exits───────────┴─────────────┘

Only `launcher` moves an instance along; whoever owns it is told of each move (`Owner`) and can wait for two moments: `settled`
(it became ready, or will not) and `gone`.
"""

import asyncio
import secrets
import socket
import time
from pathlib import Path
from typing import Protocol

from cluster.base import Bundle, Failure, Workload
from cluster.local.cgroups import Group
from cluster.local.process import Process
from cluster.local.store import InstanceRecord, InstanceState


class Owner(Protocol):
    """Whom an instance belongs to."""

    async def listener(self) -> socket.socket | None:
        """The socket that all its instances share; None where they need none. Raises OSError where it cannot be had."""

    def changed(self, instance: "Instance") -> None:
        """It is ready, or it is on its way out without having been asked."""

    def explain(self, instance: "Instance", failure: Failure) -> None:
        """Why it died; comes after `changed`, when its exit code is known."""


class Instance:
    """What is known of one runner process. `workload` comes without its files, they lie in `code`.

    `forked`: it is certain which process it is, or that there will be none.
    """

    def __init__(self, workload: Workload, code: Path, spool: Path, owner: Owner) -> None:
        self.id = spool.name
        self.workload = workload
        self.code = code
        self.spool = spool
        self.owner = owner
        self.ticket = ""
        self.began = time.time()
        self.state: InstanceState = "starting"
        self.address: str | None = None
        self.process: Process | None = None
        self.forked = asyncio.Event()
        self.listener: socket.socket | None = None
        self.group: Group | None = None
        self.refusal_told = False
        self.exiting = False
        self.failure: Failure | None = None
        self.settled: asyncio.Future[Failure | None] = asyncio.get_running_loop().create_future()
        self.gone = asyncio.Event()
        self.kill_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def settle(self, failure: Failure | None) -> None:
        """It is ready (None) or will not be; the first word counts."""
        if not self.settled.done():
            self.settled.set_result(failure)

    @property
    def was_ready(self) -> bool:
        """It became ready at some time."""
        return self.settled.done() and self.settled.result() is None

    def renew_ticket(self) -> str:
        """A ticket that nobody has seen yet, in place of the old one."""
        self.ticket = secrets.token_urlsafe(24)
        return self.ticket

    def set_timer(self, timer: asyncio.TimerHandle | None) -> None:
        """There is one thing at a time that an instance is too late for."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = timer

    def record(self) -> InstanceRecord:
        """What a new node must know of it."""
        return InstanceRecord(
            app=self.workload.app,
            instance=self.id,
            version=self.workload.version,
            number=self.workload.number,
            digest=self.workload.digest,
            ticket=self.ticket,
            began=self.began,
            state=self.state,
            pid=self.process.pid if self.process else None,
            identity=self.process.identity if self.process else None,
            address=self.address,
        )

    def bundle(self) -> Bundle:
        """What the runner must become."""
        workload = self.workload
        return Bundle(
            app=workload.app,
            name=workload.name,
            version=workload.version,
            number=workload.number,
            instance=self.id,
            entrypoint=workload.entrypoint,
            env=workload.env,
            limits=workload.limits,
            folder=str(self.code),
        )


def new_instance_id() -> str:
    """Random, never used twice, fit for a folder's name."""
    return f"i-{secrets.token_hex(8)}"
