"""Requests and logs of an app reach its history, also when the app has crashed or sleeps since."""

from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.platform import wait_for


def test_lines_carry_their_request(ada: Account) -> None:
    """What a handler prints is found under the id of the request that made it print."""
    ada.publish("lines", HELLO)
    ada.call("lines", "/?who=me")
    record = wait_for(lambda: [one for one in ada.requests("lines") if one["query"] == "who=me"], 15, "the record")[0]
    assert (record["method"], record["path"], record["status"], record["version"]) == ("GET", "/", 200, 1)
    line = wait_for(lambda: [one for one in ada.logs("lines") if one["text"] == "hello from the root"], 15, "the line")[
        0
    ]
    assert line["request_id"] == record["id"]
    assert line["level"] == "info"


def test_a_failed_request_keeps_its_traceback(ada: Account) -> None:
    """The record of a 500 holds the user's own lines."""
    ada.publish("boom", HELLO)
    assert ada.call("boom", "/boom").status_code == 500
    record = wait_for(lambda: [one for one in ada.requests("boom") if one["path"] == "/boom"], 15, "the record")[0]
    assert record["status"] == 500
    assert "KeyError: 'stars'" in record["error"]
    assert "app.py" in record["error"]
    assert "site-packages" not in record["error"]


def test_an_app_that_crashed_has_left_its_lines(ada: Account) -> None:
    """A process that ends itself in the middle of a request: its last line and its end are in the log, and it wakes again."""
    ada.publish("crash", HELLO)
    assert ada.call("crash", "/exit?code=3").status_code in (502, 503)
    texts = wait_for(
        lambda: (
            (found := [line["text"] for line in ada.logs("crash")])
            and any("code 3" in text for text in found)
            and found
        ),
        15,
        "the crash in the log",
    )
    assert "about to leave" in texts
    assert ada.call("crash").status_code == 200


def test_history_outlives_sleep(ada: Account) -> None:
    """After the app sleeps, its requests and lines are still there."""
    ada.publish("past", HELLO)
    ada.call("past", "/?last=words")
    ada.api("POST", "/apps/past/sleep")
    wait_for(lambda: [one for one in ada.requests("past") if one["query"] == "last=words"], 15, "the record")
    wait_for(lambda: [one for one in ada.logs("past") if one["text"] == "hello from the root"], 15, "the line")
    assert ada.status("past") == "sleeping"


def test_figures_tell_the_memory_of_an_app_that_takes_fifty_megabytes(ada: Account) -> None:
    """The runner tells what it takes, and the figures have it a moment later."""
    ada.publish("slim", HELLO)
    ada.publish("large", {"app.py": HELLO["app.py"] + "\nHELD = b'x' * (50 * 2**20)\n"})

    def memory(name: str) -> int:
        return int(ada.api("GET", f"/apps/{name}/metrics?range=1h")["totals"]["memory_last"] or 0)

    slim = wait_for(lambda: memory("slim"), 20, "a figure")
    large = wait_for(lambda: memory("large"), 20, "a figure")
    assert 45 * 2**20 < large - slim < 60 * 2**20
    ada.api("POST", "/apps/large/sleep")
    summary = ada.api("GET", "/metrics/summary")
    assert summary["apps"]["sleeping"] >= 1
    sleeping = summary["apps"]["sleeping"]
    # Both figures are told to a tenth of a megabyte.
    assert abs(summary["given_back_mb"] - sleeping * summary["awake_app_mb"]) <= 0.05 * (sleeping + 1) + 0.001
    assert summary["awake_app_mb"] > 10
