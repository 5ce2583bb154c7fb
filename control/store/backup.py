"""A backup, as a stream of bytes: the platform's database and every user's, in the format of `fp.dump`.

Documents go through as raw BSON, a batch at a time, so memory does not grow with the data. A database is read in one snapshot
session: what lies in it is of one moment. MongoDB keeps that moment for five minutes only; where we may ask for it, an hour.

Left out: leases, and the sessions of people, because what has been logged out since must not come back with a restore.
"""

import asyncio
import hashlib
import struct
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager
from datetime import datetime
from typing import Any

import msgspec
from bson import json_util
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import InvalidName, OperationFailure

from control.domain.errors import Conflict
from control.store.errors import translated
from control.store.mapping import Document
from fp import __version__
from fp.dump import FORMAT, MANIFEST, CollectionDump, DatabaseDump, Manifest

# The platform's collections of which only some documents go along: those that match.
_PARTLY: dict[str, Document] = {"leases": {"_id": None}, "sessions": {"kind": {"$nin": ["browser", "bearer"]}}}
_SNAPSHOT_SECONDS = 3600
_SNAPSHOT_UNAVAILABLE = 246
_TRIES = 10
_RETRY_SECONDS = 0.1
_LENGTH = struct.Struct("<i")


class Backups:
    """`key` names the key that the stored secrets are sealed with; `platform` is the name of the platform's database."""

    def __init__(self, client: AsyncMongoClient[Document], key: str, platform: str) -> None:
        self._client = client
        self._key = key
        self._platform = platform
        self._running = asyncio.Lock()

    async def stream(self, now: datetime) -> AsyncGenerator[bytes, None]:
        """The archive, in pieces. Raises Conflict while another one is made here, and StoreUnavailable."""
        if self._running.locked():
            raise Conflict("a backup is being made already")
        async with self._running:
            with translated(), _writer() as writer:
                await _keep_snapshots(self._client)
                names = await self._client[self._platform]["databases"].distinct("name")
                dumps = []
                for name in [self._platform, *sorted(names)]:
                    reader = _Reader(self._client, name, _PARTLY if name == self._platform else {})
                    async with aclosing(reader.write(writer)) as pieces:
                        async for piece in pieces:
                            yield piece
                    dumps.append(DatabaseDump(name, reader.dumps, reader.skipped))
                manifest = Manifest(format=FORMAT, version=__version__, created_at=now, key=self._key, databases=dumps)
                yield await asyncio.to_thread(writer.end, manifest)


class _Writer:
    """Makes the zip; what it has written is taken away piece by piece."""

    def __init__(self) -> None:
        self._sink = _Sink()
        sink: Any = self._sink
        self._zip = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._member: Any = None
        self._count = 0

    def begin(self) -> str:
        self._count += 1
        name = f"{self._count:06}.bson"
        self._member = self._zip.open(name, "w", force_zip64=True)
        return name

    def write(self, batch: bytes) -> bytes:
        self._member.write(batch)
        return self._sink.take()

    def close_member(self) -> bytes:
        self._member.close()
        return self._sink.take()

    def end(self, manifest: Manifest) -> bytes:
        self._zip.writestr(MANIFEST, msgspec.json.encode(manifest))
        self._zip.close()
        return self._sink.take()

    def give_up(self) -> None:
        """Lets go of the zip, which complains of a member that is left open."""
        if self._member is not None:
            self._member.close()
        self._zip.close()


@contextmanager
def _writer() -> Iterator[_Writer]:
    writer = _Writer()
    try:
        yield writer
    finally:
        writer.give_up()


class _Sink:
    """A file that cannot be told where it is: zipfile then writes forward only."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = bytes(self._buffer)
        self._buffer.clear()
        return taken


class _Reader:
    """One database; `dumps` tells of the collections that were written, `skipped` has the names of the others."""

    def __init__(self, client: AsyncMongoClient[Document], name: str, partly: dict[str, Document]) -> None:
        self._client = client
        self._database: AsyncDatabase[Document] = client[name]
        self._partly = partly
        self.dumps: list[CollectionDump] = []
        self.skipped: list[str] = []

    async def write(self, writer: _Writer) -> AsyncGenerator[bytes, None]:
        listed = [dict(found) async for found in await self._database.list_collections()]
        known = sorted(
            (found for found in listed if not found["name"].startswith("system.")), key=lambda one: str(one["name"])
        )
        # What is listed is older than the snapshot, so it can be read in it.
        async with self._client.start_session(snapshot=True) as session:
            for found in known:
                if not _can_be_named(self._database, found["name"]):
                    self.skipped.append(found["name"])
                    continue
                async for piece in self._collection(writer, session, found):
                    yield piece

    async def _collection(self, writer: _Writer, session: AsyncClientSession, found: Document) -> AsyncIterator[bytes]:
        indexes = await self._indexes(found)
        file, count = None, _Count()
        if found["type"] != "view":
            file = writer.begin()
            async for batch in self._batches(session, found):
                count.add(batch)
                yield await asyncio.to_thread(writer.write, batch)
            yield writer.close_member()
        self.dumps.append(
            CollectionDump(
                name=found["name"],
                kind=found["type"],
                options=_json(found["options"]),
                indexes=[_json(index) for index in indexes],
                file=file,
                documents=count.documents,
                bytes=count.bytes,
                sha256=count.digest.hexdigest(),
            )
        )

    async def _indexes(self, found: Document) -> list[Document]:
        """Those that do not come with the collection itself."""
        if found["type"] == "view":
            return []
        listed = [dict(index) async for index in await self._database[found["name"]].list_indexes()]
        made = [index for index in listed if index["name"] != "_id_" and not index.get("clustered")]
        return [{key: value for key, value in index.items() if key not in {"v", "ns"}} for index in made]

    async def _batches(self, session: AsyncClientSession, found: Document) -> AsyncIterator[bytes]:
        """Raw documents. A collection that got an index since the snapshot was taken is read in one of its own; a capped
        one, which MongoDB reads in none, and one that never stands still, is read as it is."""
        name, tries = found["name"], 0 if found["options"].get("capped") else _TRIES
        async with AsyncExitStack() as own:
            for left in reversed(range(tries + 1)):
                begun = False
                used = session if left else None
                try:
                    cursor: Any = self._database[name].find_raw_batches(self._partly.get(name, {}), session=used)
                    async for batch in cursor:
                        begun = True
                        yield batch
                except OperationFailure as error:
                    if error.code != _SNAPSHOT_UNAVAILABLE or begun or not left:
                        raise
                else:
                    return
                await asyncio.sleep(_RETRY_SECONDS)
                session = await own.enter_async_context(self._client.start_session(snapshot=True))


def _can_be_named(database: AsyncDatabase[Document], name: str) -> bool:
    """The server takes names that the driver does not; a user who makes one must not keep others from their backup."""
    try:
        database.get_collection(name)
    except InvalidName:
        return False
    return True


class _Count:
    """Counts and hashes what goes by."""

    def __init__(self) -> None:
        self.documents = self.bytes = 0
        self.digest = hashlib.sha256()

    def add(self, batch: bytes) -> None:
        place = 0
        while place < len(batch):
            place += _LENGTH.unpack_from(batch, place)[0]
            self.documents += 1
        self.bytes += len(batch)
        self.digest.update(batch)


async def _keep_snapshots(client: AsyncMongoClient[Document]) -> None:
    try:
        await client.admin.command("setParameter", 1, minSnapshotHistoryWindowInSeconds=_SNAPSHOT_SECONDS)
    except OperationFailure:
        # Somebody else's server, where we may not: then a database must be read within its five minutes.
        return


def _json(document: Any) -> str:
    return json_util.dumps(document, json_options=json_util.CANONICAL_JSON_OPTIONS)
