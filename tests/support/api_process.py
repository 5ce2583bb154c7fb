"""The api process for tests: started as the supervisor starts it, on a real mongod, with its log in a file.

`Api` is one process; `api` is shared by a folder of tests, which tell their accounts apart by name. What the api talks to
beside MongoDB (node, activator, Traefik) is not there, unless a test starts it: then the api says so, and lives.
"""

import secrets
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.support.control_mongo import MongoServer, run_module
from tests.support.ports import free_port

START_SECONDS = 30.0
TOKEN = "internal-token-of-the-tests"


class Api:
    """`python -m control.app` in `folder`; `url` and `internal_url` are its two listeners."""

    def __init__(self, mongo: MongoServer, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.port, self.internal_port = free_port(), free_port()
        self.door_port, self.activator_port, self.node_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.internal_url = f"http://127.0.0.1:{self.internal_port}"
        ports = {
            "FP_CONTROL_PORT": self.port,
            "FP_INTERNAL_PORT": self.internal_port,
            "FP_ACTIVATOR_PORT": self.activator_port,
            "FP_NODE_PORT": self.node_port,
            "FP_PORT": self.door_port,
        }
        given = {name: str(port) for name, port in ports.items()} | {"FP_INTERNAL_TOKEN": TOKEN} | environ
        self.environ = mongo.environ(**given)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "control.app.log").read_text()

    def start(self) -> Self:
        """Returns once it answers."""
        self.process = run_module("control.app", self.environ, self.folder)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, f"the api ended with {self.process.returncode}: {self.log}"
            assert time.monotonic() < deadline, f"the api does not answer: {self.log}"
            time.sleep(0.02)
        return self

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: int = signal.SIGTERM, seconds: float = 10.0) -> int:
        """Ends it and answers its exit code."""
        assert self.process is not None
        process, self.process = self.process, None
        process.send_signal(number)
        return process.wait(seconds)

    def rss_mb(self) -> float:
        """Resident memory, megabytes."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        """A client of the public listener, with that token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20, trust_env=False)

    def internal(self) -> httpx.AsyncClient:
        """A client of the internal listener that shows the token."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.AsyncClient(base_url=self.internal_url, headers=headers, timeout=20, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.stop(signal.SIGKILL)


def new_name(prefix: str = "user") -> str:
    """A username nobody has."""
    return f"{prefix}-{secrets.token_hex(4)}"


async def sign_up(api: Api, username: str | None = None, password: str = "correct horse") -> dict[str, Any]:
    """A new account: the body of the answer, `token` and `user`. Each comes from an address of its own."""
    body = {"username": username or new_name(), "password": password}
    async with api.client() as client:
        answer = await client.post("/api/auth/signup", json=body, headers={"X-Forwarded-For": new_address()})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


def new_address() -> str:
    """An address that has not tried anything yet, from the block for documentation."""
    return f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"
