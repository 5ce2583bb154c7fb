"""Waking an app: from the pool where it has a runner left, else by a pod of its own; and what a runner that checks in gets.

The Deployment is asked for its replica by one JSON patch, whose tests decide who wakes the app where several try. At the same
time one of the pool's pods is reserved by another patch, whose test two processes cannot both pass; it has checked in with
one of the activators, and that one sends the bundle, be it this or another one. Everything else (the ReplicaSet that adopts
the pod, the pool that fills up again) is behind the request's back: `keeper`.
"""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime

import structlog

from cluster.base import AppBlocked, Bundle, ClusterError, Unavailable, UnknownApp, UnknownTicket
from cluster.kubernetes import bundles, names, objects, state
from cluster.kubernetes.api import Api, Conflict, Invalid, NotThere
from cluster.kubernetes.kinds import Deployment, Pod, Secret
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.settings import KubernetesSettings
from cluster.kubernetes.vitals import answers

PLAIN = "plain"
KEPT_BUNDLES = 32
"""So many are kept at hand, half a megabyte each at most."""
TRIES = 3
TOLD_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Wakes:
    """`ours`: apps that this process is waking; their keeper need not wait for anybody."""

    def __init__(self, api: Api, paths: names.Paths, mirror: Mirror, settings: KubernetesSettings) -> None:
        self._api = api
        self._paths = paths
        self._mirror = mirror
        self._settings = settings
        self._kept: OrderedDict[str, asyncio.Task[bundles.Stored]] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[Pod]] = {}
        self.ours: set[str] = set()
        mirror.listen(self._changed)

    # --- waking -------------------------------------------------------------------------------------------------------

    async def wake(self, app: str) -> bool:
        """Want one instance of the app. Raises UnknownApp, AppBlocked, Unavailable.

        True where none was wanted before, once the mirror has come so far: what it tells from then on came after.
        """
        generation = await self._want(app)

        def told() -> bool:
            deployment = self._mirror.deployments.get(app)
            return deployment is not None and deployment.metadata.generation >= generation

        return generation > 0 and await self._mirror.until(app, told, TOLD_SECONDS)

    async def _want(self, app: str) -> int:
        """What `_ask` answers."""
        deployment = self._mirror.deployments.get(app)
        pod = self._pick(deployment) if deployment is not None else None
        self.ours.add(app)
        if deployment is not None:
            self._fetch(app, state.edition_of(deployment))
        if pod is None or deployment is None:
            return await self._ask(app, PLAIN) or await self._insist(app)
        reserving = asyncio.create_task(self._reserve(pod, deployment))
        try:
            generation = await self._ask(app, pod.metadata.name)
        except ClusterError:
            if await reserving:
                await self._api.delete(self._paths.pod(pod.metadata.name), grace=0)
            raise
        reserved = await reserving
        if not generation:
            if reserved:
                await self._api.delete(self._paths.pod(pod.metadata.name), grace=0)
            return await self._insist(app)
        if not reserved:
            await self._second_choice(deployment)
        return generation

    async def _ask(self, app: str, how: str) -> int:
        """Have the Deployment want one; its generation then, 0 where it did before."""
        patch = [
            {"op": "test", "path": names.pointer(names.BLOCKED), "value": ""},
            {"op": "test", "path": "/spec/replicas", "value": 0},
            {"op": "replace", "path": "/spec/replicas", "value": 1},
            *({"op": "replace", "path": names.pointer(name), "value": ""} for name in (names.GATE, names.FAILURE)),
            {"op": "replace", "path": names.pointer(names.WAKE), "value": how},
        ]
        try:
            answer = await self._api.patch(self._paths.deployment(app), patch, "json")
        except NotThere:
            raise UnknownApp(f"no version of app {app} is live") from None
        except (Invalid, Conflict):
            return 0
        return self._api.read(answer, Deployment).metadata.generation

    async def _insist(self, app: str) -> int:
        """The Deployment did not want to be asked: the app is blocked, or awake, or about to be, or dead and nobody knows.

        What `_ask` answers, where it was asked after all.
        """
        try:
            deployment = await self._api.get(self._paths.deployment(app), Deployment)
        except NotThere:
            raise UnknownApp(f"no version of app {app} is live") from None
        if why := state.blocked_of(deployment):
            raise AppBlocked(f"app {app} may not run: {why}")
        if deployment.spec.replicas == 0:
            return await self._ask(app, PLAIN)
        if deployment.metadata.annotations.get(names.GATE):
            await self._api.patch(self._paths.deployment(app), {"metadata": {"annotations": {names.GATE: ""}}})
        serving = state.serving_pod(deployment, self._mirror.of(app))
        if serving is not None and not await answers(serving.metadata.annotations[names.UPSTREAM]):
            log.warning("an instance that does not answer is replaced", app=app, instance=serving.metadata.name)
            await self._api.delete(self._paths.pod(serving.metadata.name), uid=serving.metadata.uid)
        return 0

    # --- the pool -----------------------------------------------------------------------------------------------------

    def _pick(self, deployment: Deployment) -> Pod | None:
        """A pod of the pool that could become the app: one that checked in here, else with another activator."""
        if not self._settings.pool or deployment.spec.replicas or not self._mirror.current:
            return None
        limits = deployment.metadata.annotations.get(objects.LIMITS)
        fit = [
            pod
            for pod in self._mirror.of("")
            if state.is_in_pool(pod)
            and not pod.leaving
            and pod.death is None
            and pod.metadata.annotations.get(objects.LIMITS) == limits
            and (pod.metadata.name in self._waiting or pod.metadata.annotations.get(names.WAITING))
        ]
        return min(fit, key=lambda pod: (pod.metadata.name not in self._waiting, pod.metadata.name), default=None)

    async def _reserve(self, pod: Pod, deployment: Deployment) -> bool:
        """Take the pod out of the pool, for this app and nobody else; whether that was in time."""
        patch = reservation(deployment, datetime.now(UTC))
        try:
            answer = await self._api.patch(self._paths.pod(pod.metadata.name), patch, "json")
        except (Invalid, NotThere, Conflict):
            return False
        except Unavailable:
            return False
        self._claimed(self._api.read(answer, Pod))
        return True

    async def _second_choice(self, deployment: Deployment) -> None:
        """Somebody was faster: another one of the pool's, or a pod of the app's own."""
        app = state.app_of(deployment)
        for _ in range(TRIES):
            pod = self._pick(deployment)
            if pod is None:
                break
            if await self._reserve(pod, deployment):
                return
        with suppress(NotThere):
            await self._api.patch(self._paths.deployment(app), {"metadata": {"annotations": {names.WAKE: PLAIN}}})

    def _claimed(self, pod: Pod) -> None:
        waiting = self._waiting.pop(pod.metadata.name, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(pod)

    def _changed(self, _app: str) -> None:
        for name in list(self._waiting):
            pod = self._mirror.find(name)
            if pod is not None and state.app_of(pod):
                self._claimed(pod)

    # --- bundles ------------------------------------------------------------------------------------------------------

    async def bundle(self, ticket: str, instance: str, peer: str) -> Bundle:
        """See Cluster.bundle."""
        known = self._mirror.find(instance)
        if known is not None and state.app_of(known):
            self._fetch(state.app_of(known), known.metadata.labels.get(names.EDITION, ""))
        pod = await self._entitled(ticket, instance, peer)
        if state.is_in_pool(pod):
            pod = await self._until_claimed(pod)
        app, edition = state.app_of(pod), pod.metadata.labels.get(names.EDITION, "")
        try:
            stored = await asyncio.shield(self._fetch(app, edition))
        except NotThere:
            raise UnknownTicket(f"the bundle of {app} is gone") from None
        return bundles.bundle(stored, instance, self._settings.ingest, self._settings.token)

    async def _entitled(self, ticket: str, instance: str, peer: str) -> Pod:
        """The pod, if the ticket is its own and it is still wanted. Read from the API server: a mirror may be behind."""
        if "/" in instance or not instance:
            raise UnknownTicket(f"{instance!r} is no pod")
        try:
            pod = await self._api.get(self._paths.pod(instance), Pod)
        except (NotThere, Invalid):
            raise UnknownTicket(f"no pod {instance} is expected") from None
        if not state.shows_its_ticket(pod, ticket):
            raise UnknownTicket(f"pod {instance} has another ticket")
        if pod.leaving or state.is_buried(pod) or pod.metadata.annotations.get(names.FAILED):
            raise UnknownTicket(f"pod {instance} is on its way out")
        if peer and pod.status.pod_ip and peer != pod.status.pod_ip:
            # The kubelet tells the address late; once it is known, nobody else may come with this ticket.
            log.warning("a ticket was shown from another address", instance=instance, peer=peer)
            raise UnknownTicket(f"pod {instance} has another address")
        return pod

    async def _until_claimed(self, pod: Pod) -> Pod:
        name = pod.metadata.name
        waiting = self._waiting.setdefault(name, asyncio.get_running_loop().create_future())
        try:
            await self._api.patch(self._paths.pod(name), {"metadata": {"annotations": {names.WAITING: "yes"}}})
            return await asyncio.shield(waiting)
        except NotThere:
            raise UnknownTicket(f"pod {name} is gone") from None
        finally:
            if self._waiting.get(name) is waiting:
                del self._waiting[name]

    def _fetch(self, app: str, edition: str) -> asyncio.Task[bundles.Stored]:
        """The bundle, which never changes, from what is kept or from the API server."""
        name = names.bundle_name(app, edition)
        task = self._kept.pop(name, None)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(self._read(app, edition), name=f"read {name}")
            task.add_done_callback(_look_at)
        self._kept[name] = task
        if len(self._kept) > KEPT_BUNDLES:
            self._kept.popitem(last=False)
        return task

    async def _read(self, app: str, edition: str) -> bundles.Stored:
        secret = await self._api.get(self._paths.bundle(app, edition), Secret)
        return bundles.unpack(secret.data[names.BUNDLE_KEY])


def reservation(deployment: Deployment, now: datetime) -> list[dict[str, object]]:
    """The patch that makes a pod of the pool the app's, if it still is the pool's."""
    role = names.pointer(names.ROLE, kind="labels")
    number = deployment.metadata.annotations.get(names.NUMBER, "0")
    return [
        {"op": "test", "path": role, "value": names.POOL},
        {"op": "replace", "path": role, "value": "app"},
        {"op": "add", "path": names.pointer(names.APP, kind="labels"), "value": state.app_of(deployment)},
        {"op": "add", "path": names.pointer(names.EDITION, kind="labels"), "value": state.edition_of(deployment)},
        {"op": "add", "path": names.pointer(names.NUMBER), "value": number},
        {"op": "add", "path": names.pointer(names.CLAIMED), "value": now.isoformat()},
        {"op": "remove", "path": names.pointer(names.TEMPLATE_HASH, kind="labels")},
        {"op": "remove", "path": "/metadata/ownerReferences"},
    ]


def _look_at(task: asyncio.Task[bundles.Stored]) -> None:
    """Whoever wants it asks for its result; a failure that nobody asked for is none."""
    if not task.cancelled():
        task.exception()
