"""Export and import over HTTP."""

import io
import zipfile

import httpx
import pytest

from fp.archive import pack
from tests.integration.api.checks import problem

ZIP = {"Content-Type": "application/zip"}


async def sent(client: httpx.AsyncClient, data: bytes, **query: str) -> httpx.Response:
    return await client.post("/api/apps/import", content=data, headers=ZIP, params=query)


async def test_an_export_makes_the_same_app_again(ada: httpx.AsyncClient, app: str) -> None:
    files = {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "static/ü.css": "b {}\n"}
    await ada.put(f"/api/apps/{app}/draft", json={"files": files, "entrypoint": "main.py"})
    await ada.patch(
        f"/api/apps/{app}/settings", json={"env": {"A": "yes", "B": "1"}, "secrets": {"K": "s"}, "idle_minutes": 4}
    )
    export = await ada.get(f"/api/apps/{app}/export")
    assert (export.status_code, export.headers["content-type"]) == (200, "application/zip")
    assert f'filename="{app}.zip"' in export.headers["content-disposition"]
    problem(await sent(ada, export.content), 409, "name_taken")
    made = await sent(ada, export.content, name=f"{app}-2")
    assert (made.status_code, made.json()["skipped"]) == (201, [])
    draft = (await ada.get(f"/api/apps/{app}-2/draft")).json()
    assert (draft["files"], draft["entrypoint"]) == (files, "main.py")
    settings = (await ada.get(f"/api/apps/{app}-2/settings")).json()
    assert (settings["env"], settings["secrets"], settings["idle_minutes"]) == ({"A": "yes", "B": "1"}, [], 4)
    problem(await ada.get(f"/api/apps/{app}/export?version=7"), 404, "not_found")


async def test_a_folder_from_a_desk_is_an_app_too(ada: httpx.AsyncClient) -> None:
    """One folder around everything, pictures beside the code, and what a desktop puts into every archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("my app/", "")
        archive.writestr("my app/app.py", "x = 1\r\n")
        archive.writestr("my app/logo.png", b"\x89PNG")
        archive.writestr("__MACOSX/my app/._app.py", b"\x00\x01")
        archive.writestr("my app/.git/config", "secret")
    made = (await sent(ada, buffer.getvalue())).json()
    assert made["skipped"] == ["logo.png"]
    assert list((await ada.get(f"/api/apps/{made['app']['id']}/draft")).json()["files"]) == ["app.py"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all" * 100, pack({}, {})])
async def test_what_is_no_app_is_refused(ada: httpx.AsyncClient, data: bytes) -> None:
    problem(await sent(ada, data), 422, "invalid")


async def test_a_bomb_is_refused_before_it_goes_off(ada: httpx.AsyncClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", b"#" * 200_000_000)
    assert len(buffer.getvalue()) < 2 * 1024 * 1024
    assert problem(await sent(ada, buffer.getvalue()), 413, "too_large")["findings"][0]["file"] == "app.py"
    problem(await sent(ada, b"x" * (2 * 1024 * 1024 + 1)), 413, "too_large")
