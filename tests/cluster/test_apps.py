"""What people do: deploy, change, fail, let it sleep, wake it; and what of it the cluster shows."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import connect

from tests.support.account import Account
from tests.support.apps import HELLO, TALK, VERSION_TWO
from tests.support.cluster_platform import ClusterPlatform
from tests.support.platform import wait_for

WORKS = "from fastapi import FastAPI\n\napp = FastAPI()\n"
FAILING = {
    "import_failed": f"{WORKS}from json import nothing_of_that_name\n",
    "exited": f"{WORKS}import os\n\nleave = os._exit\nleave(7)\n",
    "startup_failed": (
        "from contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\n\n@asynccontextmanager\n"
        "async def life(app):\n    raise RuntimeError('no licence')\n    yield\n\n\napp = FastAPI(lifespan=life)\n"
    ),
    "start_timeout": f"{WORKS}import time\n\ntime.sleep(60)\n",
    "out_of_memory": f"{WORKS}held = [b'x' * 1024 * 1024 * (number + 1) for number in range(200)]\n",
}


def asleep(ada: Account, name: str) -> None:
    """Put it to sleep, and wait until its pods are gone or going."""
    assert ada.api("POST", f"/apps/{name}/sleep")["status"] == "sleeping"
    wait_for(lambda: ada.status(name) == "sleeping", 10, "sleep")


def app_id(ada: Account, name: str) -> str:
    """The app's id, which is its label."""
    found: str = ada.api("GET", f"/apps/{name}")["id"]
    return found


def test_an_app_is_deployed_changed_and_deleted(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    assert ada.call(name).json()["hello"] == "world"
    app = app_id(ada, name)
    assert len(platform.running(app)) == 1
    failed: list[int] = []
    ada.save(name, VERSION_TWO)
    with ThreadPoolExecutor(1) as asking:
        deploying = asking.submit(ada.deploy, name)
        while not deploying.done():
            status = httpx.get(platform.url, headers={"Host": f"{name}.localhost"}, timeout=30).status_code
            failed += [status] if status != 200 else []
    assert deploying.result()["status"] == "succeeded", deploying.result()
    assert failed == []
    if platform.settings["FP_DATA_PLANE"] == "routes":
        # The old version serves what kube-proxy still leads to it (docs/data-plane.md).
        wait_for(lambda: ada.call(name).json()["hello"] == "again", 5, "kube-proxy to know of it, too")
    else:
        assert ada.call(name).json()["hello"] == "again"
    wait_for(lambda: len(platform.running(app)) == 1, 30, "the old version to go")
    ada.http.request("DELETE", f"/api/apps/{name}", json={"name": name}).raise_for_status()
    kinds = "pods,secrets,deployments,replicasets,services,endpointslices,ingressroutes.traefik.io"

    def left() -> list[object]:
        return [
            item
            for namespace in ("fp-apps", "fp-edge")
            for item in platform.get("-n", namespace, kinds, "-l", f"fp.dev/app={app}")["items"]
        ]

    wait_for(lambda: not left(), 60, "nothing to be left")


@pytest.mark.parametrize("code", FAILING)
def test_a_version_that_does_not_start_says_why_and_the_old_one_serves(ada: Account, name: str, code: str) -> None:
    ada.publish(name, HELLO)
    ada.save(name, {"app.py": FAILING[code]})
    ended = ada.deploy(name)
    assert ended["status"] == "failed", ended
    assert ended["findings"][0]["code"] == code, ended["findings"]
    assert ended["findings"][0]["message"]
    assert ada.call(name).json()["hello"] == "world"


def test_it_sleeps_by_itself_and_a_request_wakes_it(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    ada.api("PATCH", f"/apps/{name}/settings", json={"idle_minutes": 1})
    wait_for(lambda: ada.status(name) == "sleeping", 30, "sleep")
    wait_for(lambda: not platform.running(app_id(ada, name)), 30, "its pod to go")
    woken = ada.call(name, "/?cold=1")
    assert woken.status_code == 200, woken.text
    assert woken.headers["server-timing"].startswith("wake;dur=")
    assert "server-timing" not in ada.call(name).headers
    wake = wait_for(lambda: ada.api("GET", f"/apps/{name}/wakes")["items"], 15, "its record")[0]
    assert (wake["outcome"], wake["cause"]) == ("ready", "request")


def test_records_and_lines_survive_sleep_and_kubectl_shows_the_lines(
    platform: ClusterPlatform, ada: Account, name: str
) -> None:
    ada.publish(name, HELLO)
    for number in range(5):
        ada.call(name, f"/?number={number}")
    pod = platform.running(app_id(ada, name))[0]["metadata"]["name"]
    assert platform.kubectl("-n", "fp-apps", "logs", pod).count("hello from the root") == 5
    asleep(ada, name)
    wait_for(lambda: len(ada.requests(name)) == 5, 30, "the records")
    lines = [line["text"] for line in ada.logs(name)]
    assert lines.count("hello from the root") == 5


def test_what_memory_it_takes_is_known(ada: Account, name: str) -> None:
    ada.publish(name, HELLO)

    def told() -> int | None:
        ada.call(name)  # or it sleeps before it has told
        seen: int | None = ada.api("GET", f"/apps/{name}/metrics")["totals"]["memory_last"]
        return seen

    assert 10_000_000 < wait_for(told, 45, "a sample, which comes every 15 s") < 200_000_000


def test_a_process_that_dies_is_told_and_the_next_request_wakes(
    platform: ClusterPlatform, ada: Account, name: str
) -> None:
    ada.publish(name, HELLO)
    with suppress(httpx.HTTPError):
        ada.call(name, "/exit?code=3")
    if platform.settings["FP_DATA_PLANE"] == "routes":
        # What is let through before Traefik knows of its death gets a 502 (docs/data-plane.md).
        wait_for(lambda: ada.status(name) != "running", 10, "its death to be known")
        wait_for(lambda: ada.call(name).json().get("hello"), 10, "Traefik to know of it, too")
    answer = ada.call(name)
    assert (answer.status_code, answer.json().get("hello")) == (200, "world"), answer.text
    wait_for(lambda: "Process exited with code 3" in [line["text"] for line in ada.logs(name)], 30, "the line")


def test_an_app_that_dies_again_and_again_rests_and_is_woken_afterwards(ada: Account, name: str) -> None:
    """Whoever asks meanwhile is told so at once, and when to come again."""
    ada.publish(name, HELLO)

    def seconds() -> int:
        try:
            return int(ada.call(name, "/exit?code=3").headers.get("Retry-After", "0"))
        except httpx.HTTPError:
            return 0

    wait_for(lambda: seconds() >= 2, 60, "its rest")
    wait_for(lambda: ada.call(name).status_code == 200, 60, "the end of it")


def test_a_storm_on_a_sleeping_app_is_one_wake(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    asleep(ada, name)
    with ThreadPoolExecutor(200) as crowd:
        answers = list(
            crowd.map(lambda _: httpx.get(platform.url, headers={"Host": f"{name}.localhost"}, timeout=60), range(200))
        )
    assert {answer.status_code for answer in answers} == {200}
    wait_for(lambda: len(platform.running(app_id(ada, name))) == 1, 20, "one instance")


SLOW_START = (
    "from asyncio import sleep\nfrom contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\n\n"
    "@asynccontextmanager\nasync def life(app):\n    await sleep(3)\n    yield\n\n\napp = FastAPI(lifespan=life)\n"
)
LONGEST_START = 45
"""Seconds, a little more than an app has to become ready on the cluster."""


def test_a_runner_that_waited_long_has_all_the_time_to_start(
    platform: ClusterPlatform, ada: Account, name: str
) -> None:
    """What it waited in the pool is not what the app took."""
    ada.publish(name, {"app.py": SLOW_START})
    asleep(ada, name)

    def youngest() -> float:
        """Seconds: nobody knows which of them is taken."""
        made = [
            datetime.fromisoformat(pod["metadata"]["creationTimestamp"]) for pod in platform.pods("fp.dev/role=pool")
        ]
        return (datetime.now(UTC) - max(made)).total_seconds()

    wait_for(lambda: youngest() > LONGEST_START, 2 * LONGEST_START, "the pool to grow old")
    assert ada.call(name).status_code == 404, "it is awake, and has no routes"
    (wake,) = wait_for(lambda: ada.api("GET", f"/apps/{name}/wakes")["items"], 15, "its record")
    assert (wake["outcome"], wake["instance"][:5]) == ("ready", "pool-")


def test_a_large_body_waits_through_a_wake(ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    asleep(ada, name)
    answer = ada.call(name, "/echo", "POST", content=b"x" * 10_000_000)
    assert (answer.status_code, answer.json()["length"]) == (200, 10_000_000)


def test_a_websocket_wakes_an_app(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, TALK)
    asleep(ada, name)
    door = urlsplit(platform.url)
    sock = socket.create_connection((door.hostname or "", door.port or 80), timeout=30)
    with connect(f"ws://{name}.localhost:{door.port}/ws", sock=sock) as talk:
        talk.send("good morning")
        assert talk.recv(timeout=10) == "you said good morning"


def test_an_empty_pool_falls_back_to_pods_of_the_apps_own(ada: Account, name: str) -> None:
    """More sleeping apps at once than runners wait."""
    apps = [f"{name}-{number}" for number in range(4)]
    for each in apps:
        ada.publish(each, HELLO)
    for each in apps:
        asleep(ada, each)
    with ThreadPoolExecutor(len(apps)) as visitors:
        answers = list(visitors.map(lambda each: ada.call(each).status_code, apps))
    assert answers == [200] * len(apps)
    for each in apps:
        ada.http.request("DELETE", f"/api/apps/{each}", json={"name": each}).raise_for_status()
