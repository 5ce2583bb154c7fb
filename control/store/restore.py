"""`python -m control.store.restore FILE [--replace] [--other-key]`: puts a backup into a MongoDB, while no platform runs on it.

Everything that can be refused is refused before anything changes: a file that is not whole, a key that does not open its
secrets, a platform that runs, one that has data (`--replace` empties it first). Then a mark is set, and as long as it
stands no process of the platform starts: nobody ever sees half a restore. One that was interrupted is run again.

Settings: FP_MONGO_URI, FP_SECRET_KEY. Exit code 0: all of it is there; 1: it says why not; 2: it was called wrongly.
"""

import argparse
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from bson import json_util
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.database import Database as MongoDatabase
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.write_concern import WriteConcern

from control.domain.clock import utc_now
from control.domain.databases import Database
from control.domain.errors import SecretUnreadable
from control.store.databases import purpose
from control.store.mapping import from_document
from control.store.migrations import MIGRATIONS
from control.store.secrets import SecretBox, key_id, read_key
from fp.dump import ArchiveError, CollectionDump, Manifest, check, read_documents

PLATFORM = "platform"
MARK = "restoring"
"""The collection with one document while a restore is under way."""
_BATCH_DOCUMENTS = 1000
_BATCH_BYTES = 8 * 1024 * 1024
_USER_EXISTS = 51003
_USER_NOT_FOUND = 11

Client = MongoClient[dict[str, Any]]


class RestoreError(Exception):
    """It was refused, or did not end; the message says what to do."""


class Restore:
    """One archive, checked, on its way into one MongoDB."""

    def __init__(self, path: Path, client: Client, key: bytes) -> None:
        self._path = path
        self._client = client
        self._key = key
        self._manifest: Manifest = check(path)
        self._platform = client[PLATFORM]

    def refuse(self, *, replace: bool, other_key: bool) -> None:
        """Raises RestoreError when it must not, or not without being told so. Changes nothing."""
        names = [database.name for database in self._manifest.databases]
        if names[:1] != [PLATFORM] or len(set(names)) != len(names):
            raise RestoreError("the backup does not hold a platform")
        if alien := sorted(set(names[1:]) - set(self._recorded_names())):
            raise RestoreError(f"the backup holds databases that are no user's: {', '.join(alien)}")
        if (newer := self._newest_migration()) > max(one.number for one in MIGRATIONS):
            raise RestoreError(
                f"the backup is of a newer fp ({self._manifest.version}, schema {newer}); restore it with that"
            )
        if self._manifest.key != key_id(self._key) and not other_key:
            raise RestoreError(
                f"the backup's secrets need the key {self._manifest.key}, and FP_SECRET_KEY is {key_id(self._key)}. "
                "Set the old key; with --other-key the users' databases get no passwords, and their apps cannot use them"
            )
        self._refuse_running()
        if not replace and self._platform[MARK].find_one() is None and (found := self._in_the_way(names[1:])):
            raise RestoreError(f"it is not empty: {found}. --replace removes what is there first")

    def run(self) -> list[str]:
        """Does it; answers what could not be done, in words."""
        mark = self._platform.get_collection(MARK, write_concern=WriteConcern(w="majority", j=True))
        mark.replace_one({"_id": MARK}, {"started_at": utc_now()}, upsert=True)
        self._empty()
        with zipfile.ZipFile(self._path) as archive:
            for database in reversed(self._manifest.databases):
                # Views last: they may read what is not there yet. The server's own order of collections does not matter.
                for dump in sorted(database.collections, key=lambda one: one.kind == "view"):
                    self._collection(archive, self._client[database.name], dump)
        problems = self._make_users()
        mark.drop()
        return problems

    def _recorded(self, client: Client) -> list[Database]:
        return [from_document(one, Database) for one in client[PLATFORM]["databases"].find()]

    def _recorded_names(self) -> Iterator[str]:
        """The databases that the archive's own platform knows of, but never one of MongoDB's."""
        names = (str(document.get("name", "")) for document in self._platform_documents("databases"))
        yield from (name for name in names if name.startswith("u_"))

    def _newest_migration(self) -> int:
        numbers = [document["_id"] for document in self._platform_documents("migrations")]
        return max((number for number in numbers if isinstance(number, int)), default=0)

    def _platform_documents(self, name: str) -> Iterator[RawBSONDocument]:
        with zipfile.ZipFile(self._path) as archive:
            for dump in self._manifest.databases[0].collections:
                if dump.name == name and dump.file is not None:
                    with archive.open(dump.file) as stream:
                        yield from map(RawBSONDocument, read_documents(stream))

    def _refuse_running(self) -> None:
        holds: dict[str, Any] = {"_id": "reconcile", "$expr": {"$gte": ["$until", "$$NOW"]}}
        running = self._platform["leases"].find_one(holds) is not None
        try:
            stages: list[dict[str, Any]] = [
                {"$currentOp": {"allUsers": True, "idleConnections": True}},
                {"$match": {"appName": "fp-control"}},
                {"$limit": 1},
            ]
            running = running or bool(list(self._client.admin.aggregate(stages)))
        except OperationFailure:
            # Somebody else's server, where we may not look: the worker's lease is what there is to tell it by.
            running = running or False
        if running:
            raise RestoreError("the platform runs on this MongoDB. Stop it first (its worker's lease ends 15 s later)")

    def _in_the_way(self, names: Sequence[str]) -> str:
        if self._platform["users"].find_one() is not None:
            return "the platform has accounts"
        if self._platform["apps"].find_one() is not None:
            return "the platform has apps"
        taken = sorted(set(names) & set(self._client.list_database_names()))
        return f"there are databases {', '.join(taken)}" if taken else ""

    def _empty(self) -> None:
        names = {database.name for database in self._recorded(self._client)}
        names |= {database.name for database in self._manifest.databases[1:]}
        for name in sorted(names):
            self._client.drop_database(name)
            try:
                self._client[name].command("dropUser", name)
            except OperationFailure as error:
                if error.code != _USER_NOT_FOUND:
                    raise
        for name in self._platform.list_collection_names():
            # The records of databases go last: an emptying that was cut off finds the rest of them again.
            if name not in {MARK, "databases"} and not name.startswith("system."):
                self._platform.drop_collection(name)
        self._platform.drop_collection("databases")

    def _collection(
        self, archive: zipfile.ZipFile, database: MongoDatabase[dict[str, Any]], dump: CollectionDump
    ) -> None:
        options = _loads(dump.options)
        if isinstance(clustered := options.get("clusteredIndex"), dict):
            options["clusteredIndex"] = {key: value for key, value in clustered.items() if key != "v"}
        if dump.name == MARK or dump.name.startswith("system."):
            raise RestoreError(f"the backup holds a collection {dump.name!r}")
        if isinstance(series := options.get("timeseries"), dict):
            series.pop("bucketMaxSpanSeconds", None)
        database.command({"create": dump.name, **options})
        if dump.file is not None:
            with archive.open(dump.file) as stream:
                for batch in _batches(stream):
                    target = database.get_collection(dump.name, write_concern=WriteConcern(w="majority"))
                    target.insert_many(batch, bypass_document_validation=True)
        if dump.indexes:
            database.command({"createIndexes": dump.name, "indexes": [_loads(index) for index in dump.indexes]})

    def _make_users(self) -> list[str]:
        """Each database's MongoDB user, with the password that is sealed in its record."""
        box, problems = SecretBox([self._key]), []
        for database in self._recorded(self._client):
            try:
                password = box.open(database.password, purpose(database.id))
            except SecretUnreadable:
                problems.append(f"{database.name} has no password that this key opens; its apps cannot use it")
                continue
            commands = self._client[database.name]
            rights: dict[str, Any] = {"pwd": password, "roles": [{"role": "readWrite", "db": database.name}]}
            try:
                commands.command("createUser", database.name, **rights)
            except OperationFailure as error:
                if error.code != _USER_EXISTS:
                    raise
                commands.command("updateUser", database.name, **rights)
            self._platform["databases"].update_one({"_id": database.id}, {"$set": {"ready": True}})
        return problems

    @property
    def told(self) -> str:
        """What is in the archive, in words."""
        found = self._manifest
        when = found.created_at.strftime("%Y-%m-%d %H:%M UTC")
        return f"{found.documents} documents of {len(found.databases)} databases, made {when} by fp {found.version}"


def _batches(stream: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    size = 0
    for document in read_documents(stream):
        batch.append(RawBSONDocument(document))
        size += len(document)
        if len(batch) == _BATCH_DOCUMENTS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _loads(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json_util.loads(text, json_options=json_util.CANONICAL_JSON_OPTIONS)
    return found


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs one restore; see the module's text for the exit codes."""
    parser = argparse.ArgumentParser("restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true")
    parser.add_argument("--other-key", action="store_true")
    given = parser.parse_args(arguments)
    try:
        key, uri = read_key(environ["FP_SECRET_KEY"]), environ["FP_MONGO_URI"]
    except KeyError as error:
        print(f"restore: {error.args[0]} must be set", file=sys.stderr)
        return 2
    except ValueError:
        print("restore: FP_SECRET_KEY must be 32 bytes in URL-safe base64", file=sys.stderr)
        return 2
    try:
        with MongoClient[dict[str, Any]](
            uri, tz_aware=True, appname="fp-restore", serverSelectionTimeoutMS=5000
        ) as client:
            restore = Restore(given.file, client, key)
            restore.refuse(replace=given.replace, other_key=given.other_key)
            print(f"restoring {restore.told}", file=sys.stderr, flush=True)
            problems = restore.run()
    except (ArchiveError, RestoreError, PyMongoError, BSONError, msgspec.MsgspecError) as error:
        print(f"restore: {error}", file=sys.stderr)
        return 1
    for problem in problems:
        print(f"restore: {problem}", file=sys.stderr)
    print("restored", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
