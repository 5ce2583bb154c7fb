"""kill -9 of each process while apps serve: the awake app answers on, the platform heals, nothing stays half-way.

Over both data planes.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import httpx
import pytest

from fp.local.traefik import DataPlane
from tests.e2e.conftest import QUICK
from tests.support.account import Account
from tests.support.apps import HELLO, VERSION_TWO
from tests.support.platform import Platform, wait_for

VICTIMS = ["traefik", "activator", "node", "zygote", "control", "worker", "mongodb"]


@pytest.fixture(scope="module", params=get_args(DataPlane))
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of this module's own, because it is hurt."""
    settings = {**QUICK, "FP_DATA_PLANE": request.param}
    with Platform(tmp_path_factory.mktemp("chaos") / "data", **settings) as running:
        yield running


@pytest.fixture(scope="module")
def eve(platform: Platform) -> Account:
    """Its user, with an app that is awake and one that sleeps."""
    account = Account(platform, "eve")
    account.publish("awake", HELLO)
    account.publish("asleep", HELLO)
    return account


class Visitor:
    """Asks the awake app all the time, from a thread, and remembers what came back."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.failed: list[str] = []
        self.answered = 0

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._account.platform.url, timeout=30) as visitor:
            while not self._stop.is_set():
                try:
                    answer = visitor.get("/", headers={"Host": "awake.localhost"})
                    good = answer.status_code == 200 and answer.json()["hello"] == "world"
                    self.answered += good
                    if not good:
                        self.failed.append(f"{answer.status_code} {answer.text[:200]}")
                except httpx.HTTPError as error:
                    self.failed.append(repr(error))


@pytest.mark.parametrize("victim", ["activator", "node", "control", "worker", "mongodb"])
def test_an_awake_app_answers_on(platform: Platform, eve: Account, victim: str) -> None:
    """Not one request to an awake app fails while anything but the door dies; afterwards a sleeping app wakes as before."""
    eve.api("POST", "/apps/asleep/sleep")
    eve.call("awake")
    with Visitor(eve) as visitor:
        wait_for(lambda: visitor.answered > 10, 10, "requests")
        platform.kill(victim)
        wait_for(platform.is_ready, 40, f"ready again after {victim} died")
        before = visitor.answered
        wait_for(lambda: visitor.answered > before + 10, 10, "more requests")
    assert visitor.failed == []
    assert f"{victim} was killed by SIGKILL" in platform.said()
    assert eve.call("asleep").status_code == 200
    assert eve.api("POST", "/apps/asleep/sleep")["status"] == "sleeping"


def test_the_door_comes_back(platform: Platform, eve: Account) -> None:
    """Traefik killed: connections of that moment break, a second later everything answers as before."""
    pid = eve.call("awake").json()["pid"]
    platform.kill("traefik")
    wait_for(platform.is_ready, 30, "the door")
    assert eve.call("awake").json()["pid"] == pid


def children(pid: int) -> list[int]:
    """The processes that a process started itself."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def base_zygote(platform: Platform) -> int:
    """The pid of the zygote that the node started."""
    found: int = wait_for(
        lambda: next(
            (
                pid
                for pid in children(platform.processes()["node"])
                if b"zygote" in Path(f"/proc/{pid}/cmdline").read_bytes() and os.getsid(pid) == pid
            ),
            0,
        ),
        20,
        "a zygote",
    )
    return found


def test_the_zygote_may_die(platform: Platform, eve: Account) -> None:
    """Apps forked from it live on, and the next wake is forked from a new one."""
    eve.api("POST", "/apps/awake/sleep")
    pid = eve.call("awake").json()["pid"]
    os.kill(base_zygote(platform), signal.SIGKILL)
    assert eve.call("awake").json()["pid"] == pid
    eve.api("POST", "/apps/asleep/sleep")
    assert eve.call("asleep").status_code == 200


def test_an_app_that_dies_comes_back_with_the_next_request(platform: Platform, eve: Account) -> None:
    """kill -9 of the app itself: the next request wakes a new one."""
    pid = eve.call("awake").json()["pid"]
    os.kill(pid, signal.SIGKILL)
    assert eve.call("awake").json()["pid"] != pid


@pytest.mark.parametrize("victim", ["worker", "control", "node", "activator"])
def test_a_deploy_survives_the_death_of_its_makers(platform: Platform, eve: Account, victim: str) -> None:
    """Killed in the middle of a deploy: it ends as succeeded or failed, never stays, and the app serves throughout."""
    slow = VERSION_TWO["app.py"].replace("import asyncio\n", "import asyncio\nimport time\ntime.sleep(1.5)\n")
    name = f"mid-{victim}"
    eve.publish(name, HELLO)
    eve.save(name, {"app.py": slow})
    deploy = eve.api("POST", f"/apps/{name}/deploy", json={})
    wait_for(
        lambda: [
            one
            for one in eve.api("GET", f"/deploys/{deploy['id']}")["stages"]
            if one["name"] == "start" and one["status"] == "running"
        ],
        20,
        "the start stage",
    )
    platform.kill(victim)
    wait_for(platform.is_ready, 40, "ready again")
    ended = eve.deployed(deploy["id"], 60)
    assert ended["status"] in ("succeeded", "failed")
    assert eve.call(name).json()["hello"] == ("again" if ended["status"] == "succeeded" else "world")
    assert eve.status(name) == "running"


def numbered(account: Account) -> set[str]:
    """The numbers of the requests that the app `counted` has a record of."""
    found: set[str] = set()
    cursor = ""
    while True:
        page = account.api("GET", f"/apps/counted/requests?limit=200{cursor}")
        found |= {record["query"] for record in page["items"]}
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


@pytest.fixture(scope="module")
def counted(eve: Account) -> str:
    """An app whose every answer must leave a record."""
    eve.publish("counted", HELLO)
    return "counted"


def test_whatever_dies_in_whatever_order_nothing_stays_half_way(platform: Platform, eve: Account, counted: str) -> None:
    """Two rounds of everything but the apps, faster than it heals: every answer has its record, every app is well.

    Each app is at rest, wakes, and has one process and no other. The order is another one for each data plane.
    """
    chance = random.Random(platform.env["FP_DATA_PLANE"])
    answered: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=platform.url, timeout=40) as visitor:
            for number in range(100_000):
                if stop.is_set():
                    return
                name = f"n={number}"
                try:
                    answer = visitor.get(f"/?{name}", headers={"Host": f"{counted}.localhost"})
                except httpx.HTTPError:
                    continue
                if answer.status_code == 200:
                    answered.add(name)
                stop.wait(0.02)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for victim in [*chance.sample(VICTIMS, len(VICTIMS)), *chance.sample(VICTIMS, len(VICTIMS))]:
            pid = platform.processes().get(victim, 0) if victim != "zygote" else base_zygote(platform)
            if pid and Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
            time.sleep(chance.uniform(0.0, 1.0))
        wait_for(platform.is_ready, 60, "ready again")
    finally:
        stop.set()
        thread.join()
    assert len(answered) > 20
    names = [app["name"] for app in eve.api("GET", "/apps")["items"]]
    for name in names:
        at_rest(eve, name)
        assert eve.api("GET", f"/apps/{name}/deploys")["items"][0]["status"] != "running"
    wait_for(lambda: answered <= numbered(eve), 60, "a record of every answer")
    serving = {eve.call(name).json()["pid"] for name in names}
    wait_for(lambda: runners(platform) == serving, 30, "one process for each app")


def at_rest(account: Account, name: str) -> None:
    """Wait until the app is neither on its way up nor down."""
    wait_for(lambda: account.status(name) in ("running", "sleeping"), 30, f"{name} at rest")


def runners(platform: Platform) -> set[int]:
    """The processes of apps that keep records, whoever is their parent by now."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if not (folder / "cwd").readlink().is_relative_to(platform.data):
                continue
            spools = any(str(fd.readlink()).endswith(".ndjson") for fd in (folder / "fd").iterdir())
        except OSError:
            continue
        if spools:
            found.add(int(folder.name))
    return found
