"""All of the platform with its front door: the api stack behind a real Traefik, so that apps are called as visitors call them."""

import subprocess
import time
from typing import Any, Self

import httpx

from fp.local.traefik import prepare
from tests.support.activator_door import TRAEFIK
from tests.support.api_process import TOKEN
from tests.support.api_stack import ROOT, Stack

START_SECONDS = 30.0


class FrontedStack(Stack):
    """A Stack whose apps answer at `http://<app>.localhost:<door_port>`."""

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self._open_door()
        except BaseException:
            self.stop()
            raise
        return self

    def _open_door(self) -> None:
        folder = self.folder / "traefik"
        folder.mkdir()
        values = {
            "bind": "127.0.0.1", "port": str(self.api.door_port), "apps_domain": "localhost", "trusted_proxies": "[]",
            "control_port": str(self.api.port), "activator_port": str(self.api.activator_port), "internal_token": TOKEN,
        }  # fmt: skip
        configuration = prepare(ROOT, folder, "plugin", values)
        with (self.folder / "traefik.log").open("ab") as log:
            argv = [str(TRAEFIK), f"--configFile={configuration}"]
            self.processes["traefik"] = subprocess.Popen(argv, cwd=folder, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether every part says that a deploy would work now, and says so through the door."""
        try:
            url = f"http://127.0.0.1:{self.api.door_port}/api/ready"
            return httpx.get(url, timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def visitor(self, app: str, **more: Any) -> httpx.AsyncClient:
        """Somebody at the app's own address."""
        headers = {"Host": f"{app}.localhost:{self.api.door_port}"}
        url = f"http://127.0.0.1:{self.api.door_port}"
        return httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False, **more)
