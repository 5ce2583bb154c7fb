"""Deploys end to end: every kind of app comes up, every kind of broken one is told, the old version never stops serving."""

import threading

import httpx
import pytest

from tests.support.account import Account
from tests.support.apps import FAILING, FRAMEWORKS, HELLO, VERSION_TWO
from tests.support.platform import wait_for


def test_a_deploy_tells_its_stages_and_ends_at_an_address(ada: Account) -> None:
    """Four named stages, each with its milliseconds, then the app answers at its own host."""
    ada.create("stages", HELLO)
    deploy = ada.deploy("stages")
    assert deploy["status"] == "succeeded", deploy
    assert [(stage["name"], stage["status"]) for stage in deploy["stages"]] == [
        ("validate", "done"),
        ("version", "done"),
        ("start", "done"),
        ("ready", "done"),
    ]
    assert all(stage["ms"] >= 0 for stage in deploy["stages"])
    assert deploy["url"] == ada.platform.app_url("stages")
    assert ada.call("stages").json()["hello"] == "world"
    assert ada.status("stages") == "running"


@pytest.mark.parametrize("kind", FRAMEWORKS)
def test_every_framework_is_served(ada: Account, kind: str) -> None:
    """FastAPI apart (everywhere else here): Starlette, Litestar, FastHTML, bare ASGI and create_app()."""
    ada.publish(f"made-{kind}", {"app.py": FRAMEWORKS[kind]})
    answer = ada.call(f"made-{kind}")
    assert answer.status_code == 200
    assert f"made by {kind}" in answer.text


def test_many_files_packages_and_static(ada: Account) -> None:
    """A package, a text asset read from the app's folder, static/ served by itself, modules named like ours."""
    files = {
        "app.py": (
            "from pathlib import Path\n\nfrom fastapi import FastAPI\n\nimport control\nimport runner\n"
            "from shop.prices import price\n\napp = FastAPI()\n\n\n@app.get('/')\ndef home():\n"
            "    return {'price': price(), 'names': [runner.name, control.name], 'text': Path('notes.txt').read_text()}\n"
        ),
        "shop/__init__.py": "",
        "shop/prices.py": "from . import taxes\n\n\ndef price():\n    return 100 + taxes.VAT\n",
        "shop/taxes.py": "VAT = 19\n",
        "runner.py": "name = 'my runner'\n",
        "control.py": "name = 'my control'\n",
        "notes.txt": "plain text",
        "static/style.css": "body { color: red }",
    }
    ada.publish("many", files)
    assert ada.call("many").json() == {"price": 119, "names": ["my runner", "my control"], "text": "plain text"}
    css = ada.call("many", "/static/style.css")
    assert (css.text, css.headers["content-type"].split(";")[0]) == ("body { color: red }", "text/css")


@pytest.mark.parametrize("kind", FAILING)
def test_a_broken_version_is_told_and_the_old_one_serves_on(ada: Account, kind: str) -> None:
    """The finding names code, file, line and a way out; not one request to the old version fails meanwhile."""
    source, code, line = FAILING[kind]
    name = f"breaks-{kind.replace('_', '-')}"
    ada.publish(name, HELLO)
    ada.save(name, {"app.py": source})
    stop, answers = threading.Event(), []

    def keep_asking() -> None:
        with httpx.Client(base_url=ada.platform.url, timeout=30) as visitor:
            while not stop.is_set():
                answer = visitor.get("/", headers={"Host": f"{name}.localhost"})
                answers.append(
                    (answer.status_code, answer.json().get("hello") if answer.status_code == 200 else answer.text)
                )

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        wait_for(lambda: answers, 10, "a first answer")
        deploy = ada.deploy(name)
        before = len(answers)
        wait_for(lambda: len(answers) > before, 10, "an answer after the deploy")
    finally:
        stop.set()
        asking.join()
    assert deploy["status"] == "failed"
    finding = deploy["findings"][0]
    assert finding["code"] == code, finding
    assert finding["message"]
    assert finding["hint"], finding
    if line is not None:
        assert (finding["file"], finding["line"]) == ("app.py", line), finding
    assert "site-packages" not in (finding["traceback"] or "")
    assert set(answers) == {(200, "world")}
    assert ada.api("GET", f"/apps/{name}")["version"] == 1


def test_a_new_version_takes_over_without_a_failed_request(ada: Account) -> None:
    """Requests in a row while version 2 is deployed: all answered, first by the old version, in the end by the new."""
    ada.publish("takeover", HELLO)
    ada.save("takeover", VERSION_TWO)
    stop, answers = threading.Event(), []

    def keep_asking() -> None:
        with httpx.Client(base_url=ada.platform.url, timeout=30) as visitor:
            while not stop.is_set():
                answer = visitor.get("/", headers={"Host": "takeover.localhost"})
                answers.append(
                    (answer.status_code, answer.json()["hello"] if answer.status_code == 200 else answer.text)
                )

    threads = [threading.Thread(target=keep_asking) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: answers, 10, "a first answer")
        deploy = ada.deploy("takeover")
        for _ in range(20):
            assert ada.call("takeover").json()["hello"] == "again"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert deploy["status"] == "succeeded"
    assert {status for status, _ in answers} == {200}
    assert {said for _, said in answers} == {"world", "again"}


def test_events_resume_where_a_reader_stopped(ada: Account) -> None:
    """The event stream sends what came after Last-Event-ID and ends with the deploy's final state."""
    ada.create("events", HELLO)
    deploy = ada.deploy("events")

    def read(after: str | None) -> list[tuple[int, str]]:
        headers = {"Last-Event-ID": after} if after else {}
        seen = []
        with ada.http.stream("GET", f"/api/deploys/{deploy['id']}/events", headers=headers) as stream:
            for line in stream.iter_lines():
                if line.startswith("id:"):
                    number = int(line[3:])
                if line.startswith("data:"):
                    seen.append((number, line))
        return seen

    everything = read(None)
    assert '"succeeded"' in everything[-1][1]
    assert len(everything) >= 2
    assert read(str(everything[-2][0])) == everything[-1:]
