"""Every index of the platform's database, in one list; made at start, and making one that exists costs nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from control.store.arrivals import SEQ_INDEX_ONLY
from control.store.errors import translated
from control.store.leases import EPOCH
from control.store.mapping import Document

_OTHER_OPTIONS = 85
DAY = 24 * 3600
REQUESTS_KEPT_SECONDS = 7 * DAY
LOGS_KEPT_SECONDS = 3 * DAY
WAKES_KEPT_SECONDS = 30 * DAY
ERRORS_KEPT_SECONDS = 30 * DAY
EVENTS_KEPT_SECONDS = 30 * DAY
AUDIT_KEPT_SECONDS = 365 * DAY


class Index(NamedTuple):
    """`only`: a partial index over the documents that match; `ttl`: seconds after the time in the (single) field."""

    collection: str
    fields: tuple[tuple[str, int], ...]
    unique: bool = False
    only: Mapping[str, Any] | None = None
    ttl: int | None = None

    def model(self) -> IndexModel:
        options: dict[str, Any] = {"unique": True} if self.unique else {}
        if self.only is not None:
            options["partialFilterExpression"] = dict(self.only)
        if self.ttl is not None:
            options["expireAfterSeconds"] = self.ttl
        return IndexModel(list(self.fields), **options)


INDEXES = (
    Index("users", (("username", 1),), unique=True),
    Index("users", (("first", 1),), unique=True, only={"first": True}),
    Index("users", (("created_at", -1), ("_id", -1))),
    Index("users", (("deleted_at", 1),), only={"deleted_at": {"$type": "date"}}),
    Index("sessions", (("user", 1),)),
    Index("sessions", (("user", 1), ("created_at", -1), ("_id", -1))),
    Index("sessions", (("expires_at", 1),), ttl=0),
    Index("devices", (("user_code", 1),), unique=True),
    Index("devices", (("expires_at", 1),), ttl=0),
    # `null` cannot be matched together with "absent" in a partial index, so the store always writes the field.
    Index("apps", (("name", 1),), unique=True, only={"deleted_at": None}),
    Index("apps", (("deleted_at", -1), ("_id", -1)), only={"deleted_at": {"$gt": EPOCH}}),
    Index("apps", (("owner", 1), ("created_at", -1), ("_id", -1))),
    Index("apps", (("created_at", -1), ("_id", -1))),
    Index("versions", (("app", 1), ("number", -1)), unique=True),
    Index("deploys", (("app", 1), ("number", -1)), unique=True),
    Index("deploys", (("app", 1), ("request_key", 1)), unique=True, only={"request_key": {"$exists": True}}),
    Index("deploys", (("created_at", 1),), only={"status": "running"}),
    Index("databases", (("owner", 1),), unique=True, only={"default": True}),
    Index("databases", (("owner", 1), ("created_at", 1))),
    Index("databases", (("name", 1),), unique=True),
    Index("databases", (("deleting_at", 1),), only={"deleting_at": {"$type": "date"}}),
    Index("databases", (("created_at", -1), ("_id", -1))),
    Index("apps", (("database", 1),)),
    Index("requests", (("app", 1), ("time", -1), ("_id", -1))),
    # What is looked for most among many: failures, and those that waited. They are few, so these cost next to nothing.
    Index("requests", (("app", 1), ("time", -1), ("_id", -1), ("status", 1)), only={"status": {"$gte": 400}}),
    Index(
        "requests", (("app", 1), ("time", -1), ("_id", -1), ("cold_start_ms", 1)), only={"cold_start_ms": {"$gte": 0}}
    ),
    Index("requests", (("time", 1),), ttl=REQUESTS_KEPT_SECONDS),
    Index("logs", (("app", 1), ("time", -1), ("_id", -1))),
    Index("logs", (("app", 1), ("seq", 1)), unique=True, only=SEQ_INDEX_ONLY),
    Index("logs", (("app", 1), ("request_id", 1), ("time", -1), ("_id", -1)), only={"request_id": {"$gt": ""}}),
    Index("logs", (("time", 1),), ttl=LOGS_KEPT_SECONDS),
    Index("wakes", (("app", 1), ("time", -1), ("_id", -1))),
    Index("wakes", (("time", 1),), ttl=WAKES_KEPT_SECONDS),
    Index("metrics", (("app", 1), ("unit", 1), ("time", 1))),
    Index("metrics", (("expires_at", 1),), ttl=0),
    Index("errors", (("app", 1), ("open", 1), ("last_seen", -1), ("_id", -1))),
    Index("errors", (("last_seen", 1),), ttl=ERRORS_KEPT_SECONDS),
    Index("events", (("app", 1), ("time", -1), ("_id", -1))),
    Index("events", (("time", -1), ("_id", -1))),
    Index("events", (("time", 1),), ttl=EVENTS_KEPT_SECONDS),
    Index("audit", (("time", -1), ("_id", -1))),
    Index("audit", (("app", 1), ("time", -1), ("_id", -1))),
    Index("audit", (("user", 1), ("time", -1), ("_id", -1))),
    Index("audit", (("time", 1),), ttl=AUDIT_KEPT_SECONDS),
    Index("templates", (("owner", 1), ("created_at", -1), ("_id", -1))),
    Index("templates", (("shared", 1), ("created_at", -1), ("_id", -1))),
)


async def ensure_indexes(database: AsyncDatabase[Document], kept_seconds: Mapping[str, int] | None = None) -> None:
    """Makes those indexes that are missing, and their collections (change streams want them to exist).

    `kept_seconds`: how long a collection's records stay where an administrator said so.
    """
    kept = kept_seconds or {}
    with translated():
        for collection in dict.fromkeys(index.collection for index in INDEXES):
            models = [_kept(index, kept).model() for index in INDEXES if index.collection == collection]
            try:
                await database[collection].create_indexes(models)
            except OperationFailure as error:
                if error.code != _OTHER_OPTIONS or collection not in kept:
                    raise
                await keep_for(database, {collection: kept[collection]})
                await database[collection].create_indexes(models)


async def keep_for(database: AsyncDatabase[Document], kept_seconds: Mapping[str, int]) -> None:
    """Changes how long records stay, where an index says how long. A shorter time lets the older ones go within a minute."""
    with translated():
        for index in INDEXES:
            if index.ttl and index.collection in kept_seconds:
                seconds = kept_seconds[index.collection]
                changed = {"keyPattern": dict(index.fields), "expireAfterSeconds": seconds}
                await database.command("collMod", index.collection, index=changed)


def _kept(index: Index, kept_seconds: Mapping[str, int]) -> Index:
    return index._replace(ttl=kept_seconds.get(index.collection, index.ttl)) if index.ttl else index
