"""One deploy, from draft to live: an async generator of its stored steps, in the order of `fp.api.deploys.STAGES`.

Every step is written before it is told, and only over the step before it; so this can die at any line. Whoever claims
the deploy next begins where the documents say: the version is not written twice, applying it again is nothing new to
the cluster, and going live twice is the same as once. Being overtaken by a newer deploy shows as LostRace, at the next
step at the latest.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Protocol

import msgspec

from cluster.base import Checkpoint, Cluster, DeployFailed, Failure, Unavailable, UnknownApp, Workload
from control.domain import deploys as moves
from control.domain.apps import Live, Version, code_hash
from control.domain.clock import Clock
from control.domain.deploys import Deploy
from control.domain.errors import NotFound, SecretUnreadable
from control.lifecycle.bindings import bind_database
from control.lifecycle.signals import Backoff
from control.lifecycle.workload import Recipe, build_workload
from control.store import Store
from fp.api.deploys import StageName
from fp.api.problems import Finding
from fp.validation import ValidationResult


class Validate(Protocol):
    """`control.lifecycle.rules.Validator`."""

    async def __call__(self, files: Mapping[str, str], entrypoint: str) -> ValidationResult: ...


Reachable = Callable[[str], Awaitable[None]]
"""Returns once the door leads visitors to the app of that id, or when that took too long; raises nothing."""
UNAVAILABLE_SECONDS = 60.0
APPLY_TRIES = 3
HINTS = {
    "import_failed": "Mend this line and deploy again; the traceback shows how it was reached.",
    "startup_failed": "Look at what the app does when it starts (lifespan); the traceback shows the line.",
    "exited": "Something ends the process while the app is imported (os._exit, a crash in native code): take it out.",
    "killed": "The system ended the process, often for its memory: let the app do less when it starts.",
    "out_of_memory": "Load less when the app starts, or give apps more with FP_APP_MEMORY_MB.",
    "start_timeout": "Move slow or endless work out of the import and the lifespan, into a request or a background task.",
    "bundle_failed": "Deploy again; if it stays, the platform's log says more.",
}


class _Failed(Exception):
    """The deploy cannot go on; the findings say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings[0].message)
        self.findings = findings


class DeployRun:
    """One claimed deploy and what it needs. `steps` may be iterated once."""

    def __init__(
        self,
        deploy: Deploy,
        *,
        store: Store,
        cluster: Cluster,
        reachable: Reachable,
        validate: Validate,
        recipe: Recipe,
        clock: Clock,
    ) -> None:
        self._deploy = deploy
        self._store = store
        self._cluster = cluster
        self._reachable = reachable
        self._validate = validate
        self._recipe = recipe
        self._clock = clock
        self._cancelled_by = deploy.cancelled_by

    async def cancel(self, by: str) -> None:
        """Somebody wants it ended. What it has not begun it does not begin; a version that starts the cluster is told to give
        up, and the cluster decides whether that came in time. Call it again while the deploy lasts. Raises Unavailable.
        """
        self._cancelled_by = by
        await self._cluster.abandon(self._deploy.app, self._deploy.version_id)

    async def steps(self) -> AsyncGenerator[Deploy, None]:
        """The deploy after each step, stored; the last one is succeeded or failed.

        Raises LostRace when it is no longer ours (superseded, deleted, claimed by another worker) and StoreUnavailable;
        in both cases somebody else ends it, or it is claimed again.
        """
        try:
            async for step in self._stages():
                yield step
        except _Failed as failure:
            yield await self._move(moves.fail(self._deploy, failure.findings, self._now()))
        except (NotFound, UnknownApp) as error:
            finding = Finding(code="gone", message=f"it was deleted during the deploy: {error}")
            yield await self._move(moves.fail(self._deploy, [finding], self._now()))

        except SecretUnreadable as error:
            finding = Finding(
                code="secret_unreadable", message=str(error), hint="an administrator must restore the key"
            )
            yield await self._move(moves.fail(self._deploy, [finding], self._now()))

    async def _stages(self) -> AsyncIterator[Deploy]:
        if self._deploy.attempts > moves.MAX_ATTEMPTS:
            raise _Failed([moves.gave_up(moves.MAX_ATTEMPTS)])
        await self._store.deploys.supersede_older(self._deploy, self._now())
        if self._deploy.version is None:
            async for step in self._write():
                yield step
        if moves.running_stage(self._deploy) is None:
            self._check_wanted()
        async for step in self._start():
            yield step

    async def _write(self) -> AsyncIterator[Deploy]:
        """The stages `validate` and `version`."""
        self._check_wanted()
        source = await self._store.deploys.source(self._deploy.id)
        yield await self._begin("validate", f"Checking {_count(len(source.files), 'file')}")
        result = await self._validate(source.files, source.entrypoint)
        if not result.ok:
            raise _Failed(list(result.findings) or [Finding(code="invalid", message="the app cannot be deployed")])
        yield await self._end(f"{result.framework or 'asgi'} app in {source.entrypoint}")
        yield await self._begin("version", "Writing the version")
        app = await self._store.apps.get(self._deploy.app)
        version = await self._store.versions.write(
            Version(
                id=self._deploy.version_id,
                app=app.id,
                number=0,
                files=source.files,
                entrypoint=source.entrypoint,
                code_hash=code_hash(source.files, source.entrypoint),
                framework=result.framework,
                deploy=self._deploy.id,
                by=self._deploy.by,
                created_at=self._now(),
                config=source.config,
                rollback_of=source.rollback_of,
            )
        )
        yield await self._end(f"Version {version.number} written", version=version.number)
        kept = (await self._store.settings.get()).versions_kept
        await self._store.versions.prune(app.id, app.live.version if app.live else None, kept)

    async def _start(self) -> AsyncIterator[Deploy]:
        """The stages `start` and `ready`."""
        number = self._deploy.version
        yield await self._begin("start", f"Starting version {number}")
        app, uri = await bind_database(self._store, await self._store.apps.get(self._deploy.app), self._clock)
        version = await self._store.versions.get(self._deploy.version_id)
        secrets = self._store.vault.opened(app.id, version.config)
        async for step in self._apply(build_workload(app, version, uri, self._recipe, secrets=secrets)):
            yield step
        await self._reachable(app.id)
        live = Live(version.id, version.number, self._deploy.number)
        went_back = None if version.rollback_of is None else version.config
        await self._store.apps.go_live(app.id, live, self._now(), config=went_back)
        yield await self._move(moves.succeed(self._deploy, self._now(), f"Version {number} is live"))

    async def _apply(self, workload: Workload) -> AsyncIterator[Deploy]:
        """Drives the cluster until the version is ready, through its outages and through a reconciler that interfered."""
        backoff = Backoff(0.2, 5.0)
        deadline = asyncio.get_running_loop().time() + UNAVAILABLE_SECONDS
        overtaken = 0
        while True:
            try:
                async for step in self._apply_once(workload):
                    yield step
                return
            except DeployFailed as error:
                if error.failure.code == moves.CANCELLED:
                    raise _Failed([moves.cancelled(self._cancelled_by or self._deploy.by)]) from error
                # Only a deploy newer than this one may overtake it, and that one would have ended this one's document.
                overtaken += 1
                if error.failure.code != moves.SUPERSEDED or overtaken >= APPLY_TRIES:
                    raise _Failed([to_finding(error.failure)]) from error
                yield await self._move(moves.tell(self._deploy, "Starting again", self._now()))
            except Unavailable as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise _Failed([cluster_unavailable(str(error))]) from error
                yield await self._move(moves.tell(self._deploy, "Waiting for the cluster", self._now()))
            await backoff.wait()

    async def _apply_once(self, workload: Workload) -> AsyncIterator[Deploy]:
        async with aclosing(checkpoints(self._cluster, workload)) as told:
            async for checkpoint in told:
                if self._cancelled_by is not None:
                    # It was asked for before the cluster knew what to abandon.
                    await self._cluster.abandon(workload.app, workload.version)
                if checkpoint.stage == "ready":
                    yield await self._reach_ready(checkpoint.message)
                else:
                    yield await self._move(moves.tell(self._deploy, checkpoint.message, self._now()))
        yield await self._reach_ready("Routing to it")

    async def _reach_ready(self, message: str) -> Deploy:
        stage = moves.running_stage(self._deploy)
        if stage is not None and stage.name == "start":
            await self._end("")
            return await self._begin("ready", message)
        return await self._move(moves.tell(self._deploy, message, self._now()))

    def _check_wanted(self) -> None:
        """Raises what ends a cancelled deploy; only where the cluster has nothing of it yet."""
        if self._cancelled_by is not None:
            raise _Failed([moves.cancelled(self._cancelled_by)])

    async def _begin(self, name: StageName, message: str) -> Deploy:
        return await self._move(moves.begin(self._deploy, name, message, self._now()))

    async def _end(self, message: str, *, version: int | None = None) -> Deploy:
        return await self._move(moves.end(self._deploy, message, self._now(), version=version))

    async def _move(self, moved: Deploy) -> Deploy:
        self._deploy = await self._store.deploys.save(moved)
        return self._deploy

    def _now(self) -> datetime:
        return self._clock()


async def checkpoints(cluster: Cluster, workload: Workload) -> AsyncGenerator[Checkpoint, None]:
    """`cluster.apply` as a generator that can be closed, whatever the implementation returns."""
    async for checkpoint in cluster.apply(workload):
        yield checkpoint


def to_finding(failure: Failure) -> Finding:
    """What the cluster says of a failed start, as a user's finding; with a way out also where the cluster knows none."""
    said = msgspec.structs.asdict(failure)
    return Finding(**said | {"hint": failure.hint or HINTS.get(failure.code)})


def cluster_unavailable(reason: str) -> Finding:
    return Finding(
        code="cluster_unavailable",
        message=f"what runs the apps could not be reached for {UNAVAILABLE_SECONDS:g} s: {reason}",
        hint="deploy again once the platform is ready (GET /api/ready says so)",
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
