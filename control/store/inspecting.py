"""What a user's database is made of: its size, its collections, their indexes. Asked of MongoDB itself, each time.

The functions take a database as its own MongoDB user sees it. MongoDB's own collections (`system.`) are never told of.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from control.domain.pages import Page
from control.store.mapping import Document
from control.store.paging import decode, encode
from control.store.refusals import QUERY_MS
from fp.api.databases import CollectionIndex, DatabaseCollection

_HIDDEN = "system."
_GONE = 26
_INVALID_NAMESPACE = 73
_MAX_NAME_BYTES = 255
_STATS_AT_ONCE = 4


class Sizes(msgspec.Struct, frozen=True):
    """`bytes`: of the documents; `storage_bytes`: of their files on disk; `index_bytes`: of the indexes."""

    collections: int
    objects: int
    bytes: int
    storage_bytes: int
    index_bytes: int


def is_hidden(name: str) -> bool:
    """Whether it is one of MongoDB's own collections."""
    return name.startswith(_HIDDEN)


async def sizes(database: AsyncDatabase[Document]) -> Sizes:
    found = await database.command("dbStats", maxTimeMS=QUERY_MS)
    names = await database.list_collection_names(maxTimeMS=QUERY_MS)
    return Sizes(
        collections=sum(not is_hidden(name) for name in names),
        objects=int(found["objects"]),
        bytes=int(found["dataSize"]),
        storage_bytes=int(found["storageSize"]),
        index_bytes=int(found["indexSize"]),
    )


async def described(database: AsyncDatabase[Document], name: str) -> Mapping[str, Any] | None:
    """A collection as `listCollections` describes it (`name`, `type`, `options`); null when it is not there to be told of."""
    if is_hidden(name) or not _is_name(name):
        return None
    try:
        listed = await database.list_collections(filter={"name": name}, maxTimeMS=QUERY_MS)
    except OperationFailure as error:
        if error.code == _INVALID_NAMESPACE:
            return None
        raise
    return next(iter(await listed.to_list()), None)


def _is_name(name: str) -> bool:
    """Whether a collection may be called so, by the driver's rules."""
    if not name or {"\0", "$"} & set(name) or ".." in name or name[0] == "." or name[-1] == ".":
        return False
    try:
        return len(name.encode()) <= _MAX_NAME_BYTES
    except UnicodeEncodeError:
        return False


async def collections(database: AsyncDatabase[Document], limit: int, cursor: str | None) -> Page[DatabaseCollection]:
    """A page of them by name. One that is dropped meanwhile is left out. Raises BadCursor."""
    listed = await database.list_collections(maxTimeMS=QUERY_MS)
    last = "" if cursor is None else str(decode(cursor, 1)[0])
    found = sorted((one for one in await listed.to_list() if not is_hidden(one["name"])), key=lambda one: one["name"])
    rest = [one for one in found if one["name"] > last]
    page = rest[:limit]
    following = encode([page[-1]["name"]]) if len(rest) > limit else None
    at_once = asyncio.Semaphore(_STATS_AT_ONCE)

    async def look(one: Mapping[str, Any]) -> DatabaseCollection | None:
        async with at_once:
            return await _collection(database, one)

    return Page([one for one in await asyncio.gather(*map(look, page)) if one is not None], following)


async def indexes(database: AsyncDatabase[Document], name: str) -> list[CollectionIndex]:
    stats = await database.command("collStats", name, maxTimeMS=QUERY_MS)
    listed = await (await database[name].list_indexes()).to_list()
    bytes_of = stats.get("indexSizes", {})
    return [_index(index, int(bytes_of.get(index["name"], 0))) for index in listed]


async def _collection(database: AsyncDatabase[Document], one: Mapping[str, Any]) -> DatabaseCollection | None:
    name, kind = one["name"], one.get("type", "collection")
    if kind == "view":
        return DatabaseCollection(name=name, kind=kind, count=None, bytes=None, storage_bytes=None, indexes=None)
    try:
        stats = await database.command("collStats", name, maxTimeMS=QUERY_MS)
    except OperationFailure as error:
        if error.code == _GONE:
            return None
        raise
    # Of a collection that is not there any more, some versions tell zeros; a living one has at least its first index.
    if kind == "collection" and not stats.get("nindexes"):
        return None
    return DatabaseCollection(
        name=name,
        kind=kind,
        # MongoDB counts the buckets of a time series, not what is in them.
        count=None if kind == "timeseries" else int(stats.get("count", 0)),
        bytes=int(stats.get("size", 0)),
        storage_bytes=int(stats.get("storageSize", 0)),
        indexes=int(stats.get("nindexes", 0)),
    )


def _index(index: Mapping[str, Any], size: int) -> CollectionIndex:
    seconds = index.get("expireAfterSeconds")
    return CollectionIndex(
        name=index["name"],
        keys=[(field, _direction(direction)) for field, direction in index["key"].items()],
        unique=bool(index.get("unique", index["name"] == "_id_")),
        sparse=bool(index.get("sparse", False)),
        partial="partialFilterExpression" in index,
        ttl_seconds=None if seconds is None else int(seconds),
        bytes=size,
    )


def _direction(value: Any) -> int | str:
    return value if isinstance(value, str) else int(value)
