"""Tenants never meet: every route of the OpenAPI document, asked by nobody, by somebody else and by the owner.

The requests are made from the document itself, so a route that is new is asked too; a parameter that this test does not
know fails it, until somebody says what belongs in it.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from fp.archive import pack
from tests.support.api_process import Api

OPEN = {
    "GET /api/health", "GET /api/info", "GET /api/ready", "GET /api/version", "POST /api/auth/signup",
    "POST /api/auth/login", "POST /api/auth/logout", "POST /api/auth/device", "POST /api/auth/device/token",
}  # fmt: skip
"""Those that anyone may ask; logging out without a session is fine too."""
BODIES: dict[str, Any] = {
    "PUT /api/apps/{key}/draft": {"files": {"app.py": "x = 1\n"}},
    "POST /api/validate": {"files": {"app.py": "x = 1\n"}},
    "PATCH /api/apps/{key}": {"name": "stolen"},
    "POST /api/apps/{key}/rollback": {"version": 1},
    "PUT /api/apps/{key}/examples": {"items": []},
}
FOR_EVERYONE = ("{user_code}",)
"""What is nobody's: who knows it may see it."""
ASKS_AGAIN = {
    "POST /api/auth/password", "DELETE /api/auth/me", "GET /api/auth/device/{user_code}", "POST /api/auth/device/{user_code}",
}  # fmt: skip
"""Wants the password, or a browser, beside the token."""
GOES = {"DELETE /api/apps/{key}", "DELETE /api/auth/sessions/{session_id}", "POST /api/auth/logout"}
"""Asked last by the owner, because little works after them."""
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
async def own(api: Api, ada: httpx.AsyncClient, app: str) -> dict[str, str]:
    """Something of Ada's for every parameter that a path can have."""
    deploy = (await ada.post(f"/api/apps/{app}/deploy", json={})).json()["id"]
    gone = (await ada.post("/api/apps", json={})).json()["id"]
    await ada.delete(f"/api/apps/{gone}")
    database = (await ada.post("/api/databases", json={"label": "mine"})).json()["id"]
    token = (await ada.post("/api/auth/tokens", json={"name": "mine", "scope": "read"})).json()["token"]["id"]
    session = (await ada.get("/api/auth/sessions")).json()["items"][0]["id"]
    async with api.client() as nobody:
        device = (await nobody.post("/api/auth/device", json={"client": "a test"})).json()["user_code"]
    made = await ada.post("/api/templates", json={"app": app, "name": "Mine", "description": "Of my own"})
    template = made.json()["id"]
    return {
        "key": app, "deploy_id": deploy, "app_id": gone, "number": "1", "template_id": template, "database": database,
        "collection": "things", "token_id": token, "session_id": session, "user_code": device, "user_id": "nobody",
        "rid": "none", "fingerprint": "none",
    }  # fmt: skip


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def filled(path: str, own: dict[str, str]) -> str:
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        assert name in own, f"{path}: what belongs in {{{name}}}? Say it in the fixture `own`."
        path = path.replace(f"{{{name}}}", own[name])
    return path


def body(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """Arguments for httpx: the least that the operation's schema asks for."""
    path, method, described = operation
    given = described.get("requestBody", {}).get("content", {})
    if "application/zip" in given:
        return {"content": pack({"app.py": "x = 1\n"}, {}), "headers": {"Content-Type": "application/zip"}}
    if not given:
        return {}
    schema = document["components"]["schemas"][given["application/json"]["schema"]["$ref"].rpartition("/")[2]]
    least = dict.fromkeys(schema.get("required", []), "x")
    return {"json": BODIES.get(f"{method} {path}", least)}


@pytest.fixture(scope="module")
async def document(admin: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await admin.get("/api/openapi.json")).json()
    return found


async def test_nobody_gets_past_the_log_in(api: Api, document: dict[str, Any], own: dict[str, str]) -> None:
    async with api.client() as nobody:
        for operation in operations(document):
            path, method, described = operation
            if f"{method} {path}" in OPEN:
                continue
            assert described.get("security"), f"{method} {path} says nothing of logging in"
            answer = await nobody.request(method, filled(path, own), **body(document, operation))
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code} {answer.text[:200]}"


async def test_somebody_else_finds_nothing_of_anothers(
    bob: httpx.AsyncClient, ada: httpx.AsyncClient, document: dict[str, Any], own: dict[str, str]
) -> None:
    before = [(await ada.get(f"/api/apps/{own['key']}{part}")).json() for part in ("", "/draft", "/settings")]
    for operation in operations(document):
        path, method, _ = operation
        if path.startswith("/api/admin") or ("{" in path and not any(part in path for part in FOR_EVERYONE)):
            answer = await bob.request(method, filled(path, own), **body(document, operation))
            refused = 403 if path.startswith("/api/admin") else 404
            assert answer.status_code == refused, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        elif method == "GET":
            answer = await bob.get(path)
            assert own["key"] not in answer.text, f"{method} {path} tells of another's app"
            assert own["app_id"] not in answer.text, f"{method} {path} tells of another's app"
    assert [(await ada.get(f"/api/apps/{own['key']}{part}")).json() for part in ("", "/draft", "/settings")] == before


async def test_the_owner_is_let_in_everywhere(
    ada: httpx.AsyncClient, document: dict[str, Any], own: dict[str, str]
) -> None:
    """Whatever else the answer is: it is not that one is nobody, or that there is no such app."""
    found = sorted(operations(document), key=lambda each: (f"{each[1]} {each[0]}" in GOES, "logout" in each[0]))
    for operation in found:
        path, method, _ = operation
        if path.startswith("/api/admin") or f"{method} {path}" in (OPEN | ASKS_AGAIN) - GOES:
            continue
        answer = await ada.request(method, filled(path, own), **body(document, operation))
        assert answer.status_code not in {401, 403, 500}, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        if answer.status_code == 404:
            assert own["key"] not in answer.json()["detail"], f"{method} {path}: {answer.text}"
        if (method, path) == ("PATCH", "/api/apps/{key}"):
            own["key"] = answer.json().get("name", own["key"])
