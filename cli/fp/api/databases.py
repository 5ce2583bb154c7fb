"""Databases and the explorer on the wire. Documents are MongoDB Extended JSON v2, relaxed or canonical."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

JsonFormat = Literal["relaxed", "canonical"]
"""`canonical` keeps every type; `relaxed` writes numbers and dates as people read them.

Even there an integer that JavaScript cannot hold is `{"$numberLong": "..."}`.
"""

CollectionKind = Literal["collection", "view", "timeseries"]

Document = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "object"})]
"""One document as the bytes of its Extended JSON."""


class DatabaseCreate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/databases. `label` is for people: at most 60 characters."""

    label: str = ""


class Database(msgspec.Struct, frozen=True):
    """A database. `apps` are the names of those bound to it; `owner` is a username.

    `default`: the one that the owner's apps get when nothing else is said. `deleting`: a deletion is under way;
    one that was cut short is finished within minutes, or at once by deleting it again.
    """

    id: str
    name: str
    label: str
    owner: str
    default: bool
    created_at: datetime
    apps: list[str]
    deleting: bool = False


class DatabasePage(msgspec.Struct, frozen=True):
    items: list[Database]
    next: str | None = None


class DatabaseDetail(Database, frozen=True):
    """A database with what it holds. Sizes are in bytes: of the documents, of their files on disk, of the indexes."""

    collections: int = 0
    objects: int = 0
    bytes: int = 0
    storage_bytes: int = 0
    index_bytes: int = 0


class DatabaseCollection(msgspec.Struct, frozen=True):
    """One collection. `count` documents of `bytes` in all, `storage_bytes` on disk, `indexes` of them.

    A view holds nothing: its numbers are null.
    """

    name: str
    kind: CollectionKind
    count: int | None
    bytes: int | None
    storage_bytes: int | None
    indexes: int | None


class CollectionPage(msgspec.Struct, frozen=True):
    items: list[DatabaseCollection]
    next: str | None = None


class CollectionIndex(msgspec.Struct, frozen=True):
    """One index. `keys`: fields and their directions, 1 or -1, or a word such as `text`. `ttl_seconds`: null without."""

    name: str
    keys: list[tuple[str, int | str]]
    unique: bool
    sparse: bool
    partial: bool
    ttl_seconds: int | None
    bytes: int


class IndexPage(msgspec.Struct, frozen=True):
    items: list[CollectionIndex]
    next: str | None = None


class DocumentCount(msgspec.Struct, frozen=True):
    """How many documents match a filter, counted."""

    count: int


class DocumentPage(msgspec.Struct, frozen=True):
    """Documents that match, each whole. `estimate`: how many the collection has, about, whatever the filter."""

    items: list[Document]
    estimate: int
    next: str | None = None
