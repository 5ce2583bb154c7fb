"""Apps and drafts: unique names, guarded saves, the live pointer, and leaving without a trace."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pymongo import AsyncMongoClient

from control.domain.accounts import User
from control.domain.apps import Draft, Live, Trouble, make_draft
from control.domain.clock import utc_now
from control.domain.config import Config
from control.domain.deploys import Source
from control.domain.errors import DraftChanged, LostRace, NameTaken, NotFound, SecretUnreadable
from control.domain.names import check_app_name
from control.domain.sharing import Sharing
from control.store import Store
from fp.api.see import LogLine, RequestRecord
from tests.support.control_mongo import make_app


async def test_an_app_comes_back_as_it_was_stored_by_id_and_by_name(store: Store, ada: User) -> None:
    app = await make_app(store, ada, "todo")
    assert await store.apps.get(app.id) == app
    assert await store.apps.by_key("todo") == app
    assert await store.apps.by_key(app.id) == app
    with pytest.raises(NotFound):
        await store.apps.by_key("other")


async def test_an_app_without_a_name_gets_a_free_one(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    assert check_app_name(app.name) == app.name


async def test_of_many_apps_with_one_name_exactly_one_is_made_and_no_draft_is_left_over(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    results = await asyncio.gather(*(make_app(store, ada, "todo") for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(result, NameTaken) for result in results) == 5
    assert await mongo["platform"]["drafts"].count_documents({}) == 1


async def test_of_two_saves_over_the_same_draft_one_is_told_of_the_other(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    seen = (await store.drafts.get(app.id)).etag
    saves = [make_draft(app.id, {"app.py": f"x = {n}"}, "app.py", utc_now()) for n in range(5)]
    results = await asyncio.gather(*(store.drafts.save(draft, seen) for draft in saves), return_exceptions=True)
    winners = [result for result in results if isinstance(result, Draft)]
    losers = [result for result in results if isinstance(result, DraftChanged)]
    assert len(winners) == 1
    assert len(losers) == 4
    assert {loser.etag for loser in losers} == {winners[0].etag}
    assert await store.drafts.get(app.id) == winners[0]


async def test_paths_with_dots_and_dollars_survive_storing(store: Store, ada: User) -> None:
    files = {"app.py": "", "static/a.b.c.css": "x", "$set.txt": "y", "ümlaut.md": "ß"}
    app = await make_app(store, ada, source=Source(files, "app.py"))
    assert (await store.drafts.get(app.id)).files == files


async def test_saving_the_draft_of_an_app_that_is_gone_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.drafts.save(make_draft("gone", {"app.py": ""}, "app.py", utc_now()), None)


async def test_a_newer_deploy_keeps_the_live_pointer_from_an_older_one(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    older, newer = Live("v1", 1, 1), Live("v2", 2, 2)
    await store.apps.go_live(app.id, newer, utc_now())
    with pytest.raises(LostRace):
        await store.apps.go_live(app.id, older, utc_now())
    assert (await store.apps.go_live(app.id, newer, utc_now())).live == newer


async def test_going_live_of_many_deploys_at_once_ends_at_the_newest(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    lives = [Live(f"v{n}", n, n) for n in range(1, 9)]
    await asyncio.gather(*(store.apps.go_live(app.id, live, utc_now()) for live in lives), return_exceptions=True)
    assert (await store.apps.get(app.id)).live == lives[-1]


async def test_going_live_ends_the_trouble(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    trouble = Trouble("it broke", utc_now(), 2)
    await store.apps.set_trouble(app.id, trouble)
    assert (await store.apps.get(app.id)).trouble == trouble
    assert (await store.apps.go_live(app.id, Live("v1", 1, 1), utc_now())).trouble is None


async def test_the_last_request_only_moves_forward(store: Store, ada: User) -> None:
    app = await make_app(store, ada)
    now = utc_now()
    assert await store.apps.note_request(app.id, now)
    assert await store.apps.note_request(app.id, now - timedelta(hours=1))
    assert (await store.apps.get(app.id)).last_request_at == now


async def test_a_deleted_app_frees_its_name_at_once_and_is_purged_whole(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    app = await make_app(store, ada, "todo")
    await store.request_deploy(app, "ada", Source({"app.py": ""}, "app.py"), utc_now())
    record = msgspec.convert(
        {"id": "i-1", "time": utc_now(), "method": "GET", "path": "/", "query": "", "status": 200, "ms": 1.0,
         "cold_start_ms": None, "bytes_in": 0, "bytes_out": 0, "version": 1}, RequestRecord,
    )  # fmt: skip
    await store.intake.requests(app.id, [record], utc_now())
    await store.logs.add(app.id, [LogLine(id="i-2", time=utc_now(), level="info", text="x", request_id=None)])
    await store.apps.delete(app.id, utc_now())
    with pytest.raises(NotFound):
        await store.apps.get(app.id)
    with pytest.raises(NotFound):
        await store.apps.delete(app.id, utc_now())
    second = await make_app(store, ada, "todo")
    assert [gone.id for gone in await store.apps.deleted()] == [app.id]
    await store.purge_app(app.id)
    for name in await mongo["platform"].list_collection_names():
        assert await mongo["platform"][name].find_one({"$or": [{"_id": app.id}, {"app": app.id}]}) is None, name
    assert await store.apps.get(second.id) == second


async def test_a_deleted_app_can_be_had_back_until_it_is_purged(store: Store, ada: User) -> None:
    app = await make_app(store, ada, "todo")
    now = utc_now()
    await store.apps.delete(app.id, now)
    assert [gone.id for gone in (await store.apps.gone_page(ada.id)).items] == [app.id]
    assert (await store.apps.gone_page("somebody")).items == []
    await make_app(store, ada, "todo")
    with pytest.raises(NameTaken):
        await store.apps.undelete(app.id, None, now)
    assert (await store.apps.undelete(app.id, "todo-2", now)).name == "todo-2"
    assert (await store.apps.get(app.id)).deleted_at is None
    with pytest.raises(NotFound):
        await store.apps.undelete(app.id, None, now)
    await store.apps.delete(app.id, now, undo_hours=0)
    with pytest.raises(NotFound):
        await store.apps.undelete(app.id, None, now)


async def test_of_two_changes_of_the_config_one_sees_the_other(store: Store, ada: User) -> None:
    app = await make_app(store, ada, "todo")
    sealed = store.vault.seal(app.id, "KEY", "hush")
    first = Config(env={"A": "1", "b": "2"}, secrets={"KEY": sealed}, cpus=1)
    changed = await store.apps.set_config(app.id, first, app.config, utc_now())
    assert changed.config == first
    with pytest.raises(LostRace):
        await store.apps.set_config(app.id, Config(), app.config, utc_now())
    assert (await store.apps.set_config(app.id, Config(env={"A": "2"}), changed.config, utc_now())).config.env == {
        "A": "2"
    }
    assert store.vault.opened(app.id, first) == {"KEY": "hush"}
    with pytest.raises(SecretUnreadable):
        store.vault.opened("another", first)


async def test_a_config_of_before_there_was_sharing_can_be_changed(
    store: Store, ada: User, mongo: AsyncMongoClient[dict[str, Any]]
) -> None:
    app = await make_app(store, ada, "todo")
    first = await store.apps.set_config(app.id, Config(env={"A": "1"}), app.config, utc_now())
    await mongo["platform"]["apps"].update_one({"_id": app.id}, {"$unset": {"config.sharing": 1}})
    then = await store.apps.get(app.id)
    assert then.config == first.config
    changed = msgspec.structs.replace(then.config, sharing=Sharing(title="x"))
    assert (await store.apps.set_config(app.id, changed, then.config, utc_now())).config.sharing.title == "x"


async def test_lists_show_a_users_own_apps_newest_first(store: Store, ada: User) -> None:
    bob = await store.users.create(msgspec.structs.replace(ada, id="bob1", username="bob"))
    mine = [await make_app(store, ada) for _ in range(3)]
    theirs = await make_app(store, bob)
    assert {app.id for app in (await store.apps.page(ada.id)).items} == {app.id for app in mine}
    assert len((await store.apps.page(None)).items) == 4
    assert [app.id for app in (await store.apps.page(bob.id)).items] == [theirs.id]
