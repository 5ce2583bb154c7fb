"""Looking into users' databases: collections, documents, indexes, and a collection as one stream of lines. Reading only.

All of it runs as the database's own MongoDB user, so that MongoDB itself keeps a query inside its database, and documents
are only ever asked for with `find`. Each query has a time limit at the server; a page has a size limit, where it ends and
gives a cursor, while a document is always whole. Documents are turned into JSON in a thread, and few pages at a time,
because one of 16 MB keeps a core busy for a while.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.cursor import AsyncCursor
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.collation import Collation

from control.domain.databases import Database
from control.domain.errors import NotFound
from control.domain.ids import new_id
from control.domain.pages import Page, clamp_limit
from control.store import extended, inspecting, keyset
from control.store.connections import Connections
from control.store.errors import translated
from control.store.mapping import Document
from control.store.refusals import QUERY_MS, refused
from fp.api.databases import CollectionIndex, DatabaseCollection

PAGE_BYTES = 1024 * 1024
MAX_EXPORTS = 8
_CHUNK_BYTES = 256 * 1024
_PAGES_AT_ONCE = 2
_PAGE_BATCH = 25
_EXPORT_BATCH = 100
_MAX_SHOWN_CHARS = 100


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for, each as JSON text. `limit` is in documents, `cursor` the `next` of the page before."""

    filter: str = "{}"
    projection: str = "{}"
    sort: str = "{}"
    limit: int = 50
    cursor: str | None = None
    canonical: bool = False


class Found(msgspec.Struct, frozen=True):
    """A page of documents, a line of Extended JSON each; `estimate` documents are in the collection, about."""

    documents: list[bytes]
    estimate: int
    next: str | None


class Explorer:
    """Every call may raise StoreUnavailable and SecretUnreadable; those with a collection NotFound."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.exporting = 0
        self._pages = asyncio.Semaphore(_PAGES_AT_ONCE)

    async def sizes(self, database: Database) -> inspecting.Sizes:
        """What the database holds."""
        async with self.connections.to(database) as connected:
            with refused({}):
                return await inspecting.sizes(connected)

    async def collections(
        self, database: Database, *, limit: int = 50, cursor: str | None = None
    ) -> Page[DatabaseCollection]:
        """The collections by name, MongoDB's own left out. Raises BadCursor."""
        async with self.connections.to(database) as connected:
            with refused({}):
                return await inspecting.collections(connected, clamp_limit(limit), cursor)

    async def indexes(self, database: Database, name: str) -> list[CollectionIndex]:
        """The collection's indexes; none of a view."""
        async with self._collection(database, name) as (connected, options):
            with refused({}):
                return [] if "viewOn" in options else await inspecting.indexes(connected, name)

    async def documents(self, database: Database, name: str, query: Query) -> Found:
        """The documents that match, in the order asked for. Raises Invalid, TooLarge, BadCursor."""
        order = keyset.read_order(query.sort)
        wanted = extended.read(query.filter, "filter")
        projection = extended.read(query.projection, "projection")
        conditions = [wanted]
        if query.cursor is not None:
            conditions.append(keyset.after(order, keyset.decode(query.cursor, name, order)))
        key_field = f"fp_{new_id()}"
        limit = clamp_limit(query.limit)
        async with self._pages, self._collection(database, name) as (connected, options):
            collection = _raw(connected, name)
            with refused({"filter": wanted, "projection": projection}):
                found = collection.find(
                    {"$and": conditions},
                    {**projection, key_field: {"$meta": "sortKey"}},
                    sort=order,
                    limit=limit + 1,
                    batch_size=_PAGE_BATCH,
                    max_time_ms=QUERY_MS,
                    collation=_plain(options),
                )
                async with found:
                    read, more = await _read_page(found, limit)
                estimate = await collection.estimated_document_count(maxTimeMS=QUERY_MS)
            lines, last = await asyncio.to_thread(_write_page, read, key_field, query.canonical)
        more = more or len(lines) < len(read)
        return Found(lines, estimate, keyset.encode(name, order, last) if more else None)

    async def count(self, database: Database, name: str, text: str) -> int:
        """How many documents match that filter. Raises Invalid, also where counting takes too long, and TooLarge."""
        wanted = extended.read(text, "filter")
        async with self._pages, self._collection(database, name) as (connected, options):
            with refused({"filter": wanted}):
                return await connected[name].count_documents(wanted, maxTimeMS=QUERY_MS, collation=_plain(options))

    async def check(self, database: Database, name: str, text: str = "{}") -> Document:
        """The filter as MongoDB takes it. Raises NotFound when there is no such collection, Invalid and TooLarge."""
        wanted = extended.read(text, "filter")
        async with self._collection(database, name) as (connected, _):
            # The plan alone: a filter that nothing matches is no reason to read all there is.
            find = {"find": name, "filter": wanted}
            with refused({"filter": wanted}):
                await connected.command({"explain": find, "verbosity": "queryPlanner", "maxTimeMS": QUERY_MS})
        return wanted

    async def export(
        self, database: Database, name: str, *, canonical: bool, wanted: Document | None = None
    ) -> AsyncGenerator[bytes, None]:
        """The documents that match as chunks of lines, as MongoDB finds them; never more than a batch in memory."""
        self.exporting += 1
        try:
            async with self._collection(database, name) as (connected, options):
                with translated():
                    found = _raw(connected, name).find(
                        wanted or {}, batch_size=_EXPORT_BATCH, collation=_plain(options)
                    )
                    async with found:
                        async for chunk in _chunks(found):
                            yield await asyncio.to_thread(_write_lines, chunk, canonical)
        finally:
            self.exporting -= 1

    @asynccontextmanager
    async def _collection(
        self, database: Database, name: str
    ) -> AsyncIterator[tuple[AsyncDatabase[Document], Mapping[str, Any]]]:
        """The database, and the options of its collection of that name. Raises NotFound, for MongoDB's own too."""
        async with self.connections.to(database) as connected:
            with refused({}):
                described = await inspecting.described(connected, name)
            if described is None:
                raise NotFound("collection", name[:_MAX_SHOWN_CHARS])
            yield connected, described.get("options", {})


def _plain(options: Mapping[str, Any]) -> Collation | None:
    """How a page compares: `$expr` compares without a collation where the index of `_id` has none."""
    return Collation("simple") if "collation" in options else None


def _raw(connected: AsyncDatabase[Document], name: str) -> AsyncCollection[RawBSONDocument]:
    collection: Any = connected.get_collection(name, codec_options=cast(Any, extended.CODEC))
    return cast("AsyncCollection[RawBSONDocument]", collection)


async def _read_page(found: AsyncCursor[RawBSONDocument], limit: int) -> tuple[list[RawBSONDocument], bool]:
    """At most so many documents and, but for the first one, PAGE_BYTES; and whether there are more."""
    read: list[RawBSONDocument] = []
    size = 0
    async for document in found:
        size += len(document.raw)
        if len(read) == limit or (read and size > PAGE_BYTES):
            return read, True
        read.append(document)
    return read, False


def _write_page(read: Sequence[RawBSONDocument], key_field: str, canonical: bool) -> tuple[list[bytes], list[Any]]:
    """The documents as JSON, up to PAGE_BYTES but at least one, and the sort key of the last of them."""
    lines: list[bytes] = []
    size, last = 0, None
    for document in read:
        fields = dict(document.items())
        key = fields.pop(key_field)
        line = extended.write(fields, canonical=canonical)
        size += len(line)
        if lines and size > PAGE_BYTES:
            break
        lines.append(line)
        last = document, key
    return lines, keyset.key_in(bytes(last[0].raw), key_field, last[1]) if last else []


async def _chunks(found: AsyncCursor[RawBSONDocument]) -> AsyncIterator[list[RawBSONDocument]]:
    chunk: list[RawBSONDocument] = []
    size = 0
    async for document in found:
        chunk.append(document)
        size += len(document.raw)
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _write_lines(chunk: Sequence[RawBSONDocument], canonical: bool) -> bytes:
    return b"".join(extended.write(document, canonical=canonical) + b"\n" for document in chunk)
