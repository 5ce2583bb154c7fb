"""Templates that people make, share and change; and what an administrator does to those that came with the platform."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from control.domain.templates import MAX_TEMPLATES
from control.store import Store
from control.templates import load_templates
from tests.integration.api.checks import problem
from tests.support.control_mongo import MongoServer, opened_store

__all__ = ["opened_store"]

CODE = "from fastapi import FastAPI\n\napp = FastAPI()\n"
GOOD = {"name": "Mine", "files": {"app.py": CODE}}


async def made(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/templates", json=GOOD | more)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def listed(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    cursor: str | None = None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/templates", params=query)).json()
        assert not found.keys() & {item["id"] for item in page["items"]}, "something is listed twice"
        found |= {item["id"]: item for item in page["items"]}
        cursor = page["next"]
        if cursor is None:
            return found


async def test_a_template_of_an_app_makes_the_same_app_again(ada: httpx.AsyncClient, app: str) -> None:
    files = {"main.py": CODE + "# PLATFORM_MONGO_URI\n", "static/a.css": "b{}"}
    await ada.put(f"/api/apps/{app}/draft", json={"files": files, "entrypoint": "main.py"})
    saved = {
        "name": "Try",
        "method": "PUT",
        "path": "/x",
        "headers": {"X.$Odd": "1"},
        "body": "AA==",
        "body_encoding": "base64",
    }
    await ada.put(f"/api/apps/{app}/examples", json={"items": [saved]})
    template = (
        await ada.post("/api/templates", json={"app": app, "name": "Ours", "description": "For us", "tags": ["a"]})
    ).json()
    assert template == (await ada.get(f"/api/templates/{template['id']}")).json()
    told = {"files": files, "entrypoint": "main.py", "framework": "fastapi", "kind": "user", "shared": False}
    told |= {"needs_database": True, "hidden": False, "tags": ["a"], "examples": [saved]}
    assert told.items() <= template.items()
    again = (await ada.post("/api/apps", json={"template": template["id"]})).json()
    draft = (await ada.get(f"/api/apps/{again['id']}/draft")).json()
    assert (draft["files"], draft["entrypoint"]) == (files, "main.py")
    assert (await ada.get(f"/api/apps/{again['id']}/examples")).json()["items"] == [saved]


async def test_it_is_its_owners_alone_until_an_administrator_shares_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    template = await made(ada)
    url = f"/api/templates/{template['id']}"
    assert template["id"] in await listed(ada)
    assert (await listed(ada))[template["id"]]["files"] == {}
    assert template["id"] not in await listed(bob)
    problem(await bob.get(url), 404, "not_found")
    problem(await bob.patch(url, json={"name": "x"}), 404, "not_found")
    problem(await bob.patch(url, json={"shared": True}), 404, "not_found")
    problem(await bob.delete(url), 404, "not_found")
    problem(await bob.post("/api/apps", json={"template": template["id"]}), 422, "invalid")
    problem(await ada.patch(url, json={"shared": True}), 403, "forbidden")
    assert (await admin.patch(url, json={"shared": True})).json()["shared"] is True
    assert template["id"] in await listed(bob)
    assert (await bob.post("/api/apps", json={"template": template["id"]})).status_code == 201
    problem(await bob.patch(url, json={"name": "x"}), 403, "forbidden")
    problem(await bob.delete(url), 403, "forbidden")
    await admin.patch(url, json={"hidden": True})
    problem(await bob.get(url), 404, "not_found")
    assert (await ada.get(url)).json()["hidden"] is True


async def test_what_everybody_sees_does_not_change_under_them(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    template = await made(ada)
    url = f"/api/templates/{template['id']}"
    await admin.patch(url, json={"shared": True})
    assert (await ada.patch(url, json={})).json()["shared"] is True
    assert (await ada.patch(url, json={"files": {"app.py": CODE + "x = 1\n"}})).json()["shared"] is False
    problem(await bob.get(url), 404, "not_found")
    assert (await admin.patch(url, json={"shared": True, "name": "Ours"})).json()["name"] == "Ours"
    assert (await bob.get(url)).status_code == 200


async def test_a_change_changes_what_is_given_and_delete_deletes(ada: httpx.AsyncClient) -> None:
    template = await made(ada, tags=["a"], description="first")
    url = f"/api/templates/{template['id']}"
    changed = (
        await ada.patch(url, json={"description": "second", "entrypoint": "b.py", "files": {"b.py": CODE}})
    ).json()
    assert changed == template | {"description": "second", "entrypoint": "b.py", "files": {"b.py": CODE}}
    assert (await ada.get(url)).json() == changed
    problem(await ada.patch(url, json={"entrypoint": "gone.py"}), 422, "invalid")
    assert (await ada.get(url)).json() == changed
    assert (await ada.delete(url)).status_code == 204
    problem(await ada.get(url), 404, "not_found")
    problem(await ada.delete(url), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"files": {"app.py": "from fastapi import FastAPI\n\napp = FastAPI(\n"}}, "deploy"),
        ({"files": {"app.py": "x = 1"}}, "deploy"),
        ({"files": {"../app.py": CODE}}, "files"),
        ({"files": {}}, "file"),
        ({"files": None}, "exactly one"),
        ({"app": "any"}, "exactly one"),
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"description": "two\nlines"}, "description"),
        ({"tags": ["t"] * 11}, "tags"),
        ({"icon": "x" * 41}, "icon"),
        ({"category": "misc"}, "category"),
        ({"examples": [{"path": "no-slash"}]}, "examples[0].path"),
        ({"examples": [{"headers": {"a b": "c"}}]}, "examples[0].headers"),
        ({"examples": [{"header": {}}]}, "header"),
        ({"examples": [{}] * 51}, "examples"),
        ({"shared": True}, "shared"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    ada: httpx.AsyncClient, body: dict[str, Any], word: str
) -> None:
    found = problem(await ada.post("/api/templates", json=GOOD | body), 422, "invalid")
    assert word in found["detail"]
    assert set(await listed(ada)) == set(load_templates()) | {
        name for name, item in (await listed(ada)).items() if item["kind"] != "built_in" and item["shared"]
    }


async def test_the_findings_say_where(ada: httpx.AsyncClient) -> None:
    files = {"app.py": "from fastapi import FastAPI\n\napp = FastAPI(\n"}
    (finding,) = problem(await ada.post("/api/templates", json=GOOD | {"files": files}), 422, "invalid")["findings"]
    assert (finding["file"], finding["line"]) == ("app.py", 3)


async def test_nobody_makes_a_template_of_somebody_elses_app(bob: httpx.AsyncClient, app: str) -> None:
    problem(await bob.post("/api/templates", json={"app": app, "name": "Mine now"}), 404, "not_found")


async def test_a_user_has_so_many_and_no_more(ada: httpx.AsyncClient) -> None:
    for number in range(MAX_TEMPLATES):
        await made(ada, name=f"Number {number}")
    assert problem(await ada.post("/api/templates", json=GOOD), 409, "conflict")["hint"]
    own = [item for item in (await listed(ada)).values() if item["kind"] == "user" and not item["shared"]]
    assert [item["name"] for item in own] == [f"Number {number}" for number in reversed(range(MAX_TEMPLATES))]


async def test_an_administrator_adds_templates_for_everybody(ada: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    problem(await ada.post("/api/templates", json=GOOD | {"platform": True}), 403, "forbidden")
    template = await made(admin, platform=True, name=f"House {secrets.token_hex(3)}")
    assert (template["kind"], template["owner"], template["shared"]) == ("platform", None, True)
    url = f"/api/templates/{template['id']}"
    assert template["id"] in await listed(ada)
    problem(await ada.patch(url, json={"name": "x"}), 403, "forbidden")
    problem(await ada.delete(url), 403, "forbidden")
    assert (await admin.delete(url)).status_code == 204


@pytest.fixture
async def counter(admin: httpx.AsyncClient) -> AsyncIterator[str]:
    """The address of a built-in template, afterwards as it came."""
    yield "/api/templates/counter"
    assert (await admin.delete("/api/templates/counter")).status_code == 204


async def test_a_built_in_one_is_hidden_and_shown_again(
    ada: httpx.AsyncClient, admin: httpx.AsyncClient, counter: str
) -> None:
    problem(await ada.patch(counter, json={"hidden": True}), 403, "forbidden")
    problem(await ada.delete(counter), 403, "forbidden")
    assert (await admin.patch(counter, json={"hidden": True})).json()["hidden"] is True
    assert "counter" not in await listed(ada)
    problem(await ada.get(counter), 404, "not_found")
    problem(await ada.post("/api/apps", json={"template": "counter"}), 422, "invalid")
    assert (await listed(admin))["counter"]["hidden"] is True
    assert (await admin.patch(counter, json={"hidden": False})).json()["changed"] is False
    assert "counter" in await listed(ada)


async def test_a_built_in_one_is_changed_and_taken_back(
    ada: httpx.AsyncClient, admin: httpx.AsyncClient, counter: str
) -> None:
    before = (await ada.get(counter)).json()
    problem(await ada.patch(counter, json={"name": "x"}), 403, "forbidden")
    problem(await admin.patch(counter, json={"shared": False}), 422, "invalid")
    problem(await admin.patch(counter, json={"files": {"app.py": "x = 1"}}), 422, "invalid")
    assert (await ada.get(counter)).json() == before
    example: dict[str, Any] = {
        "name": "Only",
        "method": "GET",
        "path": "/",
        "body": None,
        "headers": {},
        "body_encoding": "utf-8",
    }
    change = {"name": "House counter", "files": {"app.py": CODE}, "examples": [example]}
    changed = (await admin.patch(counter, json=change)).json()
    assert changed == before | change | {"framework": "fastapi", "needs_database": False, "changed": True}
    assert (await ada.get(counter)).json() == changed
    assert (await listed(ada))["counter"] == changed | {"files": {}}
    draft = (await ada.post("/api/apps", json={"template": "counter"})).json()["id"]
    assert (await ada.get(f"/api/apps/{draft}/draft")).json()["files"] == {"app.py": CODE}
    assert (await admin.delete(counter)).status_code == 204
    assert (await ada.get(counter)).json() == before


async def test_an_app_without_a_template_starts_even_if_the_starter_is_hidden(
    ada: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    await admin.patch("/api/templates/hello", json={"hidden": True})
    try:
        assert (await ada.post("/api/apps", json={})).status_code == 201
    finally:
        await admin.delete("/api/templates/hello")


async def test_of_two_changes_at_once_one_is_told(
    ada: httpx.AsyncClient, opened_store: Store, control_mongod: MongoServer
) -> None:
    template = await made(ada)
    seen = await opened_store.templates.get(template["id"])
    assert (await ada.patch(f"/api/templates/{template['id']}", json={"name": "First"})).status_code == 200
    assert await opened_store.templates.change(template["id"], seen.updated_at, {"name": "Second"}) is None
    assert (await opened_store.templates.get(template["id"])).name == "First"


async def test_a_deleted_accounts_templates_go_with_it(ada: httpx.AsyncClient, opened_store: Store) -> None:
    template = await made(ada)
    owner = (await opened_store.templates.get(template["id"])).owner
    assert owner is not None
    await opened_store.templates.delete_of_user(owner)
    problem(await ada.get(f"/api/templates/{template['id']}"), 404, "not_found")


# --- saved requests --------------------------------------------------------------------------------------------------


async def test_saved_requests_come_back_in_their_order(ada: httpx.AsyncClient, app: str) -> None:
    url = f"/api/apps/{app}/examples"
    assert (await ada.get(url)).json() == {"items": [], "next": None}
    full = {"method": "PATCH", "path": "/a?b=c", "body": "AAE=", "body_encoding": "base64", "headers": {"$X.y": "z"}}
    items = [full | {"name": "Second"}, full | {"name": "First", "body": None, "body_encoding": "utf-8"}]
    assert (await ada.put(url, json={"items": items})).json()["items"] == items
    assert (await ada.get(url)).json()["items"] == items
    assert (await ada.put(url, json={"items": []})).json()["items"] == []


async def test_a_template_brings_its_requests(ada: httpx.AsyncClient) -> None:
    app = (await ada.post("/api/apps", json={"template": "todo"})).json()["id"]
    saved = (await ada.get(f"/api/apps/{app}/examples")).json()["items"]
    assert [one["name"] for one in saved] == [one.name for one in load_templates()["todo"].examples]


async def test_saved_requests_are_nobody_elses_and_follow_their_app(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, app: str, opened_store: Store
) -> None:
    url = f"/api/apps/{app}/examples"
    await ada.put(url, json={"items": [{"name": "One"}]})
    problem(await bob.get(url), 404, "not_found")
    problem(await bob.put(url, json={"items": []}), 404, "not_found")
    problem(await bob.get(f"/api/apps/{app}/openapi"), 404, "not_found")
    source = (await ada.get(f"/api/apps/{app}")).json()["id"]
    clone = (await ada.post(f"/api/apps/{app}/clone", json={})).json()["id"]
    assert [example.name for example in await opened_store.examples.get(clone)] == ["One"]
    await opened_store.purge_app(source)
    assert await opened_store.examples.get(source) == []
    assert [example.name for example in await opened_store.examples.get(clone)] == ["One"]


async def test_a_name_that_is_taken_leaves_no_saved_requests(
    ada: httpx.AsyncClient, app: str, control_mongod: MongoServer
) -> None:
    with MongoClient[dict[str, Any]](control_mongod.uri) as client:
        saved = client["platform"]["examples"]
        before = saved.count_documents({})
        problem(await ada.post("/api/apps", json={"name": app}), 409, "name_taken")
        assert saved.count_documents({}) == before


@pytest.mark.parametrize(
    ("items", "word"),
    [
        ([{}], "items[0].name"),
        ([{"name": "a"}, {"name": "a"}], "twice"),
        ([{"name": str(number)} for number in range(51)], "at most 50"),
        ([{"name": "a", "body": "x" * 66_000}], "64 KB"),
        ([{"name": "a"}, {"name": "b", "method": "GET /"}], "[1].method"),
        ([{"name": "a", "headers": {"X": "a\r\nb"}}], "[0].headers.X"),
        ([{"name": "a", "body": "?", "body_encoding": "base64"}], "base64"),
        ([{"name": "a", "colour": "red"}], "colour"),
        ([{"name": "x" * 81}], "name"),
    ],
)
async def test_what_cannot_be_sent_is_not_saved(
    ada: httpx.AsyncClient, app: str, items: list[dict[str, Any]], word: str
) -> None:
    before = (await ada.get(f"/api/apps/{app}/examples")).json()
    found = problem(await ada.put(f"/api/apps/{app}/examples", json={"items": items}), 422, "invalid")
    assert word in found["detail"]
    assert (await ada.get(f"/api/apps/{app}/examples")).json() == before


async def test_an_app_that_is_not_deployed_tells_nothing_of_itself(ada: httpx.AsyncClient, app: str) -> None:
    assert problem(await ada.get(f"/api/apps/{app}/openapi"), 409, "conflict")["hint"]
