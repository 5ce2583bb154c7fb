"""Every wake leaves a record: what caused it, where its time went, for how many, and how it ended."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.platform import Platform, wait_for

ORDER = ["gate", "spawn", "runtime", "checkin", "imports", "startup", "first_byte"]
DEAR = {"app.py": "import xml.etree.ElementTree, imaplib, mailbox, ftplib\n" + HELLO["app.py"]}


def wakes(account: Account, name: str, outcome: str, count: int = 1) -> list[dict[str, Any]]:
    """The newest wakes of an app that ended so, once there are that many and the newest is whole."""

    def there() -> list[dict[str, Any]] | None:
        items: list[dict[str, Any]] = account.api("GET", f"/apps/{name}/wakes?outcome={outcome}")["items"]
        whole = (
            outcome != "ready" or any(phase["name"] == "first_byte" for phase in items[0]["phases"]) if items else False
        )
        return items if len(items) >= count and whole else None

    found: list[dict[str, Any]] = wait_for(there, 20, f"{count} wakes of {name} that ended {outcome}")
    return found


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Somebody on a platform that keeps no app imported, and is hurt."""
    with Platform(tmp_path_factory.mktemp("cold") / "data", FP_WARM_MB="0") as platform:
        yield Account(platform)


def test_a_wake_tells_its_cause_its_phases_and_for_how_many(cold: Account) -> None:
    """Five at once: one record whose phases, in order, are most of its time, with the dearest imports by name."""
    cold.publish("watched", DEAR)
    cold.api("POST", "/apps/watched/sleep")
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: Account.call(cold, "watched", "/?who=asks").status_code, range(5)))
    assert answers == [200] * 5
    (wake,) = wakes(cold, "watched", "ready")
    assert (wake["cause"], wake["method"], wake["path"], wake["version"]) == ("request", "GET", "/", 1)
    assert 1 <= wake["held"] <= 5
    assert wake["start"] == "zygote", "without room for imported apps none is made"
    phases = {phase["name"]: phase["ms"] for phase in wake["phases"]}
    assert list(phases) == ORDER
    before_first_byte = sum(phases.values()) - phases["first_byte"]
    assert 0.5 * wake["ms"] < before_first_byte <= wake["ms"] * 1.05 + 5
    assert phases["imports"] > 0
    dear = [module["name"] for module in wake["modules"]]
    assert "mailbox" in dear or "imaplib" in dear
    assert len(dear) <= 10


def test_a_wake_that_control_asked_for_and_one_that_failed_say_so(ada: Account, tmp_path: Path) -> None:
    """The API's wake held no request; a failed one says file and line, and nothing more than its owner may read."""
    flag = tmp_path / "broken"
    code = f"import pathlib\nif pathlib.Path({str(flag)!r}).exists():\n    raise RuntimeError('no luck')\n"
    ada.publish("moody", {"app.py": code + HELLO["app.py"]})
    ada.api("POST", "/apps/moody/sleep")
    ada.api("POST", "/apps/moody/wake")
    ready = wait_for(lambda: ada.api("GET", "/apps/moody/wakes")["items"], 20, "the record")
    assert (ready[0]["cause"], ready[0]["held"], ready[0]["outcome"]) == ("api", 0, "ready")
    ada.api("POST", "/apps/moody/sleep")
    flag.touch()
    assert ada.call("moody").status_code == 502
    failed = wakes(ada, "moody", "failed")[0]
    assert (failed["failure"]["file"], failed["failure"]["line"], failed["held"]) == ("app.py", 3, 1)
    assert "no luck" in failed["failure"]["message"]


def test_a_record_waits_for_control_and_mongodb_and_for_the_next_activator(cold: Account) -> None:
    """Wakes while control and MongoDB are held still, the activator killed right after: all records arrive later."""
    platform = cold.platform
    cold.publish("late", HELLO)
    cold.api("POST", "/apps/late/sleep")
    journal = platform.data / "activator" / "wakes"
    wait_for(lambda: not list(journal.glob("*")), 20, "an empty journal")
    held = [platform.processes()[name] for name in ("control", "worker", "mongodb")]
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    try:
        pid = cold.call("late").json()["pid"]
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: cold.call("late").json()["pid"] != pid, 20, "another instance")
        wait_for(
            lambda: b"".join(p.read_bytes() for p in journal.glob("*")).count(b"first_byte") >= 2,
            20,
            "both written",
        )
        platform.kill("activator")
    finally:
        for pid in held:
            os.kill(pid, signal.SIGCONT)
    assert len(wakes(cold, "late", "ready", 2)) == 2
    wait_for(lambda: not list(journal.glob("*")), 20, "an empty journal")


def test_wakes_are_the_owners(ada: Account) -> None:
    """Somebody else sees as much of them as of the app: nothing."""
    ada.publish("private", HELLO)
    eve = Account(ada.platform, "eve-looks")
    assert eve.http.get("/api/apps/private/wakes").status_code == 404
