"""The explorer: a database's collections, their documents and indexes, and a collection as a file. Nothing is written.

Filters, projections and sorts are JSON in the query string; what they may say is the store's business. An export is a
stream: it is made as fast as it is read, and ends when its reader leaves or the process stops.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter, SkipValidation
from litestar.response import Stream

from control.api.databases import FIND, WithDatabase
from control.api.lookup import WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.streams import streamed
from control.domain.databases import Database
from control.store.explorer import MAX_EXPORTS, Explorer, Query
from fp.api.databases import CollectionPage, DocumentCount, DocumentPage, IndexPage, JsonFormat

LINES = "application/x-ndjson"
_MAX_PARAMETER_CHARS = 100_000
_MAX_CURSOR_CHARS = 8000


class Place(msgspec.Struct, frozen=True):
    """Where a route looks; `collection` is empty where it is about all of them."""

    explorer: Explorer
    database: Database
    collection: str
    stopping: asyncio.Event


async def find_all(found_database: WithDatabase, services: WithServices) -> Place:
    """The database that the path names. Raises ApiError `conflict` when it is being deleted."""
    if found_database.deleting:
        raise ApiError("conflict", "The database is being deleted.", hint="Delete it again to finish it.")
    return Place(services.store.explorer, found_database, "", services.stopping)


async def find_collection(collection: FromPath[str], found_database: WithDatabase, services: WithServices) -> Place:
    """The collection that the path names; whether it is there is found out when it is read."""
    return msgspec.structs.replace(await find_all(found_database, services), collection=collection)


_InDatabase = NamedDependency[SkipValidation[Place]]
_InCollection = NamedDependency[SkipValidation[Place]]


def _json(name: str, about: str) -> QueryParameter:
    return QueryParameter(name=name, max_length=_MAX_PARAMETER_CHARS, description=about)


_Filter = Annotated[str, _json("filter", "A MongoDB filter as Extended JSON, at most 64 KB.")]
_Projection = Annotated[str, _json("projection", 'Which fields: `{"title": 1}`, or `{"body": 0}` for all others.')]
_Sort = Annotated[str, _json("sort", 'Such as `{"age": -1}`; by `_id` when nothing is said.')]
_LongCursor = Annotated[
    str | None,
    QueryParameter(
        name="cursor", max_length=_MAX_CURSOR_CHARS, description="`next` of the page before.", required=False
    ),
]
_Format = Annotated[
    JsonFormat,
    QueryParameter(name="format", description="Extended JSON that is easy to read, or that keeps every type."),
]


@get("/")
async def list_collections(in_database: _InDatabase, cursor: Cursor = None, limit: PageSize = 50) -> CollectionPage:
    """The collections by name, with their sizes."""
    page = await in_database.explorer.collections(in_database.database, limit=limit, cursor=cursor)
    return CollectionPage(items=page.items, next=page.next)


@get("/{collection:str}/documents")
async def list_documents(
    in_collection: _InCollection,
    where: _Filter = "{}",
    projection: _Projection = "{}",
    sort: _Sort = "{}",
    cursor: _LongCursor = None,
    *,
    limit: PageSize = 50,
    json_format: _Format = "relaxed",
) -> DocumentPage:
    """The documents that match. A page ends early at 1 MB of them; a document is always whole.

    Refused: whatever runs JavaScript, reads another collection or writes, anywhere in the query. A query that takes longer
    than 3 s is stopped. A cursor belongs to its collection and sort.
    """
    query = Query(
        filter=where,
        projection=projection,
        sort=sort,
        limit=limit,
        cursor=cursor,
        canonical=json_format == "canonical",
    )
    found = await in_collection.explorer.documents(in_collection.database, in_collection.collection, query)
    return DocumentPage(items=[msgspec.Raw(line) for line in found.documents], estimate=found.estimate, next=found.next)


@get("/{collection:str}/count")
async def count_documents(in_collection: _InCollection, where: _Filter = "{}") -> DocumentCount:
    """How many documents match, counted one by one; `invalid` when that takes longer than 3 s."""
    explorer = in_collection.explorer
    return DocumentCount(count=await explorer.count(in_collection.database, in_collection.collection, where))


@get("/{collection:str}/indexes")
async def list_indexes(in_collection: _InCollection) -> IndexPage:
    """The collection's indexes; a view has none."""
    return IndexPage(items=await in_collection.explorer.indexes(in_collection.database, in_collection.collection))


@get("/{collection:str}/export", media_type=LINES)
async def export_collection(
    in_collection: _InCollection, json_format: _Format = "canonical", where: _Filter = "{}"
) -> Stream:
    """The collection, or what matches the filter, as JSON lines, a document each, in no particular order.

    When it is cut short the connection breaks: an export that ends in order is complete.
    """
    explorer, database, collection = in_collection.explorer, in_collection.database, in_collection.collection
    if explorer.exporting >= MAX_EXPORTS:
        raise ApiError("rate_limited", f"{MAX_EXPORTS} exports are running.", hint="Try again when one has ended.")
    wanted = await explorer.check(database, collection, where)
    lines = explorer.export(database, collection, canonical=json_format == "canonical", wanted=wanted)
    attachment = f"attachment; filename*=UTF-8''{quote(collection, safe='')}.jsonl"
    headers = {"Content-Disposition": attachment, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return streamed(_until(lines, in_collection.stopping), LINES, headers)


async def _until(lines: AsyncGenerator[bytes, None], stopping: asyncio.Event) -> AsyncGenerator[bytes, None]:
    """The chunks; raises when the process stops before the last. Closes `lines` whichever way it ends."""
    async with aclosing(lines):
        async for chunk in lines:
            if stopping.is_set():
                raise ApiError("unavailable", "The platform is stopping.")
            yield chunk


ROUTER = Router(
    "/databases/{database:str}/collections",
    dependencies={**FIND, "in_database": Provide(find_all), "in_collection": Provide(find_collection)},
    route_handlers=[list_collections, list_documents, count_documents, list_indexes, export_collection],
    tags=["databases"],
)
