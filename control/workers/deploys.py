"""The deploy worker: claims deploys that wait, drives a few at once, and lets go of those it has lost.

A claim is a lease of a few seconds that a heartbeat extends. When this process dies the lease runs out and the deploy
is claimed again, here or elsewhere. When a deploy was ended by somebody else (a newer one of the same app, a deletion)
the next heartbeat fails and the run is cancelled; the change stream makes that heartbeat come at once. A deploy that
hits a bug of ours fails by itself; it takes neither the process nor the other deploys with it.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import NamedTuple

import structlog

from cluster.base import Unavailable
from control.domain.clock import Clock
from control.domain.deploys import Deploy
from control.domain.errors import LostRace, NotFound, StoreUnavailable
from control.domain.ids import new_id
from control.figures import FIGURES
from control.lifecycle.audit import note_deploy
from control.lifecycle.deploying import DeployRun
from control.lifecycle.signals import Backoff, Bell
from control.store import Store
from control.workers.cancelling import cancelled
from control.workers.retrying import through_outages
from fp.api.problems import Finding

log = structlog.get_logger("control.deploys")

CONCURRENT_DEPLOYS = 4
LEASE_SECONDS = 6.0
HEARTBEAT_SECONDS = 2.0
# No event tells that a lease ran out, so somebody has to look.
LOOK_SECONDS = 2.0
HAND_BACK_SECONDS = 60.0

INTERNAL = Finding(
    code="internal",
    message="the platform made a mistake while it deployed this version",
    hint="the platform's log has the details; deploying again may help",
)


class _Held(NamedTuple):
    """A claimed deploy at work here; ringing `check` has its lease, and whether it is still wanted, looked at now."""

    deploy: str
    check: Bell
    run: DeployRun


class DeployWorker:
    """`run` and `listen` are two tasks of one process. `ended` is called after each deploy that ended here."""

    def __init__(
        self, store: Store, make_run: Callable[[Deploy], DeployRun], ended: Callable[[], None], clock: Clock
    ) -> None:
        self._store = store
        self._make_run = make_run
        self._ended = ended
        self._clock = clock
        self._bell = Bell()
        self._slots = asyncio.Semaphore(CONCURRENT_DEPLOYS)
        self._held: dict[str, _Held] = {}

    async def listen(self) -> None:
        """Rings for each deploy that is new, and has the heartbeat look at those at work that moved."""
        async for deploy_id in self._store.deploys.changes():
            self._bell.ring()
            for held in self._held.values():
                if held.deploy == deploy_id:
                    held.check.ring()

    async def run(self) -> None:
        """Claims and works for ever; cancelled, it hands back what it holds."""
        async with asyncio.TaskGroup() as tasks:
            await through_outages("deploys", lambda: self._turn(tasks))

    async def _turn(self, tasks: asyncio.TaskGroup) -> None:
        await self._slots.acquire()
        claimed = False
        try:
            # A name for each claim: a deploy that this process lost and claims again is not the same claim.
            deploy = await self._store.deploys.claim(new_id(), LEASE_SECONDS)
            if deploy is not None:
                tasks.create_task(self._work(deploy), name=f"deploy-{deploy.id}")
                claimed = True
        finally:
            if not claimed:
                self._slots.release()
        if not claimed:
            await self._bell.wait(LOOK_SECONDS)

    async def _work(self, deploy: Deploy) -> None:
        log.info("deploy begins", deploy=deploy.id, app=deploy.app, number=deploy.number, attempt=deploy.attempts)
        claim = deploy.claimed_by or ""
        held = self._held[claim] = _Held(deploy.id, Bell(), self._make_run(deploy))
        drive = asyncio.create_task(self._drive(deploy, held.run), name=f"drive-{deploy.id}")
        hold = asyncio.create_task(self._hold(held, claim), name=f"hold-{deploy.id}")
        try:
            await asyncio.wait({drive, hold}, return_when=asyncio.FIRST_COMPLETED)
            if not drive.done():
                log.info("deploy let go: somebody else ended or has it", deploy=deploy.id, app=deploy.app)
        finally:
            stopping = not drive.done() and not hold.done()
            await cancelled((drive, hold))
            if stopping:
                with suppress(StoreUnavailable):
                    await self._store.deploys.release(deploy.id, claim)
            del self._held[claim]
            self._slots.release()
            self._ended()
            await self._tell_end(deploy.id)

    async def _tell_end(self, deploy_id: str) -> None:
        """Tells that a deploy is over now, whoever ended it: how it ended is what its document says. Twice is once."""
        with suppress(StoreUnavailable, NotFound):
            deploy = await self._store.deploys.get(deploy_id)
            if deploy.status != "running":
                FIGURES.deploy_ended(deploy.status)
                await self._store.events.deploy_ended(deploy)
                await note_deploy(self._store, deploy, self._clock())

    async def _hold(self, held: _Held, claim: str) -> None:
        """Extends the lease; returns when it is lost."""
        while True:
            await held.check.wait(HEARTBEAT_SECONDS)
            try:
                deploy = await self._store.deploys.extend(held.deploy, claim, LEASE_SECONDS)
                if deploy is None:
                    return
                if deploy.cancelled_by is not None:
                    await held.run.cancel(deploy.cancelled_by)
            except (StoreUnavailable, Unavailable) as error:
                log.warning("heartbeat missed", deploy=held.deploy, reason=str(error))

    async def _drive(self, deploy: Deploy, run: DeployRun) -> None:
        last = deploy
        try:
            async with aclosing(run.steps()) as steps:
                async for step in steps:
                    last = step
        except LostRace as error:
            log.info("deploy let go", deploy=deploy.id, app=deploy.app, reason=str(error))
        except StoreUnavailable as error:
            log.warning("deploy interrupted", deploy=deploy.id, app=deploy.app, reason=str(error))
            await self._hand_back(deploy)
        except Exception:
            log.exception("deploy hit a bug", deploy=deploy.id, app=deploy.app)
            with suppress(StoreUnavailable):
                await self._store.deploys.end_failed(deploy.id, INTERNAL, self._clock())
        else:
            codes = [finding.code for finding in last.findings]
            log.info("deploy ended", deploy=deploy.id, app=deploy.app, status=last.status, codes=codes)

    async def _hand_back(self, deploy: Deploy) -> None:
        """Gives the deploy back once MongoDB answers again; if that takes too long, the lease has run out anyway."""
        backoff = Backoff(0.2, 2.0)
        deadline = asyncio.get_running_loop().time() + HAND_BACK_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            await backoff.wait()
            try:
                await self._store.deploys.release(deploy.id, deploy.claimed_by or "")
            except StoreUnavailable:
                continue
            return
