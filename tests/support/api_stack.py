"""All of the platform but the front door around one api process: node, activator and worker, as the supervisor starts them."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.support.api_process import Api
from tests.support.control_mongo import MongoServer, run_module
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
APPS_PYTHON = Path(os.environ.get("FP_RUNNER_PYTHON") or ROOT / ".venv-apps" / "bin" / "python")
PARTS = ("cluster.local", "activator", "control.worker")


class Stack:
    """Use as a context manager; `api` answers once it is entered, the rest a moment later (`/api/ready` says when)."""

    def __init__(self, mongo: MongoServer, folder: Path) -> None:
        self.folder = folder
        more = {"FP_DATA": str(folder), "FP_CHECKIN_PORT": str(free_port()), "FP_RUNNER_PYTHON": str(APPS_PYTHON)}
        self.api = Api(mongo, folder, **more)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        assert APPS_PYTHON.exists(), f"the apps' packages are not installed in {APPS_PYTHON}"
        try:
            for part in PARTS:
                self.start(part)
            self.api.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, part: str) -> None:
        """Starts one of PARTS, by its module's name."""
        self.processes[part] = run_module(part, self.api.environ, self.folder)

    def end(self, part: str) -> None:
        """Ends one of PARTS in good order."""
        process = self.processes.pop(part)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop(self) -> None:
        if self.api.process is not None:
            self.api.stop()
        for part in reversed(list(self.processes)):
            self.end(part)

    def logs(self) -> str:
        """What every process wrote, for the message of a failing test."""
        return "\n".join(f"== {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log")))


async def until(asked: Callable[[], Awaitable[Any]], seconds: float = 30.0) -> Any:
    """The first true answer of `asked`; AssertionError after that many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := await asked()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.02)
    return answer


async def deployed(client: httpx.AsyncClient, app: str) -> dict[str, Any]:
    """Deploys the app's draft; the deploy once it is over."""
    deploy = (await client.post(f"/api/apps/{app}/deploy", json={})).json()["id"]

    async def over() -> dict[str, Any] | None:
        body: dict[str, Any] = (await client.get(f"/api/deploys/{deploy}")).json()
        return body if body["status"] != "running" else None

    found: dict[str, Any] = await until(over)
    return found
