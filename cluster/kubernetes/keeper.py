"""What somebody must do when nobody asked: let waking apps' pods go, have the pool's adopted, note deaths, clear up.

Each activator runs one, and any of them may do any of it: every step is a write that can be made twice, or whose test fails
the second time. The one that wakes an app does what follows at once; the others only where it has not happened after a while.

An app wakes: its ReplicaSet makes a pod that waits at its gate. Where a pod of the pool has been reserved for the app, that
one is given the hash of the waiting pod's template: the ReplicaSet adopts it, has one too many, and removes the one at the
gate, which costs nothing. Otherwise the gate is opened.

An instance dies: first the pod is taken out of its ReplicaSet, so that it is not removed before the kubelet has started its
container once more; that process finds what the dead one left and ships it (runner/post_mortem). Then the app is asleep, with
the failure to show.
"""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import structlog

from cluster.base import ClusterError, Failure, Unavailable
from cluster.kubernetes import names, objects, state, words
from cluster.kubernetes.api import Api, Conflict, Invalid, NotThere
from cluster.kubernetes.kinds import Deployment, Pod
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.obituaries import Obituaries
from cluster.kubernetes.settings import KubernetesSettings
from cluster.kubernetes.wakes import PLAIN, Wakes

PATIENCE_SECONDS = 0.3
"""What another activator gets to do what is its to do."""
RESERVE_SECONDS = 1.0
SWEEP_SECONDS = 1.0
BURY_SECONDS = 3.0
LONGEST_BURIAL = 20.0
STRAY_SECONDS = 5.0
OBSTACLE_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Keeper:
    """`run` it; it ends only by being cancelled."""

    def __init__(
        self,
        api: Api,
        paths: names.Paths,
        mirror: Mirror,
        *,
        wakes: Wakes,
        settings: KubernetesSettings,
        obituaries: Obituaries,
    ) -> None:
        self._api = api
        self._paths = paths
        self._mirror = mirror
        self._wakes = wakes
        self._settings = settings
        self._obituaries = obituaries
        self._changed: dict[str, None] = {}
        self._news = asyncio.Event()
        self._first_seen: dict[str, float] = {}
        self._stuck: dict[str, float] = {}
        self._buried: dict[str, float] = {}
        self._restarted: dict[str, float] = {}
        self._mourned: set[str] = set()
        self._busy: set[str] = set()
        mirror.listen(self._note)

    def _note(self, app: str) -> None:
        self._changed[app] = None
        self._news.set()

    async def run(self) -> None:
        """For ever."""
        await self._mirror_is_there()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_pool(), name="pool")
            tasks.create_task(self._sweep(), name="sweep")
            while True:
                await self._news.wait()
                self._news.clear()
                changed, self._changed = self._changed, {}
                for app in changed:
                    if app in self._busy:
                        self._changed[app] = None
                        continue
                    self._busy.add(app)
                    tasks.create_task(self._look(app), name=f"keep {app}")

    async def _mirror_is_there(self) -> None:
        while True:
            with suppress(Unavailable):
                await self._mirror.synced()
                return

    async def _look(self, app: str) -> None:
        try:
            await (self.look_at_app(app) if app else self._look_at_pool())
        except ClusterError as error:
            log.info("to be looked at again", app=app, error=str(error))
            asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._note, app)
        finally:
            self._busy.discard(app)
            if app in self._changed:
                self._news.set()

    # --- waking -------------------------------------------------------------------------------------------------------

    async def look_at_app(self, app: str) -> None:
        """Do what is to be done for it, going by what is known now. Raises ClusterError where that is not possible yet."""
        deployment, pods = self._mirror.deployments.get(app), self._mirror.of(app)
        for pod in pods:
            if pod.death is not None and not pod.leaving:
                await self._note_death(deployment, pod)
        if deployment is None or not deployment.spec.replicas:
            self._wakes.ours.discard(app)
            return
        at_the_gate = [pod for pod in pods if pod.gated and not pod.leaving and state.is_of(pod, deployment)]
        if at_the_gate:
            await self._let_go(app, deployment, at_the_gate[0], pods)

    async def _let_go(self, app: str, deployment: Deployment, waiting: Pod, pods: list[Pod]) -> None:
        alone = [
            pod
            for pod in pods
            if state.is_of(pod, deployment)
            and not (pod.gated or pod.leaving or state.is_owned(pod) or state.is_dead(pod))
        ]
        if alone:
            await self._adopt(max(alone, key=state.is_ready), waiting)
            return
        since = time.monotonic() - self._first_seen.setdefault(waiting.metadata.uid, time.monotonic())
        patience = 0.0 if app in self._wakes.ours else PATIENCE_SECONDS
        if deployment.metadata.annotations.get(names.WAKE, PLAIN) not in (PLAIN, ""):
            patience = RESERVE_SECONDS
        if since < patience:
            asyncio.get_running_loop().call_later(patience - since, self._note, app)
            return
        with suppress(NotThere, Invalid, Conflict):
            patch = [{"op": "remove", "path": "/spec/schedulingGates"}]
            await self._api.patch(self._paths.pod(waiting.metadata.name), patch, "json")

    async def _adopt(self, pod: Pod, waiting: Pod) -> None:
        """Give `pod` to the ReplicaSet that made `waiting`."""
        labels = {names.TEMPLATE_HASH: waiting.metadata.labels.get(names.TEMPLATE_HASH)}
        notes = {names.OF_DEPLOY: None}
        with suppress(NotThere, Conflict):
            await self._api.patch(
                self._paths.pod(pod.metadata.name), {"metadata": {"labels": labels, "annotations": notes}}
            )

    # --- deaths -------------------------------------------------------------------------------------------------------

    async def _note_death(self, deployment: Deployment | None, pod: Pod) -> None:
        """How it died is known now; who died of their own accord and said why needs no more words."""
        if pod.death is None:
            return
        said = state.failure_of(pod.metadata.annotations.get(names.FAILED, ""))
        failure = said or words.death(pod, pod.death)
        if said is None and pod.metadata.uid not in self._mourned:
            self._mourned.add(pod.metadata.uid)
            self._obituaries.post(pod, failure.message)
        if not state.is_buried(pod):
            await self.bury(pod, failure)
        elif deployment is not None:
            await self._explain(deployment, pod, failure)

    async def bury(self, pod: Pod, failure: Failure) -> None:
        """The instance is dead: out of its ReplicaSet, and its app is asleep if it was the one that served."""
        app = state.app_of(pod)
        deployment = self._mirror.deployments.get(app)
        if not await self._detach(pod):
            return
        log.info("instance died", app=app, instance=pod.metadata.name, why=failure.message)
        if deployment is not None and pod.metadata.labels.get(names.EDITION) == state.edition_of(deployment):
            await self.settle(app, deployment, pod, failure)

    async def settle(self, app: str, deployment: Deployment, pod: Pod, failure: Failure) -> None:
        """The live version's instance failed: nobody is wanted until somebody asks again."""
        others = [
            other
            for other in self._mirror.of(app)
            if other.metadata.name != pod.metadata.name and state.is_of(other, deployment) and state.is_ready(other)
        ]
        if others:
            return
        patch = [
            {"op": "test", "path": names.pointer(names.DIGEST), "value": deployment.metadata.annotations[names.DIGEST]},
            {"op": "test", "path": "/spec/replicas", "value": 1},
            {"op": "replace", "path": "/spec/replicas", "value": 0},
            {"op": "replace", "path": names.pointer(names.FAILURE), "value": msgspec.json.encode(failure).decode()},
        ]
        with suppress(NotThere, Invalid, Conflict):
            await self._api.patch(self._paths.deployment(app), patch, "json")

    async def _detach(self, pod: Pod) -> bool:
        role = names.pointer(names.ROLE, kind="labels")
        patch: list[dict[str, object]] = [
            {"op": "test", "path": role, "value": "app"},
            {"op": "replace", "path": role, "value": names.DEAD_ROLE},
            {"op": "add", "path": names.pointer(names.DEAD), "value": "yes"},
        ]
        if names.TEMPLATE_HASH in pod.metadata.labels:
            patch.append({"op": "remove", "path": names.pointer(names.TEMPLATE_HASH, kind="labels")})
        if state.is_owned(pod):
            patch.append({"op": "remove", "path": "/metadata/ownerReferences"})
        try:
            await self._api.patch(self._paths.pod(pod.metadata.name), patch, "json")
        except (NotThere, Invalid, Conflict):
            return False
        return True

    async def _explain(self, deployment: Deployment, pod: Pod, failure: Failure) -> None:
        """It was known to be dead, and is what the app last died of; now it is known why."""
        before, edition = deployment.metadata.annotations.get(names.FAILURE, ""), state.edition_of(deployment)
        if state.failure_of(before) != words.ENDED or deployment.spec.replicas:
            return
        dead = [
            state.wanted_since(each)
            for each in self._mirror.of(state.app_of(pod))
            if state.is_buried(each) and each.metadata.labels.get(names.EDITION) == edition
        ]
        if not dead or state.wanted_since(pod) < max(dead):
            return
        patch = [
            {"op": "test", "path": names.pointer(names.FAILURE), "value": before},
            {"op": "replace", "path": names.pointer(names.FAILURE), "value": msgspec.json.encode(failure).decode()},
        ]
        with suppress(NotThere, Invalid, Conflict):
            await self._api.patch(self._paths.deployment(state.app_of(pod)), patch, "json")

    # --- time -----------------------------------------------------------------------------------------------------------

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            if not self._mirror.current:
                continue
            known = {pod.metadata.uid for pods in self._mirror.pods.values() for pod in pods.values()}
            self._mourned &= known
            for times in (self._first_seen, self._stuck, self._buried, self._restarted):
                for uid in times.keys() - known:
                    del times[uid]
            for app in list(self._mirror.pods):
                for pod in self._mirror.of(app):
                    with suppress(ClusterError):
                        await self._age(app, pod)

    async def _age(self, app: str, pod: Pod) -> None:
        if pod.leaving or not app:
            return
        deployment = self._mirror.deployments.get(app)
        since = time.monotonic() - self._first_seen.setdefault(pod.metadata.uid, time.monotonic())
        if state.is_buried(pod):
            await self._remove_if_told(pod)
        elif state.is_ready(pod) or pod.gated:
            if deployment is not None and not (deployment.spec.replicas and state.is_of(pod, deployment)):
                await self._remove_stray(pod, since)
        elif deployment is not None and state.is_of(pod, deployment) and deployment.spec.replicas:
            await self._give_up_late(app, deployment, pod)
        else:
            await self._remove_stray(pod, since)

    async def _give_up_late(self, app: str, deployment: Deployment, pod: Pod) -> None:
        """A waking app's pod that is not ready after all this time, or cannot be."""
        seconds = _start_seconds(deployment) + self._settings.start_margin
        stuck = words.obstacle(pod) is not None
        since = self._stuck.setdefault(pod.metadata.uid, time.monotonic()) if stuck else time.monotonic()
        if not stuck:
            self._stuck.pop(pod.metadata.uid, None)
        waited = (datetime.now(UTC) - state.wanted_since(pod)).total_seconds()
        if waited > seconds or time.monotonic() - since > OBSTACLE_SECONDS:
            await self.settle(app, deployment, pod, words.too_late(pod, seconds))

    async def _remove_if_told(self, pod: Pod) -> None:
        """A dead one goes once its container was started again, which ships what was left.

        How long it lived does not count: an old one may have as much to ship as one that died young.
        """
        now, uid = time.monotonic(), pod.metadata.uid
        buried = now - self._buried.setdefault(uid, now)
        restarted = any(status.restart_count for status in pod.status.container_statuses)
        again = now - self._restarted.setdefault(uid, now) if restarted else 0.0
        if buried > LONGEST_BURIAL or again > BURY_SECONDS:
            await self._api.delete(self._paths.pod(pod.metadata.name), uid=uid)

    async def _remove_stray(self, pod: Pod, since: float) -> None:
        """Nobody's: reserved by a wake that did not happen or for a version that is no longer live, or of a deploy whose
        process is gone and does not come back.
        """
        limit = STRAY_SECONDS
        if pod.metadata.annotations.get(names.OF_DEPLOY) and not state.is_dead(pod):
            limit = _limits_start(pod) + self._settings.start_margin + 60.0
        if not state.is_owned(pod) and since > limit:
            log.info("a pod that nobody wants is removed", instance=pod.metadata.name)
            await self._api.delete(self._paths.pod(pod.metadata.name), uid=pod.metadata.uid)

    # --- the pool -----------------------------------------------------------------------------------------------------

    async def _keep_pool(self) -> None:
        """The pool has the size of our settings, also after somebody else had other ones."""
        while True:
            try:
                await make_pool(self._api, self._paths, self._settings)
                return
            except ClusterError as error:
                log.warning("the pool cannot be made, trying again", error=str(error))
                await asyncio.sleep(SWEEP_SECONDS)

    async def _look_at_pool(self) -> None:
        """A runner that waited and died would come back as one that only ships records: it is replaced."""
        for pod in self._mirror.of(""):
            if pod.death is not None and not pod.leaving and state.is_in_pool(pod):
                await self._api.delete(self._paths.pod(pod.metadata.name), grace=0, uid=pod.metadata.uid)


async def make_pool(api: Api, paths: names.Paths, settings: KubernetesSettings) -> None:
    """The pool's Deployment as the settings say; none at all where they say none."""
    path = f"{paths.deployments}/{names.POOL}"
    if not settings.pool:
        await api.delete(path)
        return
    # Its tickets end with the internal credential's life, and are no use without a pod's uid.
    secret = objects.pool_secret(settings.token)
    await api.patch(path, objects.pool(secret, settings), "apply")


def _start_seconds(deployment: Deployment) -> float:
    return _start_of(deployment.metadata.annotations.get(objects.LIMITS, ""))


def _limits_start(pod: Pod) -> float:
    return _start_of(pod.metadata.annotations.get(objects.LIMITS, ""))


def _start_of(text: str) -> float:
    return objects.read_limits(text).start_seconds
