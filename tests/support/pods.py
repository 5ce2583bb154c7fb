"""A Kubernetes for the contract suite: whatever KUBECONFIG names, a namespace of our own in it, and a door to its API server
that can be shut.

Settings: `FP_TEST_RUNNER_IMAGE` (the runner's image, in the cluster already) and `FP_TEST_HOST` (the address at which pods
reach this machine; by default the one from which this machine reaches the API server).
"""

import asyncio
import os
import secrets
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx

from cluster.base import Cluster
from cluster.kubernetes import KubernetesCluster, KubernetesSettings
from cluster.kubernetes.access import Access, find_access
from tests.support.node_checkin import CheckIn
from tests.support.node_harness import Follower, pid_in
from tests.support.node_ingest import Ingest, ended
from tests.support.node_process import TOKEN
from tests.support.ports import free_port

IMAGE = os.environ.get("FP_TEST_RUNNER_IMAGE", "")


class ShutableDoor:
    """A TCP proxy on loopback to `host:port`, which can be shut: connections break, new ones are refused."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)

    async def shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            there, back = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            self._writers.discard(writer)
            return
        self._writers.add(back)
        try:
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            for each in (writer, back):
                self._writers.discard(each)
                each.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


def host_for_pods(access: Access) -> str:
    """The address at which pods reach this machine."""
    if given := os.environ.get("FP_TEST_HOST"):
        return given
    server = urlsplit(access.url)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((server.hostname or "", server.port or 443))
        address: str = probe.getsockname()[0]
    return address


class PodHarness:
    """See Harness; `changes`: of KubernetesSettings."""

    is_local = False

    def __init__(self, changes: dict[str, Any]) -> None:
        self._access = find_access(os.environ)
        host = host_for_pods(self._access)
        self.namespace = f"fp-test-{secrets.token_hex(4)}"
        self._ports = free_port(), free_port()
        self.settings = KubernetesSettings(
            **{
                "image": IMAGE,
                "checkin": f"{host}:{self._ports[0]}",
                "ingest": f"{host}:{self._ports[1]}",
                "token": TOKEN,
                "namespace": self.namespace,
                **changes,
            }
        )
        server = urlsplit(self._access.url)
        self._door = ShutableDoor(server.hostname or "", server.port or 443)
        self.api = httpx.Client(base_url=self._access.url, verify=self._access.tls, trust_env=False)
        self._clients: list[KubernetesCluster] = []
        self.cluster: Cluster = self.client()
        self.keeping = self.client(keep=True)
        self.ingest = Ingest(TOKEN, host)
        self.checkin = CheckIn(self.cluster, host)
        self.follower = Follower(self.cluster)

    def client(self, *, keep: bool = False) -> KubernetesCluster:
        """A client that comes through the door."""
        through = find_access(os.environ)
        through.url = f"https://{self._door.address}"
        client = KubernetesCluster(self.settings, through, keep=keep)
        self._clients.append(client)
        return client

    @classmethod
    @asynccontextmanager
    async def running(cls, **changes: Any) -> AsyncIterator["PodHarness"]:
        """One that is up; its namespace is removed in the end."""
        harness = cls(changes)
        harness._make_namespace()
        await harness._door.open()
        await harness.checkin.start(harness._ports[0])
        await harness.ingest.start(harness._ports[1])
        await harness.keeping.__aenter__()
        following = asyncio.create_task(harness.follower.run())
        try:
            yield harness
        finally:
            await ended(following)
            for client in harness._clients:
                await client.aclose()
            await harness.checkin.aclose()
            await harness.ingest.aclose()
            await harness._door.shut()
            removed = harness.api.delete(f"/api/v1/namespaces/{harness.namespace}")
            harness.api.close()
            removed.raise_for_status()

    def _make_namespace(self) -> None:
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace, "labels": labels}}
        self.api.post("/api/v1/namespaces", json=body).raise_for_status()

    def connect(self) -> Cluster:
        return self.client()

    async def kill_cluster(self) -> None:
        await self._door.shut()

    async def restart_cluster(self) -> None:
        await self._door.open()
        await asyncio.sleep(0)

    async def kill_starter(self) -> None:
        await self.keeping.aclose()
        self._clients.remove(self.keeping)
        self.keeping = self.client(keep=True)
        await self.keeping.__aenter__()

    def kill_instance(self, answer: str) -> None:
        code = f"import os; os.kill({pid_in(answer)}, 9)"
        self.execute(pod_in(answer), "/opt/fp/env/bin/python", "-I", "-c", code)

    def execute(self, pod: str, *command: str) -> str:
        """What a command in the pod prints."""
        argv = ["kubectl", "-n", self.namespace, "exec", pod, "--", *command]
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout

    def is_alive(self, answer: str) -> bool:
        answered = self.api.get(f"/api/v1/namespaces/{self.namespace}/pods/{pod_in(answer)}")
        if answered.status_code == 404:
            return False
        pod = answered.raise_for_status().json()
        statuses = pod["status"].get("containerStatuses", [])
        return all("running" in each["state"] and not each["restartCount"] for each in statuses)

    def pods(self, app: str) -> list[dict[str, Any]]:
        """The app's instances, in whatever state, but those that wait at their gate or are on their way out."""
        found = self._list("api/v1", "pods", f"fp.dev/app={app},fp.dev/role=app")
        return [
            pod
            for pod in found
            if not pod["spec"].get("schedulingGates") and not pod["metadata"].get("deletionTimestamp")
        ]

    def instances(self, app: str) -> int:
        return len(self.pods(app))

    def traces(self, app: str) -> list[str]:
        kinds = (
            ("api/v1", "pods"),
            ("api/v1", "secrets"),
            ("apis/apps/v1", "deployments"),
            ("apis/apps/v1", "replicasets"),
        )
        return [
            f"{kind}/{item['metadata']['name']}"
            for group, kind in kinds
            for item in self._list(group, kind, f"fp.dev/app={app}")
            if not item["metadata"].get("deletionTimestamp")
        ]

    def _list(self, group: str, kind: str, selector: str) -> list[dict[str, Any]]:
        answer = self.api.get(f"/{group}/namespaces/{self.namespace}/{kind}", params={"labelSelector": selector})
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    async def restart_ingest(self) -> None:
        await self.ingest.start(self._ports[1])


def pod_in(answer: str) -> str:
    """The pod that gave an answer of our small app."""
    return answer.split()[5]
