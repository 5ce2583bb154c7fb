"""Bringing a version up beside the one that serves: a pod of its own, followed until it is ready, then one write.

The pod (the candidate) is nobody's until then, so whatever becomes of it touches nothing that serves. The write is the
Deployment with the new version in it, made on the condition that nobody changed it since we saw that our candidate still
stands: of two deploys the newer one wins, in whatever processes they run, because it removes the older one's candidate first.
The Deployment's new ReplicaSet then adopts the candidate (`keeper`).

A process that dies in the middle leaves a candidate behind, with a name that follows from its digest: the same deploy, asked
for again, goes on with it.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from typing import Literal

import structlog

from cluster.base import Checkpoint, ClusterError, DeployFailed, Failure, Unavailable, UnknownApp, Workload
from cluster.kubernetes import names, objects, state, words
from cluster.kubernetes.api import Api, Conflict, Forbidden, Invalid, NotThere
from cluster.kubernetes.kinds import Deployment, Named, Pod
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.settings import KubernetesSettings
from cluster.paths import UnsafePath, checked_name, checked_path

OBSTACLE_SECONDS = 5.0
"""What keeps a pod from starting may pass: an image is pulled again, a node comes up."""
LOOK_SECONDS = 1.0
CUT_OFF_SECONDS = 1.0
MOST_NAMES = 20

log = structlog.get_logger(__name__)


class Deploys:
    """The deploys that this process runs, one an app."""

    def __init__(self, api: Api, paths: names.Paths, mirror: Mirror, settings: KubernetesSettings) -> None:
        self._api = api
        self._paths = paths
        self._mirror = mirror
        self._settings = settings
        self._running: dict[str, Deploy] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def follow(self, workload: Workload) -> AsyncGenerator[Checkpoint, None]:
        """See Cluster.apply."""
        _check(workload)
        await self._mirror.synced()
        running = self._running.get(workload.app)
        if running is not None and running.workload.digest == workload.digest:
            async for checkpoint in running.follow():
                yield checkpoint
            return
        if running is None and await self._is_live(workload):
            return
        if running is not None:
            running.give_up(superseded())
        async for checkpoint in self._start(workload).follow():
            yield checkpoint

    def _start(self, workload: Workload) -> "Deploy":
        deploy = self._running[workload.app] = Deploy(workload, self._api, self._paths, self._mirror, self._settings)

        def done() -> None:
            if self._running.get(workload.app) is deploy:
                del self._running[workload.app]

        task = asyncio.create_task(deploy.run(done), name=f"deploy {workload.app}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return deploy

    async def _is_live(self, workload: Workload) -> bool:
        try:
            deployment = await self._api.get(self._paths.deployment(workload.app), Deployment)
        except NotThere:
            return False
        notes = deployment.metadata.annotations
        return notes.get(names.DIGEST) == workload.digest and not notes.get(names.FAILURE)

    async def aclose(self) -> None:
        """Leave them where they are."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def abandon(self, app: str, version: str) -> None:
        """See Cluster.abandon."""
        running = self._running.get(app)
        if running is not None and running.workload.version == version:
            running.give_up(cancelled())

    def forget(self, app: str) -> None:
        """The app is deleted."""
        if (running := self._running.get(app)) is not None:
            running.give_up(UnknownApp(f"app {app} was deleted"))


class Deploy:
    """`run` it once; `follow` it any number of times."""

    def __init__(
        self, workload: Workload, api: Api, paths: names.Paths, mirror: Mirror, settings: KubernetesSettings
    ) -> None:
        self.workload = workload
        self._api = api
        self._paths = paths
        self._mirror = mirror
        self._settings = settings
        self._edition = names.edition(workload.digest)
        self._pod = f"{names.app_name(workload.app)}-{self._edition[:10]}"
        self._told: list[Checkpoint] = []
        self._news = asyncio.Event()
        self._stop = asyncio.Event()
        self._error: ClusterError | None = None
        self._given_up: ClusterError | None = None
        self._ended = False

    def give_up(self, error: ClusterError) -> None:
        """End without going live, if that is still possible; whoever follows gets `error`."""
        self._given_up = self._given_up or error
        self._stop.set()

    async def follow(self) -> AsyncGenerator[Checkpoint, None]:
        """Its checkpoints from the first; raises what made it fail."""
        seen = 0
        while True:
            news = self._news
            while seen < len(self._told):
                seen += 1
                yield self._told[seen - 1]
            if self._ended:
                break
            await news.wait()
        if self._error is not None:
            raise self._error

    async def run(self, done: Callable[[], None]) -> None:
        """Do it; raises nothing. `done` is called before its followers hear of the end."""
        try:
            await self._perform()
        except ClusterError as error:
            self._error = error
        except asyncio.CancelledError:
            self._error = ClusterError("the process that ran the deploy ends")
            raise
        except Exception as error:
            log.exception("deploy broke", app=self.workload.app)
            self._error = ClusterError(f"the deploy broke: {error}")
        finally:
            done()
            self._ended = True
            self._tell(None)

    async def _perform(self) -> None:
        self._say("start", f"Starting version {self.workload.number}")
        await self._api.patch(
            self._paths.bundle(self.workload.app, self._edition), objects.bundle_secret(self.workload), "apply"
        )
        try:
            await self._remove_older()
            await self._make_candidate()
            await self._ready()
            await self._go_live()
        except DeployFailed:
            await self._give_back()
            raise
        self._say("ready", f"Version {self.workload.number} is ready")

    # --- the candidate ------------------------------------------------------------------------------------------------

    async def _remove_older(self) -> None:
        """Whatever was being deployed before us."""
        for pod in await self._candidates():
            if pod.metadata.labels.get(names.EDITION) != self._edition and not pod.leaving:
                path = self._paths.pod(pod.metadata.name)
                try:
                    await self._api.patch(path, {"metadata": {"annotations": {names.SUPERSEDED: self._edition}}})
                except NotThere:
                    continue
                await self._api.delete(path, uid=pod.metadata.uid)

    async def _candidates(self) -> list[Pod]:
        found, _ = await self._api.list(self._paths.pods, Pod, f"{names.APP}={self.workload.app},{names.ROLE}=app")
        return [pod for pod in found if pod.metadata.annotations.get(names.OF_DEPLOY)]

    async def _make_candidate(self) -> None:
        secret, base = secrets.token_urlsafe(24), self._pod
        for number in range(MOST_NAMES):
            self._check_wanted()
            # The one of an earlier try may still be on its way out.
            self._pod = base if number == 0 else f"{base}-{number}"
            try:
                await self._api.create(
                    self._paths.pods, objects.candidate(self.workload, self._pod, secret, self._settings)
                )
                return
            except Conflict:
                if await self._is_shared():
                    return
            except (Forbidden, Invalid) as error:
                raise DeployFailed(words.refusal(str(error))) from None
        raise DeployFailed(Failure("start_timeout", "Its former instances do not end"))

    async def _is_shared(self) -> bool:
        """Whether the same deploy is under way already, here or elsewhere, or was left there by a process that died."""
        try:
            pod = await self._api.get(self._paths.pod(self._pod), Pod)
        except NotThere:
            return False
        return not pod.leaving and not state.is_dead(pod) and not state.is_buried(pod)

    async def _ready(self) -> None:
        """Wait until its runner says so; raises why it never will."""
        began = time.monotonic()
        seconds = self.workload.limits.start_seconds + self._settings.start_margin
        stuck: float | None = None
        cut_off: float | None = None
        seen = False
        with self._mirror.changes(self.workload.app) as changed:
            while True:
                changed.clear()
                self._check_wanted()
                cut_off = None if self._mirror.current else (cut_off or time.monotonic())
                if cut_off is not None and time.monotonic() - cut_off > CUT_OFF_SECONDS:
                    raise Unavailable("the API server cannot be followed")
                pod = self._mirror.find(self._pod)
                seen = seen or pod is not None
                if pod is None or pod.leaving:
                    await self._judge_absence(pod, seen)
                elif (failure := _failure(pod)) is not None:
                    raise DeployFailed(failure)
                elif state.is_ready(pod):
                    return
                else:
                    self._say_once("start", words.progress(pod))
                    stuck = (stuck or time.monotonic()) if words.obstacle(pod) else None
                    self._check_time(pod, began, seconds, stuck)
                await self._wait(changed)

    def _check_time(self, pod: Pod, began: float, seconds: float, stuck: float | None) -> None:
        now = time.monotonic()
        if now - began > seconds or (stuck is not None and now - stuck > OBSTACLE_SECONDS):
            raise DeployFailed(words.too_late(pod, seconds))

    async def _wait(self, changed: asyncio.Event) -> None:
        # Told of a change, given up, or simply late: whatever comes first.
        waits = [asyncio.create_task(changed.wait()), asyncio.create_task(self._stop.wait())]
        await asyncio.wait(waits, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _judge_absence(self, pod: Pod | None, seen: bool) -> None:
        if pod is None and not seen:
            return
        if pod is not None and pod.metadata.annotations.get(names.SUPERSEDED):
            raise superseded()
        if pod is not None and (failure := _failure(pod) or words.obstacle(pod)) is not None:
            raise DeployFailed(failure)
        if any(other.metadata.name != self._pod for other in await self._candidates()):
            raise superseded()
        raise UnknownApp(f"app {self.workload.app} was deleted while it was deployed")

    # --- going live ---------------------------------------------------------------------------------------------------

    async def _go_live(self) -> None:
        path = self._paths.deployment(self.workload.app)
        replicas = 0 if self.workload.blocked else 1
        manifest = objects.deployment(self.workload, secrets.token_urlsafe(24), self._settings, replicas=replicas)
        while True:
            version = await self._version_of(path)
            # In this order: who comes after us removes our candidate before it writes.
            await self._check_candidate()
            self._check_wanted()
            try:
                if version is None:
                    await self._api.create(self._paths.deployments, manifest)
                else:
                    manifest["metadata"]["resourceVersion"] = version
                    await self._api.patch(path, manifest, "apply")
                break
            except Conflict:
                continue
            except NotThere:
                continue
        await self._mirror.until(self.workload.app, self._is_told, LOOK_SECONDS)
        await self._clear_up()

    def _is_told(self) -> bool:
        view = self._mirror.view(self.workload.app)
        return view is not None and view.digest == self.workload.digest

    async def _version_of(self, path: str) -> str | None:
        try:
            return (await self._api.get(path, Named)).metadata.resource_version
        except NotThere:
            return None

    async def _check_candidate(self) -> None:
        try:
            pod = await self._api.get(self._paths.pod(self._pod), Pod)
        except NotThere:
            pod = None
        if pod is None or pod.leaving:
            await self._judge_absence(pod, True)

    async def _clear_up(self) -> None:
        """The old version drains, and its bundle goes; what came after us stays."""
        keep = {self._edition} | {pod.metadata.labels.get(names.EDITION) for pod in await self._candidates()}
        for pod in self._mirror.of(self.workload.app):
            is_old = pod.metadata.labels.get(names.EDITION) not in keep
            if (is_old or self.workload.blocked) and not pod.leaving and not state.is_buried(pod):
                await self._api.delete(self._paths.pod(pod.metadata.name), uid=pod.metadata.uid)
        bundles, _ = await self._api.list(self._paths.secrets, Named, f"{names.APP}={self.workload.app}")
        own = next((each for each in bundles if each.metadata.labels.get(names.EDITION) == self._edition), None)
        for each in bundles:
            is_old = own is None or each.metadata.creation_timestamp < own.metadata.creation_timestamp
            if is_old and each.metadata.labels.get(names.EDITION) not in keep:
                await self._api.delete(f"{self._paths.secrets}/{each.metadata.name}")

    async def _give_back(self) -> None:
        """A deploy that failed leaves nothing behind but what serves."""
        view = self._mirror.view(self.workload.app)
        pod = self._mirror.find(self._pod)
        if view is not None and view.digest == self.workload.digest:
            return
        if pod is None or not state.is_buried(pod):
            # A buried one has its last lines to ship first.
            await self._api.delete(self._paths.pod(self._pod), uid=pod.metadata.uid if pod else "")
        await self._api.delete(self._paths.bundle(self.workload.app, self._edition))

    # --- telling ------------------------------------------------------------------------------------------------------

    def _check_wanted(self) -> None:
        if self._given_up is not None:
            raise self._given_up

    def _say(self, stage: Literal["start", "ready"], message: str) -> None:
        self._tell(Checkpoint(stage, message))

    def _say_once(self, stage: Literal["start", "ready"], message: str) -> None:
        if self._told[-1].message != message:
            self._say(stage, message)

    def _tell(self, checkpoint: Checkpoint | None) -> None:
        if checkpoint is not None:
            self._told.append(checkpoint)
        news, self._news = self._news, asyncio.Event()
        news.set()


def cancelled() -> DeployFailed:
    """What an apply ends with that was abandoned in time."""
    return DeployFailed(Failure("cancelled", "It was cancelled before it went live"))


def superseded() -> DeployFailed:
    """What the older of two applies ends with."""
    return DeployFailed(Failure("superseded", "A newer version was deployed meanwhile"))


def _failure(pod: Pod) -> Failure | None:
    """What its runner said, or how its process ended."""
    if (said := state.failure_of(pod.metadata.annotations.get(names.FAILED, ""))) is not None:
        return said
    return words.death(pod, pod.death) if pod.death is not None else None


def _check(workload: Workload) -> None:
    try:
        for name in (workload.app, workload.version):
            checked_name(name)
        for path in workload.files:
            checked_path(path)
    except UnsafePath as error:
        raise DeployFailed(Failure("bundle_failed", str(error))) from None
