"""A deploy on a real node: what becomes live, what does not, and who wins."""

import asyncio
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from control.domain.accounts import User
from control.domain.clock import utc_now
from control.domain.deploys import Source
from control.domain.errors import DeployOver, NotFound
from control.lifecycle.views import ClusterViews
from control.store import Store
from fp.api.deploys import STAGES
from tests.support.control_mongo import make_app
from tests.support.control_node import awake, deployed, ended, get, reached

pytestmark = pytest.mark.usefixtures("loops")


def saying(word: str) -> dict[str, str]:
    return {
        "app.py": f"from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root():\n    return {word!r}\n"
    }


NOTES = {
    "app.py": """\
import os

from fastapi import FastAPI
from pymongo import MongoClient

app = FastAPI()
notes = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()["notes"]


@app.get("/")
def count():
    notes.insert_one({})
    return notes.count_documents({})
"""
}
BREAKS = {"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\nnumbers = {}\nnumbers['one'].append(1)\n"}
SYNTAX = {"app.py": "from fastapi import FastAPI\napp = FastAPI(\n"}
SLOW = {"app.py": "import time\n\nfrom fastapi import FastAPI\n\ntime.sleep(5)\napp = FastAPI()\n"}


async def test_a_deploy_goes_through_its_stages_and_the_app_answers(
    store: Store, ada: User, views: ClusterViews
) -> None:
    app = await make_app(store, ada, "hello")
    deploy = await deployed(store, app, saying("one"))
    assert deploy.status == "succeeded", deploy.findings
    assert [(stage.name, stage.status) for stage in deploy.stages] == [(name, "done") for name in STAGES]
    assert all(stage.ms is not None and stage.ms >= 0 and stage.message for stage in deploy.stages)
    assert deploy.version == 1
    assert [event.seq for event in deploy.events] == list(range(1, deploy.seq + 1))
    live = (await store.apps.get(app.id)).live
    assert live is not None
    assert (live.version, live.number) == (deploy.version_id, 1)
    view = await awake(views, app, 1)
    assert view.hosts == ["hello.localhost"]
    assert (await get(view)).json() == "one"


async def test_an_app_finds_a_working_database_in_its_environment(
    store: Store, ada: User, views: ClusterViews, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    app = await make_app(store, ada)
    deploy = await deployed(store, app, NOTES)
    assert deploy.status == "succeeded", deploy.findings
    assert (await get(await awake(views, app, 1))).json() == 1
    bound = await store.databases.get((await store.apps.get(app.id)).database or "")
    assert await mongo[bound.name]["notes"].count_documents({}) == 1


async def test_a_draft_that_breaks_a_rule_makes_no_version(store: Store, ada: User, views: ClusterViews) -> None:
    app = await make_app(store, ada)
    deploy = await deployed(store, app, SYNTAX)
    assert deploy.status == "failed"
    assert [stage.status for stage in deploy.stages] == ["failed", "pending", "pending", "pending"]
    assert [(f.code, f.file) for f in deploy.findings] == [("syntax_error", "app.py")]
    assert deploy.findings[0].line is not None
    assert (await store.versions.page(app.id)).items == []
    assert views.get(app.id) is None


async def test_a_version_that_does_not_start_takes_no_traffic_and_says_where_it_broke(
    store: Store, ada: User, views: ClusterViews
) -> None:
    app = await make_app(store, ada)
    await deployed(store, app, saying("one"))
    failed = await deployed(store, app, BREAKS)
    assert failed.status == "failed"
    assert [stage.status for stage in failed.stages] == ["done", "done", "failed", "pending"]
    [finding] = failed.findings
    assert (finding.code, finding.file, finding.line) == ("import_failed", "app.py", 5)
    assert finding.traceback is not None
    assert "KeyError" in finding.traceback
    live = (await store.apps.get(app.id)).live
    assert live is not None
    assert live.number == 1
    assert (await get(await awake(views, app, 1))).json() == "one"


async def test_a_draft_that_equals_the_live_version_can_be_deployed_again(
    store: Store, ada: User, views: ClusterViews
) -> None:
    app = await make_app(store, ada)
    first = await deployed(store, app, saying("one"))
    second = await deployed(store, app, saying("one"))
    assert (first.version, second.version) == (1, 2)
    assert (await get(await awake(views, app, 2))).json() == "one"


async def test_a_newer_deploy_overtakes_one_that_still_starts(store: Store, ada: User, views: ClusterViews) -> None:
    app = await make_app(store, ada)
    slow = await store.request_deploy(app, "ada", Source(SLOW, "app.py"), utc_now())
    await reached(store, slow.id, lambda deploy: deploy.stages[2].status == "running")
    began = asyncio.get_running_loop().time()
    newer = await deployed(store, app, saying("newer"))
    assert newer.status == "succeeded", newer.findings
    assert asyncio.get_running_loop().time() - began < 5
    assert [f.code for f in (await ended(store, slow.id)).findings] == ["superseded"]
    assert (await get(await awake(views, app, 2))).json() == "newer"


async def test_a_deploy_is_cancelled_while_its_version_starts(store: Store, ada: User, views: ClusterViews) -> None:
    app = await make_app(store, ada)
    await deployed(store, app, saying("one"))
    slow = await store.request_deploy(app, "ada", Source(SLOW, "app.py"), utc_now())
    await reached(store, slow.id, lambda deploy: deploy.stages[2].status == "running")
    began = asyncio.get_running_loop().time()
    for by in ("bob", "carol"):
        assert (await store.deploys.cancel(slow.id, by, utc_now())).cancelled_by == "bob"
    over = await ended(store, slow.id)
    assert asyncio.get_running_loop().time() - began < 4, "it waited for the version to start"
    assert (over.status, [(f.code, f.message) for f in over.findings]) == (
        "failed",
        [("cancelled", "bob cancelled this deploy")],
    )
    assert [stage.status for stage in over.stages] == ["done", "done", "failed", "pending"]
    assert (await store.deploys.cancel(slow.id, "ada", utc_now())) == over
    view = await awake(views, app, 1)
    assert (await get(view)).json() == "one"
    assert (await deployed(store, app, saying("two"))).status == "succeeded"
    assert (await get(await awake(views, app, 3))).json() == "two"


async def test_a_first_deploy_that_is_cancelled_leaves_a_draft(store: Store, ada: User, views: ClusterViews) -> None:
    app = await make_app(store, ada)
    slow = await store.request_deploy(app, "ada", Source(SLOW, "app.py"), utc_now())
    await reached(store, slow.id, lambda deploy: deploy.stages[2].status == "running")
    await store.deploys.cancel(slow.id, "ada", utc_now())
    assert [f.code for f in (await ended(store, slow.id)).findings] == ["cancelled"]
    assert (await store.apps.get(app.id)).live is None
    assert views.get(app.id) is None


async def test_a_cancel_at_any_moment_either_counts_or_does_not(store: Store, ada: User, views: ClusterViews) -> None:
    """Whatever it hits: cancelled means that the old version serves on, succeeded that the new one does."""
    app = await make_app(store, ada)
    serving = (await deployed(store, app, saying("one"))).version or 0
    seen = set()
    for step in range(10):
        word = f"try {step}"
        deploy = await store.request_deploy(app, "ada", Source(saying(word), "app.py"), utc_now())
        if step:
            wanted = 1 + step
            async with asyncio.timeout(30):
                async for state in store.deploys.watch(deploy.id):
                    if state.seq >= wanted:
                        break
        try:
            await store.deploys.cancel(deploy.id, "ada", utc_now())
        except DeployOver as error:
            assert error.status == "succeeded"
        over = await ended(store, deploy.id)
        seen.add(over.status)
        if over.status == "succeeded":
            serving = over.version or 0
        else:
            assert [f.code for f in over.findings] == ["cancelled"], over.findings
        live = (await store.apps.get(app.id)).live
        assert live is not None
        assert live.number == serving
        await awake(views, app, serving)
    assert "failed" in seen


async def test_deploys_of_different_apps_run_at_once(store: Store, ada: User, views: ClusterViews) -> None:
    apps = [await make_app(store, ada) for _ in range(6)]
    ends = await asyncio.gather(*(deployed(store, app, saying(app.name)) for app in apps))
    assert [deploy.status for deploy in ends] == ["succeeded"] * 6
    for app in apps:
        assert (await get(await awake(views, app, 1))).json() == app.name


async def test_an_app_deleted_while_it_is_deployed_leaves_nothing(
    store: Store, ada: User, views: ClusterViews, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    app = await make_app(store, ada)
    slow = await store.request_deploy(app, "ada", Source(SLOW, "app.py"), utc_now())
    await reached(store, slow.id, lambda deploy: deploy.stages[2].status == "running")
    await store.apps.delete(app.id, utc_now(), undo_hours=0)
    async with asyncio.timeout(30):
        while await store.apps.deleted():
            await asyncio.sleep(0.05)
        await views.until(app.id, lambda view: view is None)
    with pytest.raises(NotFound):
        await store.deploys.get(slow.id)
    # The audit log outlives what it is about.
    for name in set(await mongo["platform"].list_collection_names()) - {"audit"}:
        assert await mongo["platform"][name].find_one({"$or": [{"_id": app.id}, {"app": app.id}]}) is None, name
