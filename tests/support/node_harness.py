"""What the contract suite needs of a cluster beside the protocol itself: its neighbours, small apps, and ways to break it.

`Harness` is what every implementation provides; `LocalHarness` does it with a node process. The tests see processes only
through it, because elsewhere an instance is a pod.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Protocol

import httpx

from cluster.base import AppGone, AppView, Checkpoint, Cluster, Limits, Synced, Unavailable, WatchEvent, Workload
from tests.support.node_checkin import CheckIn
from tests.support.node_ingest import Ingest, ended, until
from tests.support.node_process import TOKEN, NodeProcess, alive, pids_of
from tests.support.ports import free_port

CODE = """
import asyncio, os, signal, socket, sys

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    path = scope["path"]
    if path == "/exit":
        os._exit(3)
    if path == "/native":
        os.write(2, b"the native library gave up\\n")
        os.kill(os.getpid(), signal.SIGKILL)
    if path.startswith("/print/"):
        print(path.removeprefix("/print/"))
    if path.startswith("/slow"):
        await asyncio.sleep(float(path[6:] or 1.0))
    body = f"version NUMBER pid {os.getpid()} on {socket.gethostname()} env {os.environ.get('GREETING')}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})
"""


def workload(app: str, number: int = 1, code: str | None = None, **changes: object) -> Workload:
    """A version of a small app that answers with its number; `changes` are fields of Workload."""
    fields: dict[str, object] = {
        "app": app,
        "name": app,
        "version": f"v{number}",
        "number": number,
        "digest": f"{app}-{number}",
        "files": {"app.py": (code or CODE).replace("NUMBER", str(number))},
        "entrypoint": "app.py",
        "env": {"GREETING": "hello"},
        "hosts": [f"{app}.localhost"],
        "limits": Limits(start_seconds=10.0, grace_seconds=5.0),
    }
    return Workload(**{**fields, **changes})  # type: ignore[arg-type]


async def apply(cluster: Cluster, version: Workload) -> list[Checkpoint]:
    """Apply to the end; the checkpoints."""
    return [checkpoint async for checkpoint in cluster.apply(version)]


def stages(checkpoints: list[Checkpoint]) -> list[str]:
    """The stages in their order, however much was told of each."""
    return [stage for stage, _ in groupby(checkpoint.stage for checkpoint in checkpoints)]


class Follower:
    """Follows a cluster: `views` is what is, `events` all that was told. A watch that is cut off is begun anew."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.views: dict[str, AppView] = {}
        self.events: list[WatchEvent] = []
        self.synced = 0
        self.cut_off = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(Unavailable):
                listed: set[str] | None = set()
                async for event in self._cluster.watch():
                    listed = self._take(event, listed)
            self.cut_off += 1
            await asyncio.sleep(0.05)

    def _take(self, event: WatchEvent, listed: set[str] | None) -> set[str] | None:
        self.events.append(event)
        if isinstance(event, AppView):
            self.views[event.app] = event
            if listed is not None:
                listed.add(event.app)
        elif isinstance(event, AppGone):
            self.views.pop(event.app, None)
        elif isinstance(event, Synced):
            self.views = {app: view for app, view in self.views.items() if listed is None or app in listed}
            self.synced += 1
            return None
        return listed

    async def view(self, app: str, condition: Callable[[AppView], object], seconds: float = 10.0) -> AppView:
        """The app's view as soon as it meets the condition."""
        try:
            await until(lambda: app in self.views and condition(self.views[app]), seconds, 0.002)
        except TimeoutError:
            raise AssertionError(f"still {self.views.get(app)} after {seconds:g} s") from None
        return self.views[app]

    async def awake(self, app: str, seconds: float = 10.0, *, after: AppView | None = None) -> AppView:
        """The app's view once it has an upstream; with `after`, once that is another instance than the one of then."""
        before = after.instance if after is not None else None
        return await self.view(app, lambda view: view.upstream and view.instance != before, seconds)


async def get(view: AppView, path: str = "/") -> str:
    """What the awake app answers."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://{view.upstream}{path}", timeout=5.0)
    return answer.raise_for_status().text


def pid_in(answer: str) -> int:
    """The process that gave an answer of our small app."""
    return int(answer.split()[3])


class Harness(Protocol):
    """A cluster under test, with its neighbours."""

    cluster: Cluster
    follower: Follower
    checkin: CheckIn
    ingest: Ingest
    is_local: bool
    """Instances are processes of this machine."""

    def connect(self) -> Cluster:
        """Another client of the same cluster."""
        ...

    async def kill_cluster(self) -> None:
        """End what answers the protocol, without warning."""
        ...

    async def restart_cluster(self) -> None:
        """Bring it back."""
        ...

    async def kill_starter(self) -> None:
        """End what starts instances, without warning, where that is a part of its own."""
        ...

    def kill_instance(self, answer: str) -> None:
        """End the instance that gave this answer, without warning."""
        ...

    def is_alive(self, answer: str) -> bool:
        """Whether the instance that gave this answer still runs."""
        ...

    def instances(self, app: str) -> int:
        """How many instances of an app there are, in whatever state."""
        ...

    def traces(self, app: str) -> list[str]:
        """Whatever is kept of an app anywhere."""
        ...

    async def restart_ingest(self) -> None:
        """Have control's ingest listen again."""
        ...


class LocalHarness:
    """See Harness; a node, which is a process. `settings`: more variables of its environment."""

    is_local = True

    def __init__(self, data: Path, **settings: str) -> None:
        self.ingest = Ingest(TOKEN)
        self._ports = free_port(), free_port()
        self.node = NodeProcess(data, checkin_port=self._ports[0], internal_port=self._ports[1])
        self.node.settings |= settings
        self.local = self.node.client()
        self.cluster: Cluster = self.local
        self.checkin = CheckIn(self.local)
        self.follower = Follower(self.local)
        self._clients = [self.local]

    @classmethod
    @asynccontextmanager
    async def running(cls, data: Path, **settings: str) -> AsyncIterator["LocalHarness"]:
        """One that is up; in the end it checks that nothing is left running."""
        harness = cls(data, **settings)
        await harness.checkin.start(harness._ports[0])
        await harness.ingest.start(harness._ports[1])
        await harness.node.start()
        following = asyncio.create_task(harness.follower.run())
        try:
            yield harness
        finally:
            code = await harness.node.stop()
            await ended(following)
            for client in harness._clients:
                await client.aclose()
            await harness.checkin.aclose()
            await harness.ingest.aclose()
        assert code == 0, harness.node.log()
        assert pids_of(data) == []

    def connect(self) -> Cluster:
        self._clients.append(self.node.client())
        return self._clients[-1]

    async def kill_cluster(self) -> None:
        await self.node.kill()

    async def restart_cluster(self) -> None:
        await self.node.start()

    async def kill_starter(self) -> None:
        await until(lambda: self.node.zygote() is not None)
        pid = self.node.zygote()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not alive(pid))

    def kill_instance(self, answer: str) -> None:
        os.kill(pid_in(answer), signal.SIGKILL)

    def is_alive(self, answer: str) -> bool:
        return alive(pid_in(answer))

    def instances(self, app: str) -> int:
        return len(pids_of(self.node.folder / "spool" / app))

    def traces(self, app: str) -> list[str]:
        return [str(path) for path in self.node.folder.rglob("*") if app in path.relative_to(self.node.folder).parts]

    async def restart_ingest(self) -> None:
        await self.ingest.start(self._ports[1])
