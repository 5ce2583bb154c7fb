"""Sleep and wake through the front door: nothing lost, one wake however many wait, and the history says what it cost."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from websockets.sync.client import connect

from tests.support.account import Account
from tests.support.apps import HELLO, STREAM, TALK
from tests.support.platform import wait_for

NAVIGATION = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def asleep(account: Account, name: str) -> None:
    """Put the app to sleep and make sure that it is."""
    assert account.api("POST", f"/apps/{name}/sleep")["status"] == "sleeping"
    assert account.status(name) == "sleeping"


def test_a_request_wakes_a_sleeping_app_and_its_record_says_so(ada: Account) -> None:
    """The first request is held and answered, carries Server-Timing, and is marked; the next one is not."""
    ada.publish("sleeper", HELLO)
    before = ada.call("sleeper").json()["pid"]
    asleep(ada, "sleeper")
    cold = ada.call("sleeper", "/?cold=1")
    assert cold.status_code == 200
    assert cold.json()["pid"] != before
    assert cold.headers["server-timing"].startswith("wake;dur=")
    warm = ada.call("sleeper", "/?warm=1")
    assert warm.json()["pid"] == cold.json()["pid"]
    assert "server-timing" not in warm.headers

    def both() -> dict[str, float | None] | None:
        seen = {record["query"]: record["cold_start_ms"] for record in ada.requests("sleeper")}
        return seen if {"cold=1", "warm=1"} <= seen.keys() else None

    seen = wait_for(both, 15, "both records")
    assert seen["warm=1"] is None
    assert abs(seen["cold=1"] - float(cold.headers["server-timing"].removeprefix("wake;dur="))) < 0.1


def test_one_wake_however_many_wait(ada: Account) -> None:
    """A hundred requests at once to a sleeping app: a hundred answers from one and the same process."""
    ada.publish("crowd", HELLO)
    asleep(ada, "crowd")
    with ThreadPoolExecutor(100) as pool:
        answers = list(
            pool.map(lambda _: httpx.get(ada.platform.url, headers={"Host": "crowd.localhost"}, timeout=40), range(100))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["pid"] for answer in answers}) == 1


def test_an_idle_app_falls_asleep_by_itself(ada: Account) -> None:
    """With one idle minute (2 s here) it sleeps soon after its last request, its process is gone, and it wakes again."""
    ada.publish("idle", HELLO)
    pid = ada.call("idle").json()["pid"]
    ada.api("PATCH", "/apps/idle/settings", json={"idle_minutes": 1})
    wait_for(lambda: ada.status("idle") == "sleeping", 20, "sleep")
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), 10, "the process to go")
    assert ada.call("idle").status_code == 200


def test_an_app_in_use_does_not_sleep(ada: Account) -> None:
    """A request that takes longer than the idle time is answered whole, by the process that took it."""
    ada.publish("busy", HELLO)
    ada.api("PATCH", "/apps/busy/settings", json={"idle_minutes": 1})
    pid = ada.call("busy").json()["pid"]
    slow = ada.call("busy", "/slow?seconds=5")
    assert slow.json() == {"slept": 5.0, "pid": pid}


def test_a_large_body_waits_through_a_wake(ada: Account) -> None:
    """10 MB posted to a sleeping app arrive whole."""
    ada.publish("upload", HELLO)
    asleep(ada, "upload")
    body = os.urandom(10 * 1024 * 1024)
    answer = ada.call("upload", "/echo", "POST", content=body)
    assert answer.json()["length"] == len(body)


def test_headers_of_ours_from_outside_never_reach_the_app(ada: Account) -> None:
    """X-Fp-* and X-Forwarded-* that a visitor sends are not believed."""
    ada.publish("headers", HELLO)
    sent = {
        "X-Fp-Cold-Start": "999",
        "X-Fp-Ticket": "guess",
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Host": "evil.example",
    }
    answer = ada.call("headers", "/echo", "POST", content=b"x", headers=sent)
    seen = answer.json()["headers"]
    assert not [name for name in seen if name.startswith("x-fp-")]
    assert "6.6.6.6" not in seen["x-forwarded-for"]
    assert seen["x-forwarded-host"].startswith("headers.localhost")
    assert "server-timing" not in answer.headers


def test_a_browser_that_waits_sees_the_loading_page(ada: Account) -> None:
    """A navigation to an app that takes over a second to start gets a page that reloads itself; later, the app."""
    slow = HELLO["app.py"].replace("import asyncio\n", "import asyncio\nimport time\ntime.sleep(2.5)\n")
    ada.publish("late", {"app.py": slow})
    asleep(ada, "late")
    began = time.monotonic()
    page = ada.call("late", headers=NAVIGATION)
    assert page.status_code == 503
    assert 0.9 < time.monotonic() - began < 2.0
    assert page.headers["retry-after"] == "1"
    assert "text/html" in page.headers["content-type"]
    assert "late" in page.text
    assert len(page.content) < 6 * 1024
    assert ada.call("late").status_code == 200


def test_a_websocket_through_a_wake(ada: Account) -> None:
    """The handshake is held like any request, then both sides talk."""
    ada.publish("talk", TALK)
    asleep(ada, "talk")
    door = socket.create_connection(("127.0.0.1", ada.platform.port))
    with connect(f"ws://talk.localhost:{ada.platform.port}/ws", sock=door, open_timeout=30) as talk:
        talk.send("hello")
        assert talk.recv(timeout=10) == "you said hello"


def test_a_stream_arrives_as_it_is_made(ada: Account) -> None:
    """Server-sent events are passed on one by one, not at the end."""
    ada.publish("stream", STREAM)
    asleep(ada, "stream")
    began = time.monotonic()
    with ada.visitor.stream("GET", "/", headers={"Host": "stream.localhost"}) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "data: first"
        first = time.monotonic() - began
        assert [line for line in lines if line] == ["data: second"]
    assert first < 1.5 < time.monotonic() - began


def test_apps_wake_and_serve_without_control_and_database(ada: Account) -> None:
    """Control, worker and MongoDB held still: a sleeping app wakes and serves; its records arrive once they go on."""
    ada.publish("alone", HELLO)
    asleep(ada, "alone")
    pids = [ada.platform.processes()[name] for name in ("control", "worker", "mongodb")]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert ada.call("alone", "/?while=down").status_code == 200
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    record = wait_for(lambda: [one for one in ada.requests("alone") if one["query"] == "while=down"], 30, "the record")
    assert record[0]["cold_start_ms"] > 0


def test_an_unknown_host_is_told_so(ada: Account) -> None:
    """404, as a page to a browser and as a problem to a program."""
    assert ada.call("nobody-here").status_code == 404
    page = ada.call("nobody-here", headers=NAVIGATION)
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"]
