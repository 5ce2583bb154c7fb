"""The reconcile loop: one pass at start, after each resync with the cluster, when an app changed, and every 30 seconds.

With several workers one of them leads, by a lease that it extends while it lives; the others wait for it to run out.
"""

import asyncio
from contextlib import suppress

import structlog

from control.domain.errors import StoreUnavailable
from control.domain.ids import new_id
from control.lifecycle.reconcile import Reconciler
from control.lifecycle.signals import Bell
from control.store import Store
from control.workers.retrying import through_outages

log = structlog.get_logger("control.reconcile")

LEASE = "reconcile"
LEASE_SECONDS = 15.0
RENEW_SECONDS = 5.0
EVERY_SECONDS = 30.0
# Changes come in bursts (a deploy writes several); one pass sees them all.
SETTLE_SECONDS = 0.05


class ReconcileWorker:
    """`run`, `lead` and `listen` are three tasks of one process; `ring` asks for a pass now."""

    def __init__(self, store: Store, reconciler: Reconciler) -> None:
        self._store = store
        self._reconciler = reconciler
        self._name = new_id()
        self._bell = Bell()
        self._leading = asyncio.Event()

    def ring(self) -> None:
        self._bell.ring()

    def leads(self) -> bool:
        """Whether this process has the lease."""
        return self._leading.is_set()

    async def listen(self) -> None:
        """Rings whenever an app's document changed."""
        async for _ in self._store.apps.changes():
            self._bell.ring()

    async def lead(self) -> None:
        """Takes and keeps the lease for ever; cancelled, it gives the lease up."""
        try:
            await through_outages("leader", self._renew)
        finally:
            with suppress(StoreUnavailable):
                await self._store.leases.release(LEASE, self._name)

    async def run(self) -> None:
        """Reconciles while this process leads."""
        await through_outages("reconcile", self._turn)

    async def _renew(self) -> None:
        try:
            leads = await self._store.leases.acquire(LEASE, self._name, LEASE_SECONDS)
        except BaseException:
            self._leading.clear()
            raise
        if leads and not self._leading.is_set():
            log.info("this worker leads", worker=self._name)
            self._leading.set()
            self._bell.ring()
        if not leads:
            self._leading.clear()
        await asyncio.sleep(RENEW_SECONDS)

    async def _turn(self) -> None:
        await self._leading.wait()
        await self._reconciler.run_once()
        if await self._bell.wait(EVERY_SECONDS):
            await asyncio.sleep(SETTLE_SECONDS)
