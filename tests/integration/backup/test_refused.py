"""What a restore must not do: begin with half an archive, another key, over somebody's data, or under a running platform."""

import asyncio
import base64
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pymongo import AsyncMongoClient

from control.domain.clock import utc_now
from control.domain.errors import Conflict, StoreUnavailable
from control.domain.ids import new_id
from control.store import Store, open_store
from fp.dump import MANIFEST, ArchiveError, Manifest, check
from tests.integration.backup.test_round_trip import everything, restore
from tests.support.control_mongo import SECRET_KEY, MongoServer, ada, make_app, opened_store, store

__all__ = ["ada", "opened_store", "store"]

Client = AsyncMongoClient[dict[str, Any]]
OTHER_KEY = base64.urlsafe_b64encode(bytes(32)).decode()


async def make_archive(store: Store, path: Path) -> Path:
    with path.open("wb") as file:
        async for piece in store.backups.stream(utc_now()):
            file.write(piece)
    return path


@pytest.fixture
async def archive(store: Store, ada: Any, mongo: Client, tmp_path: Path) -> Path:
    """A backup of one user with one app and a database."""
    await make_app(store, ada)
    database = await store.databases.default_of(ada.id, ada.username, utc_now())
    await mongo[database.name]["words"].insert_many([{"n": number} for number in range(3000)])
    return await make_archive(store, tmp_path / "fp.zip")


async def names(server: MongoServer) -> set[str]:
    async with AsyncMongoClient[dict[str, Any]](server.uri) as client:
        return {name for name in await client.list_database_names() if name == "platform" or name.startswith("u_")}


async def test_an_archive_that_was_cut_off_changes_nothing(archive: Path, target: MongoServer) -> None:
    cut = archive.with_name("cut.zip")
    size = await asyncio.to_thread(cut_off, archive, cut, 0.99)
    done = restore(target, cut)
    assert (done.returncode, "no whole backup" in done.stderr) == (1, True), done.stderr
    assert await names(target) == set()
    for part in (0, 0.3, 1 - 1 / size):
        await asyncio.to_thread(cut_off, archive, cut, part)
        with pytest.raises(ArchiveError):
            check(cut)


def cut_off(whole: Path, cut: Path, part: float) -> int:
    """Writes that part of the file to `cut`; answers the size of the whole."""
    content = whole.read_bytes()
    cut.write_bytes(content[: int(len(content) * part)])
    return len(content)


def rewritten(archive: Path, change: Any, members: dict[str, bytes] | None = None) -> Path:
    """The archive with another manifest, made by `change` from the right one, or with other members."""
    changed = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if name != MANIFEST:
                new.writestr(name, (members or {}).get(name, old.read(name)))
        new.writestr(MANIFEST, msgspec.json.encode(change(msgspec.json.decode(old.read(MANIFEST)))))
    return changed


async def test_an_archive_that_was_changed_changes_nothing(archive: Path, target: MongoServer) -> None:
    manifest: Manifest = check(archive)
    words = next(one for one in manifest.databases[1].collections if one.name == "words")
    with zipfile.ZipFile(archive) as old:
        content = bytearray(old.read(str(words.file)))
    content[-2] ^= 1
    for other in (bytes(content[:-7]), b"", b"\xff\xff\xff\xff" + bytes(content[4:]), bytes(content)):
        changed = rewritten(archive, lambda same: same, {str(words.file): other})
        with pytest.raises(ArchiveError):
            check(changed)
    done = restore(target, changed)
    assert (done.returncode, "not what was written" in done.stderr) == (1, True), done.stderr
    assert await names(target) == set()


async def test_it_reaches_no_database_that_is_not_its_own(archive: Path, target: MongoServer) -> None:
    def other_name(manifest: Any) -> Any:
        manifest["databases"][1]["name"] = "admin"
        return manifest

    def newer(manifest: Any) -> Any:
        return manifest | {"format": 2, "shape": "unknown"}

    done = restore(target, rewritten(archive, other_name))
    assert (done.returncode, "admin" in done.stderr) == (1, True), done.stderr
    for change, word in ((newer, "format 2"), (lambda _: [], "manifest")):
        with pytest.raises(ArchiveError, match=word):
            check(rewritten(archive, change))
    assert await names(target) == set()


async def test_another_key_is_refused_before_anything_changes(archive: Path, target: MongoServer) -> None:
    unreadable = restore(target, archive, FP_SECRET_KEY="?")
    assert (unreadable.returncode, "32 bytes" in unreadable.stderr) == (2, True)
    done = restore(target, archive, FP_SECRET_KEY=OTHER_KEY)
    assert (done.returncode, check(archive).key in done.stderr) == (1, True), done.stderr
    assert await names(target) == set()
    forced = restore(target, archive, "--other-key", FP_SECRET_KEY=OTHER_KEY)
    assert (forced.returncode, "no password that this key opens" in forced.stderr) == (0, True), forced.stderr


async def test_what_is_there_stays_unless_it_is_to_be_replaced(archive: Path, target: MongoServer) -> None:
    assert restore(target, archive).returncode == 0
    async with AsyncMongoClient[dict[str, Any]](target.uri) as client:
        before = await everything(client, "platform")
        [user] = [name for name in await names(target) if name != "platform"]
        await client[user]["newer"].insert_one({"_id": 1})
        again = restore(target, archive)
        assert (again.returncode, "accounts" in again.stderr, "--replace" in again.stderr) == (1, True, True), (
            again.stderr
        )
        assert await client[user]["newer"].find_one() is not None
        replaced = restore(target, archive, "--replace")
        assert replaced.returncode == 0, replaced.stderr
        assert await everything(client, "platform") == before
        assert await client[user].list_collection_names() == ["words"]


async def test_a_running_platform_is_left_alone(archive: Path, target: MongoServer) -> None:
    async with open_store(target.uri, SECRET_KEY):
        done = restore(target, archive)
    assert (done.returncode, "Stop it first" in done.stderr) == (1, True), done.stderr


async def test_nobody_sees_half_a_restore_and_it_can_be_run_again(
    archive: Path, target: MongoServer, mongo: Client
) -> None:
    async with AsyncMongoClient[dict[str, Any]](target.uri) as client:
        await client["platform"]["restoring"].insert_one({"_id": "restoring"})
        await client["platform"]["users"].insert_one({"_id": new_id(), "username": "half"})
        with pytest.raises(StoreUnavailable, match="restored"):
            async with open_store(target.uri, SECRET_KEY):
                pass
        done = restore(target, archive)
        assert done.returncode == 0, done.stderr
        assert [user["username"] async for user in client["platform"]["users"].find()] == ["ada"]
    async with open_store(target.uri, SECRET_KEY) as restored:
        assert await restored.users.any()


async def test_one_backup_at_a_time_and_one_given_up_does_not_block_the_next(
    store: Store, ada: Any, tmp_path: Path
) -> None:
    first = store.backups.stream(utc_now())
    await anext(first)
    with pytest.raises(Conflict):
        await anext(store.backups.stream(utc_now()))
    await first.aclose()
    assert check(await make_archive(store, tmp_path / "fp.zip")).databases[0].name == "platform"


def test_what_is_no_backup_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    for name in ("text", "empty.zip", "nothing"):
        with pytest.raises(ArchiveError):
            check(tmp_path / name)
