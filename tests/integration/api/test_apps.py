"""Apps over HTTP: made from templates, listed in pages, found by name and id, invisible to everybody else."""

import httpx
import pytest

from tests.integration.api.checks import problem


async def test_an_app_starts_as_one_small_file_with_a_free_name(ada: httpx.AsyncClient) -> None:
    app = (await ada.post("/api/apps", json={})).json()
    assert app["status"] == "draft"
    assert app["version"] is None
    assert app["idle_minutes"] == 15
    assert app["draft_differs"] == 1
    assert app["url"].startswith(f"http://{app['name']}.localhost:")
    draft = (await ada.get(f"/api/apps/{app['id']}/draft")).json()
    assert list(draft["files"]) == ["app.py"]
    assert draft["changed"] == ["app.py"]


async def test_an_app_from_a_template_has_its_files_and_validates(ada: httpx.AsyncClient) -> None:
    templates = (await ada.get("/api/templates")).json()["items"]
    for template in [one for one in templates if one["kind"] == "built_in"]:
        assert (await ada.get(f"/api/templates/{template['id']}")).json() == template
        app = (await ada.post("/api/apps", json={"template": template["id"]})).json()
        draft = (await ada.get(f"/api/apps/{app['name']}/draft")).json()
        assert draft["files"] == template["files"]
        found = (await ada.post(f"/api/apps/{app['name']}/validate")).json()
        assert found == {"ok": True, "framework": template["framework"], "findings": [], "loaded": None, "reason": None}


async def test_name_and_id_find_the_same_app(ada: httpx.AsyncClient, app: str) -> None:
    by_name = (await ada.get(f"/api/apps/{app}")).json()
    assert (await ada.get(f"/api/apps/{by_name['id']}")).json() == by_name


@pytest.mark.parametrize("name", ["Todo", "1st", "a_b", "-", "a-", "x" * 41, "", "api", "www", "a.b"])
async def test_bad_and_reserved_names_are_invalid(ada: httpx.AsyncClient, name: str) -> None:
    problem(await ada.post("/api/apps", json={"name": name}), 422, "invalid")


async def test_a_name_is_taken_once_and_free_again_after_delete(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, app: str
) -> None:
    problem(await bob.post("/api/apps", json={"name": app}), 409, "name_taken")
    assert (await ada.delete(f"/api/apps/{app}")).status_code == 204
    problem(await ada.get(f"/api/apps/{app}"), 404, "not_found")
    assert (await bob.post("/api/apps", json={"name": app})).status_code == 201


async def test_an_unknown_template_is_invalid(ada: httpx.AsyncClient) -> None:
    problem(await ada.post("/api/apps", json={"template": "nope"}), 422, "invalid")
    problem(await ada.get("/api/templates/nope"), 404, "not_found")


async def test_an_admin_sees_everyones(admin: httpx.AsyncClient, app: str) -> None:
    assert (await admin.get(f"/api/apps/{app}")).status_code == 200
    assert app in [item["name"] for item in (await admin.get("/api/apps?limit=200")).json()["items"]]


async def test_pages_tell_each_app_once_newest_first(ada: httpx.AsyncClient) -> None:
    made = [(await ada.post("/api/apps", json={})).json()["name"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await ada.get(f"/api/apps?limit=2{cursor and '&cursor=' + cursor}")).json()
        assert len(page["items"]) <= 2
        seen += [item["name"] for item in page["items"]]
        cursor = page["next"]
    assert seen == made[::-1]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=%00", "cursor=e30", "cursor=" + "a" * 600]
)
async def test_a_bad_page_is_a_bad_request(ada: httpx.AsyncClient, query: str) -> None:
    body = problem(await ada.get(f"/api/apps?{query}"), 400, "bad_request")
    assert query.partition("=")[0] in body["detail"]


async def test_settings_change_what_is_given(ada: httpx.AsyncClient, app: str) -> None:
    url = f"/api/apps/{app}/settings"
    assert (await ada.get(url)).json()["idle_minutes"] == 15
    assert (await ada.patch(url, json={"idle_minutes": 0})).json()["idle_minutes"] == 0
    assert (await ada.patch(url, json={})).json()["idle_minutes"] == 0
    assert (await ada.get(f"/api/apps/{app}")).json()["idle_minutes"] == 0
    for wrong in ({"idle_minutes": -1}, {"idle_minutes": 10_081}, {"idle_minutes": "5"}, {"idle": 5}):
        problem(await ada.patch(url, json=wrong), 422, "invalid")


async def test_an_app_that_was_never_deployed_cannot_wake_or_sleep(ada: httpx.AsyncClient, app: str) -> None:
    assert (await ada.get(f"/api/apps/{app}/status")).json()["status"] == "draft"
    for verb in ("wake", "sleep"):
        body = problem(await ada.post(f"/api/apps/{app}/{verb}"), 409, "conflict")
        assert body["hint"] == "Deploy it first."
