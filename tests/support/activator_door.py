"""The data plane for a test: a real node, a real activator and a real Traefik, in a folder of the test's.

Either data plane: `plane`. Each process can be killed and started again by itself; the door holds the activator's listening
sockets meanwhile, as the supervisor does. Where control would be there is a listener that says so, because a request
that is meant for an app must never end there.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from cluster.base import AppView, Limits, Synced, Workload
from cluster.local import LocalCluster
from fp.local.child import listen
from fp.local.traefik import DataPlane, dynamic_folder, prepare
from tests.support.node_process import TOKEN, NodeProcess
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TRAEFIK = Path(sys.executable).parent / "traefik"
START_SECONDS = 20.0


class Door:
    """`async with Door(folder) as door`. `settings`: more environment for the activator."""

    def __init__(self, data: Path, plane: DataPlane = "plugin", **settings: str) -> None:
        self.data = data
        self.plane = plane
        self.port, self.activator_port, self.checkin_port = free_port(), free_port(), free_port()
        self.node = NodeProcess(data, checkin_port=self.checkin_port, internal_port=free_port())
        self.node.settings["FP_DATA_PLANE"] = plane
        self.listeners: list[socket.socket] = []
        self.settings = settings
        self.activator: asyncio.subprocess.Process | None = None
        self.traefik: asyncio.subprocess.Process | None = None
        self.cluster: LocalCluster = self.node.client()
        self.control: asyncio.Server | None = None
        self.internal = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.activator_port}",
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=60.0,
        )

    async def __aenter__(self) -> Self:
        self.data.mkdir(parents=True, exist_ok=True)
        self.listeners = [listen(port) for port in (self.activator_port, self.checkin_port)]
        self.control = await asyncio.start_server(_control, "127.0.0.1", 0)
        try:
            await self.node.start()
            self._configure_traefik()
            await self.start_activator()
            await self.start_traefik()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        await self.internal.aclose()
        await self.cluster.aclose()
        for process in (self.traefik, self.activator):
            await end(process, signal.SIGTERM)
        await self.node.stop()
        assert self.control is not None
        self.control.close()
        for listener in self.listeners:
            listener.close()

    def client(self, app: str, **options: object) -> httpx.AsyncClient:
        """A client of one app, through Traefik."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Host": f"{app}.localhost"},
            timeout=60.0,
            limits=limits,
            **options,  # type: ignore[arg-type]
        )

    async def deploy(
        self, app: str, files: dict[str, str], *, number: int = 1, idle_minutes: int = 15, grace: float = 10.0
    ) -> None:
        """Make `files` the live version of an app, which is awake afterwards."""
        workload = Workload(
            app=app,
            name=app,
            version=f"{app}-{number}",
            number=number,
            digest=f"{app}-{number}",
            files=files,
            entrypoint="app.py",
            env={},
            hosts=[f"{app}.localhost"],
            idle_minutes=idle_minutes,
            limits=Limits(start_seconds=20.0, grace_seconds=grace),
        )
        async for _ in self.cluster.apply(workload):
            pass
        answer = await self.internal.get(f"/apps/{app}/route")
        assert answer.status_code == 200, answer.text

    async def sleep(self, app: str) -> None:
        """Put an app to sleep the way control does."""
        answer = await self.internal.post(f"/apps/{app}/sleep")
        assert answer.status_code == 200, answer.text

    async def view(self, app: str) -> AppView:
        """What the cluster says of an app."""
        found: AppView | None = None
        events = self.cluster.watch()
        async for event in events:
            if isinstance(event, Synced):
                break
            if isinstance(event, AppView) and event.app == app:
                found = event
        await events.aclose()  # type: ignore[attr-defined]
        assert found is not None
        return found

    async def until_view(self, app: str, seconds: float = 20.0, **wanted: object) -> AppView:
        """Wait until the cluster's view of an app has these values."""
        async with asyncio.timeout(seconds):
            while True:
                view = await self.view(app)
                if all(getattr(view, name) == value for name, value in wanted.items()):
                    return view
                await asyncio.sleep(0.02)

    async def metric(self, name: str) -> float:
        """One figure of the activator's, 0 when it has none of that name yet."""
        for line in (await self.internal.get("/metrics")).text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
        return 0.0

    async def until_metric(self, name: str, value: float, seconds: float = 20.0) -> None:
        """Wait until the activator's figure is `value`."""
        async with asyncio.timeout(seconds):
            while await self.metric(name) != value:
                await asyncio.sleep(0.02)

    async def start_activator(self) -> None:
        """Start it and wait until it knows the cluster."""
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'cli'}",
            "FP_ACTIVATOR_PORT": str(self.activator_port),
            "FP_CHECKIN_PORT": str(self.checkin_port),
            "FP_NODE_PORT": str(self.node.port),
            "FP_INTERNAL_TOKEN": TOKEN,
            "FP_DATA_PLANE": self.plane,
            "FP_ROUTES_DIR": str(dynamic_folder(self.data)),
            "FP_PORT": str(self.port),
            "FP_ACTIVATOR_FD": str(self.listeners[0].fileno()),
            "FP_CHECKIN_FD": str(self.listeners[1].fileno()),
            **self.settings,
        }
        with (self.data / "activator.log").open("ab") as log:
            self.activator = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "activator"),
                env=environment,
                stdout=log,
                stderr=log,
                pass_fds=[listener.fileno() for listener in self.listeners],
            )
        await self._until_answers(self.activator, f"http://127.0.0.1:{self.activator_port}/readyz", 200)

    async def kill_activator(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it, the hard way unless told otherwise."""
        await end(self.activator, number)

    def log(self, name: str) -> str:
        """What `activator` or `traefik` said."""
        return (self.data / f"{name}.log").read_text()

    def _configure_traefik(self) -> None:
        assert self.control is not None
        values = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "apps_domain": "localhost",
            "control_port": str(self.control.sockets[0].getsockname()[1]),
            "activator_port": str(self.activator_port),
            "internal_token": TOKEN,
            "trusted_proxies": json.dumps(
                [one for one in self.settings.get("FP_TRUSTED_PROXIES", "").split(",") if one]
            ),
        }
        prepare(ROOT, self.data, self.plane, values)

    async def start_traefik(self) -> None:
        """Start it and wait until it has its configuration."""
        with (self.data / "traefik.log").open("ab") as log:
            self.traefik = await asyncio.create_subprocess_exec(
                TRAEFIK, "--configFile=static.yaml", cwd=self.data, stdout=log, stderr=log
            )
        await self._until_answers(self.traefik, f"http://127.0.0.1:{self.port}/", 418)

    async def _until_answers(self, process: asyncio.subprocess.Process, url: str, status: int) -> None:
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as client:
            while True:
                assert process.returncode is None, "it ended at once; see its log"
                try:
                    if (await client.get(url)).status_code == status:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.02)


async def end(process: asyncio.subprocess.Process | None, number: signal.Signals) -> None:
    """Signal a process that we started, and wait; one that does not end in time is killed."""
    if process is None or process.returncode is not None:
        return
    process.send_signal(number)
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 418 Control\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()
