"""All of the platform but its door, for the command line's tests: MongoDB, api, worker, activator, node and runners.

The command line talks to the api alone, so Traefik and the web page need not be there. A visitor's request goes the way
Traefik would take it: ask the activator, then call the address it names.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.support.api_process import TOKEN, Api
from tests.support.control_mongo import MongoServer, run_module
from tests.support.ports import free_port

READY_SECONDS = 40.0
APPS_PYTHON = Path(__file__).resolve().parents[3] / ".venv-apps" / "bin" / "python"


class RealPlatform:
    """`url` is the address to log in to; `door_port` is the port that apps' addresses name."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.url = api.url
        self.door_port = api.door_port

    def is_ready(self) -> bool:
        """Whether a deploy would work now: every part says so but the door, which is not here."""
        try:
            checks = httpx.get(f"{self.url}/api/ready", timeout=5, trust_env=False).json()["checks"]
        except httpx.TransportError:
            return False
        return all(said == "ok" for part, said in checks.items() if part != "door")

    def visit(self, app: str, path: str = "/") -> httpx.Response:
        """One visitor's request to an app, which wakes it if it sleeps."""
        host = f"{app}.localhost:{self.door_port}"
        forwarded = {"X-Forwarded-Method": "GET", "X-Forwarded-Proto": "http", "X-Forwarded-Host": host}
        headers = {**forwarded, "X-Forwarded-Uri": path, "Authorization": f"Bearer {TOKEN}"}
        wake = f"http://127.0.0.1:{self._api.activator_port}/wake"
        told = httpx.get(wake, headers=headers, timeout=40, trust_env=False)
        assert told.status_code == 200, told.text
        shown = {key: value for key, value in told.headers.items() if key.lower() == "x-fp-cold-start"}
        upstream = f"http://{told.headers['X-Fp-Upstream']}{path}"
        return httpx.get(upstream, headers={"Host": host, **shown}, timeout=20, trust_env=False)


@contextmanager
def running(folder: Path) -> Iterator[RealPlatform]:
    """Start all parts in `folder`, wait until a deploy would work, and end all of them."""
    with ExitStack() as parts:
        mongo = parts.enter_context(MongoServer(folder / "mongo")).start()
        checkin, data = str(free_port()), folder / "data"
        data.mkdir()
        more = {"FP_CHECKIN_PORT": checkin, "FP_DATA": str(data), "FP_RUNNER_PYTHON": str(APPS_PYTHON)}
        api = parts.enter_context(Api(mongo, folder, **more))
        for module in ("cluster.local", "activator", "control.worker"):
            parts.callback(_end, run_module(module, api.environ, folder))
        platform = RealPlatform(api.start())
        deadline = time.monotonic() + READY_SECONDS
        while not platform.is_ready():
            assert time.monotonic() < deadline, _logs(folder)
            time.sleep(0.05)
        yield platform


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _logs(folder: Path) -> str:
    return "\n".join(f"{path.name}\n{path.read_text()[-2000:]}" for path in folder.glob("*.log"))
