"""`KubernetesCluster`: the Cluster protocol over the API server. The verbs; what they are made of is beside this file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from types import TracebackType
from typing import Literal, Self

import msgspec

from cluster import base
from cluster.kubernetes import names, objects, state, words
from cluster.kubernetes.access import Access
from cluster.kubernetes.api import Api, NotThere
from cluster.kubernetes.deploys import Deploys
from cluster.kubernetes.edge_keeper import EdgeKeeper
from cluster.kubernetes.keeper import Keeper
from cluster.kubernetes.kinds import Deployment, Named, Pod
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.obituaries import Obituaries
from cluster.kubernetes.settings import KubernetesSettings
from cluster.kubernetes.vitals import answers
from cluster.kubernetes.wakes import Wakes

GONE_SECONDS = 60.0
DELETE_GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.1


class KubernetesCluster:
    """A client of the API server; close it with `aclose`, or use it as a context manager.

    `keep`: also run the keeper, which is the activators' to do.
    """

    def __init__(self, settings: KubernetesSettings, access: Access, *, keep: bool = False) -> None:
        self._settings = settings
        self._api = Api(access)
        self._paths = names.Paths(settings.namespace)
        self._mirror = Mirror(self._api, self._paths)
        self._wakes = Wakes(self._api, self._paths, self._mirror, settings)
        self._deploys = Deploys(self._api, self._paths, self._mirror, settings)
        self._obituaries = Obituaries(settings)
        self._keeper = Keeper(
            self._api, self._paths, self._mirror, wakes=self._wakes, settings=settings, obituaries=self._obituaries
        )
        self._edge = EdgeKeeper(self._api, self._mirror, settings)
        self._keep = keep
        self._keeping: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._mirror.start()
        if self._keep:
            self._keeping = [
                asyncio.create_task(self._keeper.run(), name="keeper"),
                asyncio.create_task(self._edge.run(), name="edge"),
            ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End everything that runs in the background; what is under way in the cluster goes on there."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        await self._deploys.aclose()
        await self._obituaries.aclose()
        await self._mirror.aclose()
        await self._api.aclose()

    async def apply(self, workload: base.Workload) -> AsyncIterator[base.Checkpoint]:
        """See Cluster.apply."""
        async with aclosing(self._deploys.follow(workload)) as checkpoints:
            async for checkpoint in checkpoints:
                yield checkpoint

    async def abandon(self, app: str, version: str) -> None:
        """See Cluster.abandon."""
        self._deploys.abandon(app, version)

    async def configure(self, app: str, *, idle_minutes: int, hosts: list[str], blocked: base.Blocked) -> None:
        """See Cluster.configure."""
        patch: dict[str, object] = {"metadata": {"annotations": objects.routing_record(hosts, idle_minutes, blocked)}}
        if blocked:
            patch["spec"] = {"replicas": 0}
        await self._change(app, patch)
        if blocked:
            await self._drain(app)

    async def scale(self, app: str, replicas: Literal[0, 1]) -> bool:
        """See Cluster.scale."""
        if replicas:
            return await self._wakes.wake(app)
        await self._change(app, {"spec": {"replicas": 0}})
        await self._drain(app)
        return False

    async def gate(self, app: str, *, closed: bool) -> None:
        """See Cluster.gate."""
        await self._change(app, {"metadata": {"annotations": {names.GATE: "closed" if closed else ""}}})

    async def bundle(self, ticket: str, instance: str, peer: str = "") -> base.Bundle:
        """See Cluster.bundle."""
        return await self._wakes.bundle(ticket, instance, peer)

    async def report(self, report: base.InstanceReport) -> None:
        """See Cluster.report."""
        match report.phase:
            case "ready":
                notes = {
                    names.UPSTREAM: report.address,
                    names.PHASES: msgspec.json.encode(report.phases).decode(),
                }
                await self._note(report.instance, notes)
            case "failed":
                failure = report.failure or base.Failure("startup_failed", "The app did not start")
                await self._failed(report.instance, failure)
            case "lost":
                await self._lost(report.instance)

    async def delete(self, app: str) -> None:
        """See Cluster.delete."""
        self._deploys.forget(app)
        await self._api.delete(self._paths.deployment(app))
        ends = asyncio.get_running_loop().time() + GONE_SECONDS
        while pods := await self._pods(app):
            for pod in pods:
                if pod.metadata.deletion_timestamp is None:
                    await self._api.delete(self._paths.pod(pod.metadata.name), grace=DELETE_GRACE_SECONDS)
            if asyncio.get_running_loop().time() > ends:
                raise base.Unavailable(f"pods of app {app} do not end")
            await asyncio.sleep(LOOK_SECONDS)
        secrets, _ = await self._api.list(self._paths.secrets, Named, f"{names.APP}={app}")
        for secret in secrets:
            await self._api.delete(f"{self._paths.secrets}/{secret.metadata.name}")

    async def watch(self) -> AsyncIterator[base.WatchEvent]:
        """See Cluster.watch."""
        async with aclosing(self._mirror.follow()) as events:
            async for event in events:
                yield event

    async def stats(self) -> base.ClusterStats:
        """See Cluster.stats. Kubernetes measures memory only where its metrics server is installed."""
        deployments, _ = await self._api.list(self._paths.deployments, Deployment, f"{names.ROLE}=app")
        pods, _ = await self._api.list(self._paths.pods, Pod, f"{names.ROLE}=app")
        awake = {state.app_of(pod) for pod in pods if state.is_ready(pod)}
        wanted = {state.app_of(each) for each in deployments if each.spec.replicas}
        return base.ClusterStats(apps=len(deployments), awake=len(awake & wanted), memory_mb=0.0)

    async def _change(self, app: str, patch: dict[str, object]) -> None:
        try:
            await self._api.patch(self._paths.deployment(app), patch)
        except NotThere:
            raise base.UnknownApp(f"no version of app {app} is live") from None

    async def _drain(self, app: str) -> None:
        """Tell the app's instances to go at once, and not only when two controllers have come round to it."""
        deployment = self._mirror.deployments.get(app)
        for pod in await self._pods(app):
            is_candidate = pod.metadata.annotations.get(names.OF_DEPLOY) and (
                deployment is None or not state.is_of(pod, deployment)
            )
            if not pod.leaving and not is_candidate and not state.is_buried(pod):
                await self._api.delete(self._paths.pod(pod.metadata.name), uid=pod.metadata.uid)

    async def _pods(self, app: str) -> list[Pod]:
        pods, _ = await self._api.list(self._paths.pods, Pod, f"{names.APP}={app}")
        return pods

    async def _note(self, instance: str, notes: dict[str, str | None]) -> Pod | None:
        """Write on the pod what its runner said; None where it is gone, or on its way."""
        try:
            pod = self._mirror.find(instance)
            if pod is None:
                pod = await self._api.get(self._paths.pod(instance), Pod)
            if pod.leaving or state.is_dead(pod):
                return None
            answer = await self._api.patch(self._paths.pod(instance), {"metadata": {"annotations": notes}})
        except NotThere:
            return None
        return self._api.read(answer, Pod)

    async def _failed(self, instance: str, failure: base.Failure) -> None:
        pod = await self._note(instance, {names.FAILED: msgspec.json.encode(failure).decode()})
        if pod is None:
            return
        app = state.app_of(pod)
        with suppress(NotThere):
            deployment = await self._api.get(self._paths.deployment(app), Deployment)
            if pod.metadata.labels.get(names.EDITION) == state.edition_of(deployment):
                await self._keeper.settle(app, deployment, pod, failure)

    def _is_leaving(self, instance: str) -> bool:
        pod = self._mirror.find(instance)
        return pod is None or pod.leaving or state.is_buried(pod)

    async def _lost(self, instance: str) -> None:
        if self._is_leaving(instance):
            return
        try:
            # Not the mirror's: one that died at once may not be ready there yet.
            pod = await self._api.get(self._paths.pod(instance), Pod)
        except NotThere:
            return
        if not state.is_ready(pod) or await answers(pod.metadata.annotations[names.UPSTREAM]):
            return
        if not self._is_leaving(instance):
            await self._keeper.bury(pod, words.ENDED)
