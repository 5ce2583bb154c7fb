"""Validation over HTTP: by the rules of this platform, with the packages that are here, and with a dry load for who asks."""

import secrets
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.api.checks import problem
from tests.support.api_process import Api
from tests.support.control_mongo import MongoServer

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"


async def validated(client: httpx.AsyncClient, files: dict[str, str], url: str = "/api/validate", **more: Any) -> Any:
    answer = await client.post(url, json={"files": files, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_packages_that_are_here(ada: httpx.AsyncClient) -> None:
    """With versions and the names an import begins with, which are not always the package's."""
    body = (await ada.get("/api/packages")).json()
    found = {package["name"]: package for package in body["items"]}
    assert body["known"]
    assert found["fastapi"]["version"].split(".")[0].isdecimal()
    assert found["python-fasthtml"]["modules"] == ["fasthtml"]
    assert {"pymongo", "bson"} <= set(found["pymongo"]["modules"])


async def test_a_package_that_is_not_here_is_a_finding(ada: httpx.AsyncClient) -> None:
    """Without a deploy; one that is here but whose name is misspelt gets its name told."""
    for name, hint in (("pandas", "Packages here: "), ("pydantik", "Did you mean `pydantic`?")):
        found = (await validated(ada, {"app.py": f"{APP}import {name}\n"}))["findings"]
        assert [(one["code"], one["file"], one["line"]) for one in found] == [("unknown_package", "app.py", 4)]
        assert hint in found[0]["hint"]
    fine = await validated(ada, {"app.py": f"{APP}import json, pydantic, bson\nfrom fasthtml.common import Div\n"})
    assert (fine["ok"], fine["loaded"], fine["reason"]) == (True, None, None)


async def test_what_an_administrator_allows_counts_at_once(ada: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    """Also for a file that was read before the rule changed, and in the list of packages."""
    files = {"app.py": f"{APP}import httpx\n"}
    assert (await validated(ada, files))["ok"]
    assert (await admin.patch("/api/admin/settings", json={"allowed_imports": ["fastapi"]})).status_code == 200
    try:
        assert [one["code"] for one in (await validated(ada, files))["findings"]] == ["import_not_allowed"]
        assert [one["name"] for one in (await ada.get("/api/packages")).json()["items"]] == ["fastapi"]
        installed = {one["name"] for one in (await admin.get("/api/admin/packages")).json()["items"]}
        assert {"fastapi", "httpx"} <= installed
        problem(await ada.get("/api/admin/packages"), 403, "forbidden")
    finally:
        await admin.patch("/api/admin/settings", json={"allowed_imports": None})
    assert (await validated(ada, files))["ok"]


async def test_a_dry_load_finds_what_reading_does_not(ada: httpx.AsyncClient) -> None:
    """Only on request, and only once nothing else is wrong."""
    files = {"app.py": f"{APP}import models\n", "models.py": "prices = {}\nprices['tea']\n"}
    assert (await validated(ada, files))["ok"]
    body = await validated(ada, files, load=True)
    assert (body["ok"], body["loaded"], body["framework"]) == (False, False, "fastapi")
    assert [(one["code"], one["file"], one["line"]) for one in body["findings"]] == [("import_failed", "models.py", 2)]
    assert "models.py" in body["findings"][0]["traceback"]
    fine = await validated(ada, {"app.py": APP}, load=True)
    assert (fine["ok"], fine["loaded"], fine["findings"]) == (True, True, [])
    wrong = await validated(ada, {"app.py": f"{APP}import pandas\n"}, load=True)
    assert (wrong["ok"], wrong["loaded"]) == (False, False)
    assert "once nothing else is wrong" in wrong["reason"]


async def test_code_that_wants_a_connection_cannot_be_judged(ada: httpx.AsyncClient) -> None:
    """It is no finding: a deploy, which has a network, may well succeed."""
    code = f"{APP}import httpx\nhttpx.get('http://127.0.0.1:1/')\n"
    body = await validated(ada, {"app.py": code}, load=True)
    assert (body["ok"], body["loaded"], body["findings"]) == (True, False, [])
    assert "open a connection" in body["reason"]


async def test_an_apps_code_finds_its_variables(ada: httpx.AsyncClient, app: str) -> None:
    """Variables, opened secrets, a database's address; files that are not saved yet, or the draft."""
    change = {"env": {"GREETING": "hello"}, "secrets": {"KEY": "s3cret"}}
    assert (await ada.patch(f"/api/apps/{app}/settings", json=change)).status_code == 200
    code = (
        f"{APP}import os, pymongo\nassert os.environ['GREETING'] == 'hello'\nassert os.environ['KEY'] == 's3cret'\n"
        "db = pymongo.MongoClient(os.environ['PLATFORM_MONGO_URI']).get_default_database()\n"
    )
    url = f"/api/apps/{app}/validate"
    assert (await validated(ada, {"app.py": code}, url, load=True))["loaded"] is True
    draft = (await ada.post(url)).json()
    assert (draft["ok"], draft["loaded"]) == (True, None)
    assert (await ada.post(url, json={"load": True})).json()["loaded"] is True
    other = await validated(ada, {"main.py": APP, "app.py": "x = 1\n"}, url, entrypoint="main.py")
    assert other["ok"]
    nobodys = await validated(ada, {"app.py": code}, load=True)
    assert "GREETING" in nobodys["findings"][0]["message"]


async def test_where_there_is_nothing_to_load_with(
    control_mongod: MongoServer, ada: httpx.AsyncClient, tmp_path: Path
) -> None:
    """As in a pod of control's: the list of packages is the one that came along, and a dry load says that it cannot be."""
    listed = tmp_path / "packages.json"
    listed.write_text('[{"name":"fastapi","version":"1.0","modules":["fastapi"]}]')
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    with Api(control_mongod, tmp_path, FP_PACKAGES_FILE=str(listed)) as other:
        async with other.start().client(token) as client:
            assert [one["name"] for one in (await client.get("/api/packages")).json()["items"]] == ["fastapi"]
            assert [one["code"] for one in (await validated(client, {"app.py": f"{APP}import httpx"}))["findings"]] == [
                "unknown_package"
            ]
            body = await validated(client, {"app.py": APP}, load=True)
            assert (body["ok"], body["loaded"]) == (True, False)
            assert "pods" in body["reason"]


@pytest.mark.parametrize(
    "more", [{"load": "yes"}, {"load": 1}, {"files": {"app.py": 1}}, {"entrypoint": 5}, {"more": True}]
)
async def test_a_body_that_is_none(ada: httpx.AsyncClient, app: str, more: dict[str, Any]) -> None:
    for url in ("/api/validate", f"/api/apps/{app}/validate"):
        problem(await ada.post(url, json={"files": {"app.py": APP}, **more}), 422, "invalid")


async def test_an_entrypoint_that_is_nowhere(ada: httpx.AsyncClient) -> None:
    for entrypoint in ("../app.py", "/etc/passwd", "no.py", secrets.token_hex(300)):
        body = await validated(ada, {"app.py": APP}, entrypoint=entrypoint, load=True)
        assert [one["code"] for one in body["findings"]] == ["no_entrypoint"]
