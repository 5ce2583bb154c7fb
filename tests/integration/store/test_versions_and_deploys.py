"""Versions are written once and pruned; deploys are claimed by one, moved by one, and the newer one wins."""

import asyncio
from typing import Any

import msgspec
import pytest
from pymongo import AsyncMongoClient

from control.domain import deploys as moves
from control.domain.accounts import User
from control.domain.apps import Version, code_hash
from control.domain.clock import utc_now
from control.domain.deploys import Deploy
from control.domain.errors import LostRace, NotFound
from control.domain.ids import new_id
from control.store import Store
from fp.api.problems import Finding
from fp.names import KEPT_VERSIONS
from tests.support.control_mongo import HELLO, claimed_deploy, make_app

FINDING = Finding(code="syntax_error", message="bad", file="app.py", line=3, column=1, hint="fix it")


def version(app: str, version_id: str | None = None) -> Version:
    return Version(
        id=version_id or new_id(), app=app, number=0, files=HELLO.files, entrypoint=HELLO.entrypoint,
        code_hash=code_hash(HELLO.files, HELLO.entrypoint), framework="fastapi", deploy="d", by="ada",
        created_at=utc_now(),
    )  # fmt: skip


async def test_writing_a_version_twice_writes_one(store: Store) -> None:
    wanted = version("app")
    written = await asyncio.gather(*(store.versions.write(wanted) for _ in range(5)))
    assert {v.number for v in written} == {1}
    assert len((await store.versions.page("app")).items) == 1
    assert await store.versions.by_number("app", 1) == written[0]


async def test_versions_written_at_once_get_numbers_of_their_own(store: Store) -> None:
    written = await asyncio.gather(*(store.versions.write(version("app")) for _ in range(4)))
    assert sorted(v.number for v in written) == [1, 2, 3, 4]


async def test_pruning_keeps_the_newest_and_the_live_one(store: Store) -> None:
    first = await store.versions.write(version("app"))
    for _ in range(KEPT_VERSIONS + 2):
        await store.versions.write(version("app"))
    await store.versions.prune("app", first.id)
    left = [v.number for v in (await store.versions.page("app")).items]
    assert left == [*range(KEPT_VERSIONS + 3, 3, -1), 1]
    assert (await store.versions.write(version("app"))).number == KEPT_VERSIONS + 4


async def test_summaries_have_no_files_and_pages_go_on_where_they_ended(store: Store) -> None:
    for _ in range(3):
        await store.versions.write(version("app"))
    page = await store.versions.page("app", limit=2)
    assert not hasattr(page.items[0], "files")
    rest = await store.versions.page("app", limit=2, cursor=page.next)
    assert [v.number for v in page.items + rest.items] == [3, 2, 1]
    assert rest.next is None


async def test_of_many_workers_one_claims_a_deploy(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    asked = await store.request_deploy(app, "ada", HELLO, utc_now())
    claims = await asyncio.gather(*(store.deploys.claim(f"w{n}", 60) for n in range(8)))
    [got] = [claim for claim in claims if claim is not None]
    assert got.id == asked.id
    assert got.attempts == 1


async def test_a_deploy_whose_lease_ran_out_is_claimed_again_and_the_first_worker_cannot_move_it(
    store: Store, ada: User
) -> None:
    app = await make_app(store, ada)
    first = await claimed_deploy(store, app, lease_seconds=0.02)
    async with asyncio.timeout(5):
        while (second := await store.deploys.claim("second", 60)) is None:
            await asyncio.sleep(0.01)
    assert second.attempts == 2
    with pytest.raises(LostRace):
        await store.deploys.save(moves.begin(first, "validate", "", utc_now()))
    assert not await store.deploys.extend(first.id, first.claimed_by or "", 60)
    assert (await store.deploys.save(moves.begin(second, "validate", "", utc_now()))).seq == 2


async def test_a_deploy_given_back_is_free_at_once_and_the_attempt_does_not_count(store: Store, ada: User) -> None:
    deploy = await claimed_deploy(store, await make_app(store, ada))
    await store.deploys.release(deploy.id, deploy.claimed_by or "")
    again = await store.deploys.claim("second", 60)
    assert again is not None
    assert (again.id, again.attempts) == (deploy.id, 1)


async def test_of_two_steps_from_the_same_state_one_is_lost(store: Store, ada: User) -> None:
    deploy = await claimed_deploy(store, await make_app(store, ada))
    steps = [moves.begin(deploy, "validate", f"{n}", utc_now()) for n in range(4)]
    results = await asyncio.gather(*(store.deploys.save(step) for step in steps), return_exceptions=True)
    assert sum(isinstance(result, Deploy) for result in results) == 1
    assert sum(isinstance(result, LostRace) for result in results) == 3


async def test_a_deploy_is_stored_step_by_step_with_its_events_and_findings(store: Store, ada: User) -> None:
    deploy = await claimed_deploy(store, await make_app(store, ada))
    deploy = await store.deploys.save(moves.begin(deploy, "validate", "checking", utc_now()))
    assert (await store.deploys.source(deploy.id)) == HELLO
    deploy = await store.deploys.save(moves.fail(deploy, [FINDING], utc_now()))
    stored = await store.deploys.get(deploy.id)
    assert stored == deploy
    assert stored.findings == [FINDING]
    assert [event.seq for event in stored.events] == [1, 2, 3]
    with pytest.raises(NotFound):
        await store.deploys.source(deploy.id)


async def test_a_newer_deploy_ends_the_older_one(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    older = await claimed_deploy(store, app)
    newer = await store.request_deploy(app, "ada", HELLO, utc_now())
    ended = await store.deploys.get(older.id)
    assert ended.status == "failed"
    assert [finding.code for finding in ended.findings] == ["superseded"]
    assert [deploy.id for deploy in await store.deploys.running_of(app.id)] == [newer.id]
    assert await store.deploys.newest(app.id) == newer
    assert await store.deploys.apps_deploying() == {app.id}


async def test_of_many_deploys_asked_for_at_once_only_the_newest_stays(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    asked = await asyncio.gather(*(store.request_deploy(app, "ada", HELLO, utc_now()) for _ in range(8)))
    newest = max(asked, key=lambda deploy: deploy.number)
    assert [deploy.id for deploy in await store.deploys.running_of(app.id)] == [newest.id]


async def test_the_same_request_key_makes_one_deploy(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    now = utc_now()
    asked = await asyncio.gather(
        *(store.request_deploy(app, "ada", HELLO, now, request_key="k") for _ in range(6)), return_exceptions=True
    )
    assert len({deploy.id for deploy in asked if isinstance(deploy, Deploy)}) == 1
    assert all(isinstance(deploy, Deploy) for deploy in asked)
    assert len((await store.deploys.page(app.id)).items) == 1


async def test_whoever_watches_a_deploy_sees_it_to_its_end(store: Store, ada: User) -> None:
    deploy = await claimed_deploy(store, await make_app(store, ada))
    seen: list[Deploy] = []

    async def watch() -> None:
        seen.extend([state async for state in store.deploys.watch(deploy.id)])

    watching = asyncio.create_task(watch(), name="watch")
    deploy = await store.deploys.save(moves.begin(deploy, "validate", "", utc_now()))
    deploy = await store.deploys.save(moves.end(deploy, "", utc_now()))
    deploy = await store.deploys.save(moves.fail(deploy, [FINDING], utc_now()))
    async with asyncio.timeout(10):
        await watching
    assert seen[-1] == deploy
    assert [state.seq for state in seen] == sorted({state.seq for state in seen})
    assert moves.as_of(deploy, 2).stages[0].status == "running"


async def test_watching_an_unknown_deploy_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await anext(store.deploys.watch("none"))


async def test_a_changed_deploy_is_told_within_the_stream(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    changes = store.deploys.changes()
    async with asyncio.timeout(10):
        assert await anext(changes) is None
        deploy = await store.request_deploy(app, "ada", HELLO, utc_now())
        assert await anext(changes) == deploy.id
    await changes.aclose()  # type: ignore[attr-defined]


async def test_an_apps_document_tells_of_what_matters_to_the_cluster_only(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    changes = store.apps.changes()
    async with asyncio.timeout(10):
        assert await anext(changes) is None
        await store.apps.note_request(app.id, utc_now())
        await store.apps.next_deploy_number(app.id)
        other = await make_app(store, ada)
        assert await anext(changes) == other.id
        await store.apps.set_idle_minutes(app.id, 1, utc_now())
        assert await anext(changes) == app.id
        await store.apps.delete(other.id, utc_now())
        assert await anext(changes) == other.id
    await changes.aclose()  # type: ignore[attr-defined]


async def test_the_deploys_queue_is_read_by_an_index(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    """The query of `claim` looks at running deploys only, however many there once were."""
    app = await make_app(store, ada)
    for _ in range(30):
        await store.request_deploy(app, "ada", HELLO, utc_now())
    deploys = mongo["platform"]["deploys"]
    query = {"status": "running", "$expr": {"$lt": ["$lease_until", "$$NOW"]}}
    plan = await deploys.find(query, sort=[("created_at", 1)]).explain()
    assert plan["executionStats"]["totalDocsExamined"] <= 1


async def test_a_finished_deploy_cannot_be_moved(store: Store, ada: User) -> None:
    deploy = await claimed_deploy(store, await make_app(store, ada))
    over = await store.deploys.save(moves.fail(deploy, [FINDING], utc_now()))
    with pytest.raises(LostRace):
        await store.deploys.save(moves.begin(over, "start", "", utc_now()))
    await store.deploys.end_failed(deploy.id, msgspec.structs.replace(FINDING, code="other"), utc_now())
    assert await store.deploys.get(deploy.id) == over
