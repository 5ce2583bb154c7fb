"""Everything dies, and whoever is awake serves on: activators, pods at the worst moment, the API server, the kubelet."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from tests.cluster.test_apps import app_id, asleep
from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.cluster_platform import ClusterPlatform, command
from tests.support.platform import wait_for


class Visitors:
    """Ask an app all the time. `answers`: statuses; `broken`: what went wrong otherwise."""

    def __init__(self, url: str, host: str) -> None:
        self.answers: list[int] = []
        self.broken: list[str] = []
        self._url = url
        self._host = host
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(4)]

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url, headers={"Host": self._host}, timeout=30) as http:
            while not self._stop.is_set():
                try:
                    self.answers.append(http.get("/").status_code)
                except httpx.HTTPError as error:
                    self.broken.append(repr(error))
                time.sleep(0.005)

    @contextmanager
    def asking(self) -> Iterator["Visitors"]:
        """While the block runs."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def bad(self) -> list[object]:
        """Whatever was no 200."""
        return [*(status for status in self.answers if status != 200), *self.broken]


def test_one_of_two_activators_is_killed_under_load(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    activators = [pod["metadata"]["name"] for pod in platform.pods("fp.dev/part=activator", "fp-system")]
    assert len(activators) == 2
    with Visitors(platform.url, f"{name}.localhost").asking() as visitors:
        wait_for(lambda: len(visitors.answers) > 50, 20, "answers")
        platform.kubectl("-n", "fp-system", "delete", "pod", activators[0], "--grace-period=0", "--force")
        seen = len(visitors.answers)
        wait_for(lambda: len(visitors.answers) > seen + 200, 30, "answers")
    # With a route for each app the killed one takes along what forwardAuth was asking it at that moment.
    allowed = 0 if platform.settings["FP_DATA_PLANE"] == "plugin" else 8
    assert len(visitors.bad()) <= allowed, visitors.bad()
    asleep(ada, name)
    assert ada.call(name).status_code == 200
    wait_for(lambda: len(platform.pods("fp.dev/part=activator", "fp-system")) == 2, 60, "two activators")


@pytest.mark.parametrize("times", range(3))
def test_a_pod_that_dies_while_its_app_wakes_is_replaced(
    platform: ClusterPlatform, ada: Account, name: str, times: int
) -> None:
    """Whatever the moment: reserved, starting, or just adopted."""
    ada.publish(name, HELLO)
    app = app_id(ada, name)
    asleep(ada, name)
    visitor = threading.Thread(target=lambda: answers.append(ada.call(name).status_code))
    answers: list[int] = []
    visitor.start()
    pod = wait_for(lambda: platform.running(app), 10, "a pod")[0]["metadata"]["name"]
    platform.kubectl("-n", "fp-apps", "delete", "pod", pod, "--grace-period=0", "--force", check=False)
    visitor.join()
    assert answers == [200]
    assert ada.call(name).status_code == 200


def test_an_evicted_pod_is_replaced(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    app = app_id(ada, name)
    pod = platform.running(app)[0]["metadata"]["name"]
    wait_for(lambda: platform.running(app)[0]["metadata"].get("ownerReferences"), 20, "it to be adopted")
    platform.kubectl("-n", "fp-apps", "delete", "pod", pod, "--wait=false")
    with Visitors(platform.url, f"{name}.localhost").asking() as visitors:
        wait_for(lambda: len(visitors.answers) > 100, 30, "answers")
    assert visitors.bad() == []


def test_what_was_taken_for_a_version_that_is_no_longer_live_goes(
    platform: ClusterPlatform, ada: Account, name: str
) -> None:
    """A wake that took a runner while the next version went live."""
    ada.publish(name, HELLO)
    app = app_id(ada, name)
    serving = platform.running(app)[0]["metadata"]["name"]
    late = {
        "metadata": {"labels": {"fp.dev/app": app, "fp.dev/role": "app", "fp.dev/edition": "older"}},
        "spec": {
            "schedulingGates": [{"name": "fp.dev/start"}],
            "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {
                    "name": "late",
                    "image": "x",
                    "resources": {"limits": {"cpu": "10m", "memory": "16Mi"}},
                    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                }
            ],
        },
    }
    overrides = json.dumps({"apiVersion": "v1", **late})
    platform.kubectl("-n", "fp-apps", "run", f"late-{name}", "--image=x", f"--overrides={overrides}")
    chosen = f"fp.dev/app={app},fp.dev/role=app"
    wait_for(lambda: [pod["metadata"]["name"] for pod in platform.pods(chosen)] == [serving], 20, "it to go")
    assert ada.call(name).status_code == 200


@pytest.mark.parametrize("setting", ["FP_TEST_RESTART_API", "FP_TEST_RESTART_KUBELET"])
def test_awake_apps_serve_on_while_a_part_of_kubernetes_restarts(
    platform: ClusterPlatform, ada: Account, name: str, setting: str
) -> None:
    argv = command(setting)
    if argv is None:
        pytest.skip(f"{setting} does not say how to restart it in this cluster")
    ada.publish(name, HELLO)
    with Visitors(platform.url, f"{name}.localhost").asking() as visitors:
        wait_for(lambda: len(visitors.answers) > 50, 20, "answers")
        subprocess.run(argv, check=True, timeout=120)
        seen = len(visitors.answers)
        wait_for(lambda: len(visitors.answers) > seen + 200, 30, "answers")
    assert visitors.bad() == []
    # Some moments after a kubelet's restart Kubernetes takes every pod with probes for not ready (docs/install-kubernetes.md).
    wait_for(lambda: all(_is_ready(platform) for _ in range(20)), 60, "the platform")
    asleep(ada, name)
    assert ada.call(name).status_code == 200


def _is_ready(platform: ClusterPlatform) -> bool:
    time.sleep(0.2)
    with suppress(httpx.HTTPError):
        return httpx.get(f"{platform.url}/api/ready", timeout=10).status_code == 200
    return False
