"""Drafts over HTTP: saved whole, guarded by their etag, and never with a file that could not be written to disk."""

import asyncio

import httpx
import pytest

from fp.validation.paths import shown
from tests.integration.api.checks import problem

CODE = "from fastapi import FastAPI\n\napp = FastAPI()\n"


async def test_a_saved_draft_comes_back_with_its_etag(ada: httpx.AsyncClient, app: str) -> None:
    files = {"app.py": CODE, "static/style.css": "b{}", "größe.txt": "ü\u2028"}
    saved = await ada.put(f"/api/apps/{app}/draft", json={"files": files, "entrypoint": "app.py"})
    assert saved.status_code == 200
    got = await ada.get(f"/api/apps/{app}/draft")
    assert got.json()["files"] == files
    assert got.headers["etag"] == saved.headers["etag"] == f'"{got.json()["etag"]}"'


async def test_of_two_who_save_over_the_same_draft_one_wins(ada: httpx.AsyncClient, app: str) -> None:
    url = f"/api/apps/{app}/draft"
    for turn in range(5):
        tag = (await ada.get(url)).headers["etag"]
        saves = (
            ada.put(url, json={"files": {"app.py": f"# {turn} {who}\n"}}, headers={"If-Match": tag})
            for who in ("a", "b")
        )
        answers = await asyncio.gather(*saves)
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        lost = next(answer for answer in answers if answer.status_code == 412)
        won = next(answer for answer in answers if answer.status_code == 200)
        problem(lost, 412, "draft_changed")
        assert lost.headers["etag"] == won.headers["etag"]
        assert (await ada.get(url)).json()["etag"] == won.json()["etag"]


async def test_an_etag_may_be_weak_bare_or_a_star(ada: httpx.AsyncClient, app: str) -> None:
    url = f"/api/apps/{app}/draft"
    for number, shape in enumerate(("{}", '"{}"', 'W/"{}"', "*")):
        tag = (await ada.get(url)).json()["etag"]
        answer = await ada.put(url, json={"files": {"app.py": f"# {number}"}}, headers={"If-Match": shape.format(tag)})
        assert answer.status_code == 200, answer.text
    problem(await ada.put(url, json={"files": {"app.py": ""}}, headers={"If-Match": '"a", "b"'}), 400, "bad_request")


@pytest.mark.parametrize(
    "path", ["../up.py", "/abs.py", "a//b.py", "a/../b.py", ".hidden", "a\\b.py", "a\x00b.py", "C:x.py", "x" * 300, ""]
)
async def test_a_path_that_leads_elsewhere_is_invalid_and_named(ada: httpx.AsyncClient, app: str, path: str) -> None:
    answer = await ada.put(f"/api/apps/{app}/draft", json={"files": {"app.py": CODE, path: "x"}})
    findings = problem(answer, 422, "invalid")["findings"]
    assert {finding["file"] for finding in findings} == {shown(path)}


async def test_limits_are_checked_at_the_door(ada: httpx.AsyncClient, app: str) -> None:
    url = f"/api/apps/{app}/draft"
    too_long = {"files": {"app.py": "#" * (100 * 1024 + 1)}}
    too_many = {"files": {f"m{number}.py": "" for number in range(51)}, "entrypoint": "m0.py"}
    too_heavy = {"files": {f"m{number}.py": "#" * 102_400 for number in range(6)}, "entrypoint": "m0.py"}
    for body in (too_long, too_many, too_heavy):
        problem(await ada.put(url, json=body), 413, "too_large")
    largest = {"files": {f"m{number}.py": "\x01" * 102_400 for number in range(5)}, "entrypoint": "m0.py"}
    assert (await ada.put(url, json=largest)).status_code == 200


async def test_validation_points_at_file_and_line(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/api/validate", json={"files": {"app.py": "x = 1\ndef (:\n"}})
    assert answer.status_code == 200
    body = answer.json()
    assert body["ok"] is False
    assert [(finding["file"], finding["line"]) for finding in body["findings"]] == [("app.py", 2)]
