"""Every index of the platform's database, in one list; made at start, and making one that exists costs nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase

from control.store.errors import translated
from control.store.mapping import Document

DAY = 24 * 3600
REQUESTS_KEPT_SECONDS = 7 * DAY
LOGS_KEPT_SECONDS = 3 * DAY
WAKES_KEPT_SECONDS = 30 * DAY


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
    Index("sessions", (("user", 1),)),
    Index("sessions", (("expires_at", 1),), ttl=0),
    # `null` cannot be matched together with "absent" in a partial index, so the store always writes the field.
    Index("apps", (("name", 1),), unique=True, only={"deleted_at": None}),
    Index("apps", (("owner", 1), ("created_at", -1), ("_id", -1))),
    Index("apps", (("created_at", -1), ("_id", -1))),
    Index("versions", (("app", 1), ("number", -1)), unique=True),
    Index("deploys", (("app", 1), ("number", -1)), unique=True),
    Index("deploys", (("app", 1), ("request_key", 1)), unique=True, only={"request_key": {"$exists": True}}),
    Index("deploys", (("created_at", 1),), only={"status": "running"}),
    Index("databases", (("owner", 1),), unique=True, only={"default": True}),
    Index("databases", (("owner", 1), ("created_at", 1))),
    Index("databases", (("name", 1),), unique=True),
    Index("requests", (("app", 1), ("time", -1), ("_id", -1))),
    Index("requests", (("time", 1),), ttl=REQUESTS_KEPT_SECONDS),
    Index("logs", (("app", 1), ("time", -1), ("_id", -1))),
    Index("logs", (("time", 1),), ttl=LOGS_KEPT_SECONDS),
    Index("wakes", (("app", 1), ("time", -1), ("_id", -1))),
    Index("wakes", (("time", 1),), ttl=WAKES_KEPT_SECONDS),
)


async def ensure_indexes(database: AsyncDatabase[Document]) -> None:
    """Makes those indexes that are missing, and their collections (change streams want them to exist)."""
    with translated():
        for collection in dict.fromkeys(index.collection for index in INDEXES):
            models = [index.model() for index in INDEXES if index.collection == collection]
            await database[collection].create_indexes(models)
