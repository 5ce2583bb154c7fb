"""The platform in a cluster, as tests use it: put there with some settings, asked at its door, and broken from outside.

Settings of the tests themselves: `FP_IMAGE_BUILD` builds images (tools/cluster.py). `FP_TEST_RESTART_API` and
`FP_TEST_RESTART_KUBELET` are commands that restart the API server and a node's kubelet; tests that need them are skipped without.
"""

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import httpx

from tests.support.platform import ROOT, wait_for

UP_SECONDS = 900


class ClusterPlatform:
    """See the module's text. `port`: the one in the apps' addresses."""

    def __init__(self, **settings: str) -> None:
        self.settings = settings
        self.users: list[httpx.Client] = []
        self.port = 8080
        self.url = ""

    def up(self) -> None:
        """Bring it into the cluster, or change its settings there."""
        argv = [sys.executable, str(ROOT / "tools" / "cluster.py"), "up"]
        env = {**os.environ, **self.settings}
        done = subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True, timeout=UP_SECONDS, check=False)
        assert done.returncode == 0, done.stderr
        self.url = f"http://{done.stdout.strip().splitlines()[-1]}"
        wait_for(self.pool_is_full, 60, "the pool")

    def close(self) -> None:
        """Let go of connections; the platform stays."""
        for user in self.users:
            user.close()

    def pool_is_full(self) -> bool:
        """As many runners wait as are wanted."""
        wanted = int(self.settings.get("POOL", "2"))
        pods = self.pods("fp.dev/role=pool")
        waiting = [pod for pod in pods if pod["metadata"].get("annotations", {}).get("fp.dev/waiting")]
        return len(waiting) >= wanted

    def get(self, *what: str) -> Any:
        """Objects of the cluster."""
        return json.loads(self.kubectl("get", "-o", "json", *what))

    def pods(self, selector: str, namespace: str = "fp-apps") -> list[dict[str, Any]]:
        """Pods that are not on their way out."""
        items: list[dict[str, Any]] = self.get("-n", namespace, "pods", "-l", selector)["items"]
        return [pod for pod in items if not pod["metadata"].get("deletionTimestamp")]

    def running(self, app: str) -> list[dict[str, Any]]:
        """An app's instances that have a node."""
        pods = self.pods(f"fp.dev/app={app},fp.dev/role=app")
        return [pod for pod in pods if not pod["spec"].get("schedulingGates")]

    def kubectl(self, *arguments: str, check: bool = True) -> str:
        """What kubectl prints; with its complaints where they are asked for."""
        done = subprocess.run(["kubectl", *arguments], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout if check else done.stdout + done.stderr

    def execute(self, pod: str, code: str) -> str:
        """What some Python prints in an app's pod, or how it failed."""
        argv = ["-n", "fp-apps", "exec", pod, "--", "/opt/fp/env/bin/python", "-I", "-c", code]
        return self.kubectl(*argv, check=False).strip()


def command(name: str) -> list[str] | None:
    """A command of the settings."""
    text = os.environ.get(name, "")
    return shlex.split(text) if text else None
