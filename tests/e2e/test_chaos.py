"""kill -9 of each process while apps serve: the awake app answers on, the platform heals, nothing stays half-way."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import QUICK
from tests.support.account import Account
from tests.support.apps import HELLO, VERSION_TWO
from tests.support.platform import Platform, wait_for


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of this module's own, because it is hurt."""
    with Platform(tmp_path_factory.mktemp("chaos") / "data", **QUICK) as running:
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


def test_the_zygote_may_die(platform: Platform, eve: Account) -> None:
    """Apps forked from it live on, and the next wake is forked from a new one."""
    eve.api("POST", "/apps/awake/sleep")
    pid = eve.call("awake").json()["pid"]
    zygote = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    assert b"zygote" in Path(f"/proc/{zygote}/cmdline").read_bytes()
    os.kill(zygote, signal.SIGKILL)
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
