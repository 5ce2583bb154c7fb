"""Settings over HTTP: variables, secrets that never come back, limits, the database; checked whole and written whole."""

import asyncio

import httpx
import pytest

from tests.integration.api.checks import problem

ZIP = {"Content-Type": "application/zip"}


async def change(client: httpx.AsyncClient, app: str, **given: object) -> httpx.Response:
    return await client.patch(f"/api/apps/{app}/settings", json=given)


async def test_variables_are_set_changed_and_taken_away_one_by_one(ada: httpx.AsyncClient, app: str) -> None:
    first = await change(ada, app, env={"DEBUG": "1", "NAME": "a\nb", "OLD": "x"})
    assert first.json()["env"] == {"DEBUG": "1", "NAME": "a\nb", "OLD": "x"}
    second = await change(ada, app, env={"DEBUG": "2", "OLD": None}, cpus=0.5, memory_mb=64)
    assert second.json() == first.json() | {"env": {"DEBUG": "2", "NAME": "a\nb"}, "cpus": 0.5, "memory_mb": 64}
    assert (await ada.get(f"/api/apps/{app}/settings")).json() == second.json()
    assert (await change(ada, app, cpus=None)).json()["cpus"] is None


async def test_a_secret_is_never_shown_again(ada: httpx.AsyncClient, app: str) -> None:
    answer = await change(ada, app, secrets={"KEY": "s3cr3t-value", "OTHER": "s3cr3t-value"})
    assert answer.json()["secrets"] == ["KEY", "OTHER"]
    assert (await change(ada, app, secrets={"OTHER": None})).json()["secrets"] == ["KEY"]
    for path in ("settings", "", "draft", "diff", "export", "versions", "deploys", "status"):
        found = await ada.get(f"/api/apps/{app}/{path}".rstrip("/"))
        assert found.status_code == 200, path
        assert b"s3cr3t-value" not in found.content, path


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"env": {"1ST": "x"}}, "env.1ST"),
        ({"env": {"A B": "x"}}, "env.A B"),
        ({"env": {"a.b": "x"}}, "env.a.b"),
        ({"env": {"$where": "x"}}, "env.$where"),
        ({"secrets": {"FP_TOKEN": "x"}}, "secrets.FP_TOKEN"),
        ({"env": {"PLATFORM_MONGO_URI": "x"}}, "PLATFORM_"),
        ({"env": {"A": "x\0y"}}, "env.A"),
        ({"memory_mb": 1}, "memory_mb"),
        ({"memory_mb": 100_000}, "memory_mb"),
        ({"cpus": 0}, "cpus"),
        ({"cpus": -1}, "cpus"),
        ({"idle_minutes": -1}, "idle_minutes"),
        ({"idle_minutes": 99_999}, "idle_minutes"),
        ({"database": "somebody-elses"}, "database"),
        ({"env": {"A": 1}}, "env"),
        ({"sharing": {"title": "x" * 201}}, "sharing.title"),
        ({"sharing": {"title": "two\nlines"}, "env": {"A": "1"}}, "sharing.title"),
        ({"sharing": {"description": "x" * 501}}, "sharing.description"),
        ({"sharing": {"picture": "javascript:alert(1)"}}, "sharing.picture"),
        ({"sharing": {"picture": "//elsewhere.example.com/a.png"}}, "sharing.picture"),
        ({"sharing": {"picture": "https:///a.png"}}, "sharing.picture"),
        ({"sharing": {"picture": "/a b.png"}}, "sharing.picture"),
        ({"sharing": {"colour": "red"}}, "colour"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
async def test_what_breaks_a_rule_is_named_and_nothing_is_written(
    ada: httpx.AsyncClient, app: str, given: dict[str, object], word: str
) -> None:
    before = (await ada.get(f"/api/apps/{app}/settings")).json()
    assert (
        word
        in problem(await change(ada, app, **{"env": {"GOOD": "1"}, "idle_minutes": 3} | given), 422, "invalid")[
            "detail"
        ]
    )
    assert (await ada.get(f"/api/apps/{app}/settings")).json() == before


async def test_too_much_is_refused(ada: httpx.AsyncClient, app: str) -> None:
    problem(await change(ada, app, env={"A": "x" * 4097}), 413, "too_large")
    assert (await change(ada, app, env={"A": "ü" * 2048})).status_code == 200
    problem(await change(ada, app, env={f"V{number}": "" for number in range(64)}), 413, "too_large")
    problem(await change(ada, app, secrets={"A": "x"}), 422, "invalid")


async def test_changes_at_the_same_moment_are_all_there_afterwards(ada: httpx.AsyncClient, app: str) -> None:
    answers = await asyncio.gather(*(change(ada, app, env={f"V{number}": str(number)}) for number in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    found = (await ada.get(f"/api/apps/{app}/settings")).json()["env"]
    assert found == {f"V{number}": str(number) for number in range(6)}


async def test_what_chats_show_is_set_piece_by_piece(ada: httpx.AsyncClient, app: str) -> None:
    nothing = {"title": None, "description": None, "picture": None}
    assert (await ada.get(f"/api/apps/{app}/settings")).json()["sharing"] == nothing
    first = await change(ada, app, sharing={"title": " Notes & more ", "picture": "/static/og.png"})
    assert first.json()["sharing"] == nothing | {"title": "Notes & more", "picture": "/static/og.png"}
    second = await change(
        ada, app, sharing={"title": None, "description": "Keeps notes", "picture": "https://a.b/c.png"}
    )
    assert second.json()["sharing"] == nothing | {"description": "Keeps notes", "picture": "https://a.b/c.png"}
    assert (await change(ada, app, sharing={"description": ""})).json()["sharing"]["description"] is None
    export = (await ada.get(f"/api/apps/{app}/export")).content
    for copy in (
        await ada.post(f"/api/apps/{app}/clone", json={}),
        await ada.post("/api/apps/import", content=export, params={"name": f"{app}-2"}, headers=ZIP),
    ):
        made = copy.json().get("app", copy.json())
        found = (await ada.get(f"/api/apps/{made['id']}/settings")).json()["sharing"]
        assert found == nothing | {"picture": "https://a.b/c.png"}
    assert (await change(ada, app, sharing=None)).json()["sharing"] == nothing


async def test_a_copy_has_the_draft_and_the_settings(
    ada: httpx.AsyncClient, admin: httpx.AsyncClient, app: str
) -> None:
    await change(ada, app, env={"A": "1"}, secrets={"KEY": "x"}, idle_minutes=7, cpus=0.5)
    await ada.put(f"/api/apps/{app}/draft", json={"files": {"main.py": "x = 1\n"}, "entrypoint": "main.py"})
    copy = await ada.post(f"/api/apps/{app}/clone", json={"name": f"{app}-2"})
    assert (copy.status_code, copy.json()["status"], copy.json()["name"]) == (201, "draft", f"{app}-2")
    assert (await ada.get(f"/api/apps/{app}-2/draft")).json()["files"] == {"main.py": "x = 1\n"}
    settings = (await ada.get(f"/api/apps/{app}-2/settings")).json()
    assert (settings["env"], settings["secrets"], settings["idle_minutes"]) == ({"A": "1"}, ["KEY"], 7)
    assert settings["cpus"] == 0.5
    problem(await ada.post(f"/api/apps/{app}/clone", json={"name": app}), 409, "name_taken")
    taken = (await admin.post(f"/api/apps/{app}/clone", json={})).json()
    assert (await admin.get(f"/api/apps/{taken['id']}/settings")).json()["secrets"] == [], (
        "another owner gets no secrets"
    )


async def test_a_deleted_app_is_had_back_by_its_owner_only(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, app: str
) -> None:
    await change(ada, app, env={"A": "1"})
    found = (await ada.get(f"/api/apps/{app}")).json()["id"]
    assert (await ada.delete(f"/api/apps/{app}")).status_code == 204
    [gone] = (await ada.get("/api/trash")).json()["items"]
    assert (gone["id"], gone["name"]) == (found, app)
    assert (await bob.get("/api/trash")).json()["items"] == []
    problem(await bob.post(f"/api/trash/{found}/restore", json={}), 404, "not_found")
    problem(await bob.delete(f"/api/trash/{found}"), 404, "not_found")
    assert (await bob.post("/api/apps", json={"name": app})).status_code == 201
    problem(await ada.post(f"/api/trash/{found}/restore", json={}), 409, "name_taken")
    back = await ada.post(f"/api/trash/{found}/restore", json={"name": f"{app}-b"})
    assert (back.status_code, back.json()["id"], back.json()["name"]) == (200, found, f"{app}-b")
    assert (await ada.get(f"/api/apps/{app}-b/settings")).json()["env"] == {"A": "1"}
    problem(await ada.post(f"/api/trash/{found}/restore", json={}), 404, "not_found")
    await ada.delete(f"/api/apps/{app}-b")
    assert (await ada.delete(f"/api/trash/{found}")).status_code == 204
    problem(await ada.post(f"/api/trash/{found}/restore", json={}), 404, "not_found")


async def test_a_renamed_app_answers_to_its_new_name(ada: httpx.AsyncClient, app: str) -> None:
    answer = await ada.patch(f"/api/apps/{app}", json={"name": f"{app}-n"})
    assert (answer.status_code, answer.json()["name"]) == (200, f"{app}-n")
    assert f"{app}-n.localhost" in answer.json()["url"]
    problem(await ada.get(f"/api/apps/{app}"), 404, "not_found")
    problem(await ada.patch(f"/api/apps/{app}-n", json={"name": "api"}), 422, "invalid")
