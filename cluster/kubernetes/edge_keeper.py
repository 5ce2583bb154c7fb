"""Keeps Traefik's objects as they should be: the shared ones once, and in the data plane `routes` each app's.

Every activator does it, with server-side apply, which changes nothing where nothing is to change; what this one has written
already is not written again. Where the API server refuses, it is tried again and everything else goes on.
"""

import asyncio

import msgspec
import structlog

from cluster.base import ClusterError
from cluster.kubernetes import edge, names
from cluster.kubernetes.api import Api
from cluster.kubernetes.edge import Manifest
from cluster.kubernetes.kinds import Named
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.settings import KubernetesSettings

AGAIN_SECONDS = 1.0
_PLURALS = {
    "Service": "services",
    "EndpointSlice": "endpointslices",
    "IngressRoute": "ingressroutes",
    "Middleware": "middlewares",
    "ServersTransport": "serverstransports",
}

log = structlog.get_logger(__name__)


class EdgeKeeper:
    """`run` it; it ends only by being cancelled."""

    def __init__(self, api: Api, mirror: Mirror, settings: KubernetesSettings) -> None:
        self._api = api
        self._mirror = mirror
        self._settings = settings
        self._written: dict[str, bytes] = {}
        self._changed: dict[str, None] = {}
        self._news = asyncio.Event()
        if settings.data_plane == "routes" and settings.edge_namespace:
            mirror.listen(self._note)

    def _note(self, app: str) -> None:
        if app:
            self._changed[app] = None
            self._news.set()

    async def run(self) -> None:
        """For ever; nothing to do where somebody else sees to the routes."""
        if not self._settings.edge_namespace:
            return
        await self._insist(self._shared())
        if self._settings.data_plane != "routes":
            return
        await self._remove_strangers()
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, {}
            await asyncio.gather(*(self._follow(app) for app in changed))

    def _shared(self) -> list[Manifest]:
        settings = self._settings
        plane = edge.routes_plane if settings.data_plane == "routes" else edge.plugin_plane
        return [
            *edge.control_way(settings.control),
            *plane(settings.activator, settings.token, settings.apps_domain),
        ]

    async def _insist(self, manifests: list[Manifest]) -> None:
        while True:
            try:
                for manifest in manifests:
                    await self._write(manifest)
                return
            except ClusterError as error:
                log.error("routes not written, trying again", error=str(error))
                await asyncio.sleep(AGAIN_SECONDS)

    async def _follow(self, app: str) -> None:
        view = self._mirror.view(app)
        try:
            if view is None:
                await self._remove(app)
                return
            # First where it is: somebody waits for that.
            for manifest in (edge.endpoints(view), *edge.route(view)):
                await self._write(manifest)
        except ClusterError as error:
            log.error("route not written, trying again", app=app, error=str(error))
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._note, app)

    async def _write(self, manifest: Manifest) -> None:
        path, content = self._path(manifest), msgspec.json.encode(manifest)
        if self._written.get(path) != content:
            await self._api.patch(path, manifest, "apply")
            self._written[path] = content

    async def _remove(self, app: str) -> None:
        name = names.app_name(app)
        for kind in ("IngressRoute", "Service", "EndpointSlice"):
            path = f"{self._folder(kind)}/{name}"
            await self._api.delete(path)
            self._written.pop(path, None)

    async def _remove_strangers(self) -> None:
        """Routes of apps that were deleted while nobody looked."""
        while True:
            try:
                await self._mirror.synced()
                found, _ = await self._api.list(self._folder("Service"), Named, f"{names.ROLE}=app")
                for service in found:
                    app = service.metadata.labels.get(names.APP, "")
                    if self._mirror.view(app) is None:
                        await self._remove(app)
                return
            except ClusterError as error:
                log.info("routes to be looked at again", error=str(error))
                await asyncio.sleep(AGAIN_SECONDS)

    def _path(self, manifest: Manifest) -> str:
        return f"{self._folder(manifest['kind'])}/{manifest['metadata']['name']}"

    def _folder(self, kind: str) -> str:
        group = {"Service": "/api/v1", "EndpointSlice": "/apis/discovery.k8s.io/v1"}.get(kind, f"/apis/{edge.TRAEFIK}")
        return f"{group}/namespaces/{self._settings.edge_namespace}/{_PLURALS[kind]}"
