"""Apps that are kept imported: they wake from a process that has done it, and nothing that must be their own is shared."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.account import Account
from tests.support.platform import Platform, wait_for

APP = """\
import logging
import os
import random
import sys
import tempfile
import uuid

import mailbox
from fastapi import FastAPI

print("imported")
DICE = random.Random()
os.environ["SET_AT_IMPORT"] = "yes"
logging.basicConfig(level="INFO", stream=sys.stdout)
seen = []
app = FastAPI()


@app.get("/")
def tell():
    seen.append(1)
    print("asked in", os.getpid())
    logging.info("logged in %s", os.getpid())
    return {{
        "pid": os.getpid(),
        "seen": len(seen),
        "random": [random.random(), DICE.random(), str(uuid.uuid4()), tempfile.mktemp()],
        "env": os.environ.get("SET_AT_IMPORT"),
        "cwd": os.getcwd(),
        "ticket": os.environ.get("FP_TICKET"),
        "word": {word!r},
    }}
"""
THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,), daemon=True).start()\n"
READS = "import pathlib\nprint('read', pathlib.Path({book!r}).read_text())\n"


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Somebody on a platform of this module's own."""
    with Platform(tmp_path_factory.mktemp("warm") / "data") as platform:
        yield Account(platform, "eve")


def zygotes(account: Account, name: str) -> int:
    """How many zygotes of its own the app has been given so far."""
    app = account.api("GET", f"/apps/{name}")["id"]
    lines = (account.platform.data / "logs" / "node.log").read_text().splitlines()
    return sum('"an app has a zygote"' in line and app in line for line in lines)


def publish(account: Account, name: str, more: str = "", word: str = "one") -> None:
    """Deploy the app, and wait until it is kept imported."""
    code = more + APP.format(word=word)
    before = 0
    if account.http.get(f"/api/apps/{name}").status_code == 404:
        account.publish(name, {"app.py": code})
    else:
        before = zygotes(account, name)
        account.save(name, {"app.py": code})
        assert account.deploy(name)["status"] == "succeeded"
    another_zygote(account, name, before + 1)


def another_zygote(account: Account, name: str, count: int) -> None:
    """Wait until the app was given that many."""
    wait_for(lambda: zygotes(account, name) >= count, 20, "another zygote")


def woken(account: Account, name: str) -> dict[str, Any]:
    """What the app tells after a sleep and a wake."""
    account.api("POST", f"/apps/{name}/sleep")
    answer: dict[str, Any] = account.call(name).json()
    return answer


def starts(account: Account, name: str, count: int) -> list[str]:
    """The ways in which the app's wakes began, newest first, once there are `count`."""
    items = wait_for(
        lambda: len(found := account.api("GET", f"/apps/{name}/wakes?outcome=ready")["items"]) >= count and found,
        20,
        "wakes",
    )
    return [wake["start"] for wake in items]


def told(account: Account, name: str, lines: list[str]) -> None:
    """Wait until each of these lines is once in the app's log."""

    def all_told() -> bool:
        texts = [line["text"] for line in account.logs(name)]
        return all(sum(line in text for text in texts) == 1 for line in lines)

    wait_for(all_told, 20, "each line once")


def test_an_imported_app_wakes_without_being_imported_and_shares_nothing(eve: Account) -> None:
    """Its modules run once; each instance has its own random numbers, state, log and working folder, and its environment."""
    publish(eve, "kept")
    answers = [woken(eve, "kept") for _ in range(4)]
    assert starts(eve, "kept", 4) == ["imported"] * 4
    assert len({one["pid"] for one in answers}) == 4
    for place in range(4):
        assert len({one["random"][place] for one in answers}) == 4
    assert {one["seen"] for one in answers} == {1}
    assert {(one["env"], one["ticket"]) for one in answers} == {("yes", None)}
    assert len({one["cwd"] for one in answers}) == 1
    told(eve, "kept", [f"{verb} in {one['pid']}" for one in answers for verb in ("asked", "logged")])
    assert [line["text"] for line in eve.logs("kept")].count("imported") == 1


def test_an_app_that_starts_a_thread_is_imported_each_time_with_its_packages_ready(eve: Account) -> None:
    publish(eve, "threads", THREAD)
    for _ in range(3):
        assert woken(eve, "threads")["seen"] == 1
    assert starts(eve, "threads", 3) == ["packages"] * 3


def test_what_an_app_reads_when_it_is_imported_is_never_of_an_earlier_time(eve: Account, tmp_path: Path) -> None:
    """It finds its data as it is now. What changes at times is read anew then; what changes all the time, at every wake."""
    book = tmp_path / "book"
    book.write_text("page 0")
    publish(eve, "reads", READS.format(book=str(book)))
    before = zygotes(eve, "reads")
    woken(eve, "reads")
    for page in range(1, 4):
        book.write_text(f"page {page}")
        woken(eve, "reads")
        another_zygote(eve, "reads", before + page)
        woken(eve, "reads")
    told(eve, "reads", [f"read page {page}" for page in range(3)])
    assert starts(eve, "reads", 7) == ["packages", "zygote", *["imported", "zygote"] * 2, "imported"]


def test_a_new_version_has_nothing_of_the_old_one(eve: Account) -> None:
    publish(eve, "changed")
    assert woken(eve, "changed")["word"] == "one"
    publish(eve, "changed", word="two")
    assert woken(eve, "changed")["word"] == "two"
    assert starts(eve, "changed", 2) == ["imported"] * 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_zygote_that_is_dead_or_stuck_costs_no_wake(eve: Account, number: signal.Signals) -> None:
    """Its children live on, and the next wake comes from the base zygote at once."""
    name = f"lost-{number}"
    publish(eve, name)
    pid = woken(eve, name)["pid"]
    zygote = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(zygote, number)
    assert eve.call(name).json()["pid"] == pid
    assert woken(eve, name)["seen"] == 1
    assert starts(eve, name, 2) == ["zygote", "imported"]
    wait_for(lambda: not Path(f"/proc/{zygote}").exists() or number == signal.SIGKILL, 10, "the stuck one's end")


def test_zygotes_keep_to_their_budget(tmp_path: Path) -> None:
    """With room for about one, the one that woke last has it. Without any, none is made: test_wakes.py."""
    with Platform(tmp_path / "small", FP_WARM_MB="25") as platform:
        account = Account(platform)
        for name in ("first", "second", "third"):
            publish(account, name)
        wait_for(lambda: "makes room" in (platform.data / "logs/node.log").read_text(), 20, "one to make room")
        assert woken(account, "third")["seen"] == 1
        assert woken(account, "first")["seen"] == 1
        assert starts(account, "first", 1) == ["zygote"]
