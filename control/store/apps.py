"""Apps: the documents of what should be.

A deleted app keeps its document, and all else, until the worker purges it a day later; meanwhile it can be had back, and
its name is free for others (the unique index covers living apps only).
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.apps import UNDO_HOURS, App, Live, Trouble
from control.domain.config import Config
from control.domain.errors import LostRace, NameTaken, NotFound
from control.domain.pages import Page
from control.domain.sharing import Sharing
from control.store.errors import Duplicate, translated
from control.store.leases import EPOCH
from control.store.mapping import Collection, Document, to_document
from control.store.paging import read_page
from control.store.watching import follow

_ALIVE: Document = {"deleted_at": None}
# Said like this, the partial index serves it.
_GONE: Document = {"deleted_at": {"$gt": EPOCH}}
# What a worker need not look at: every batch of requests moves one of these fields and nothing else.
_QUIET_FIELDS = ("last_request_at", "trouble", "deploys", "updated_at")


class Apps:
    """Collection `apps`."""

    def __init__(self, raw: Any) -> None:
        self.collection = Collection(raw, App)

    async def create(self, app: App, session: AsyncClientSession) -> None:
        """Raises NameTaken. Part of the session's transaction: `Store.create_app` stores the first draft in it."""
        try:
            await self.collection.insert(app, session)
        except Duplicate as error:
            raise NameTaken(app.name) from error

    async def get(self, app_id: str) -> App:
        """Raises NotFound."""
        return self._found(await self.collection.find_one({"_id": app_id, **_ALIVE}), app_id)

    async def by_key(self, key: str) -> App:
        """The app with that name or id; a name wins. Raises NotFound."""
        found = [app async for app in self.collection.find({"$or": [{"_id": key}, {"name": key}], **_ALIVE})]
        if not found:
            raise NotFound("app", key)
        return next((app for app in found if app.name == key), found[0])

    async def page(self, owner: str | None, *, limit: int = 50, cursor: str | None = None) -> Page[App]:
        """The apps of a user (null: of everyone), newest first. Raises BadCursor."""
        query = _ALIVE if owner is None else {"owner": owner, **_ALIVE}
        return await read_page(self.collection, query, order=("created_at", "_id"), limit=limit, cursor=cursor)

    async def living(self, owner: str | None = None) -> list[App]:
        """Every app that is not deleted, of that user where one is given."""
        query = _ALIVE if owner is None else {"owner": owner, **_ALIVE}
        return [app async for app in self.collection.find(query)]

    async def find_page(
        self, owner_name: str | None, search: str = "", *, limit: int = 50, cursor: str | None = None
    ) -> Page[App]:
        """Everyone's apps, newest first; those of a username, and whose names contain a text, in any case. Raises BadCursor."""
        query: Document = _ALIVE if owner_name is None else {"owner_name": owner_name, **_ALIVE}
        if search:
            query = query | {"name": {"$regex": re.escape(search), "$options": "i"}}
        return await read_page(self.collection, query, order=("created_at", "_id"), limit=limit, cursor=cursor)

    async def of_ids(self, app_ids: Iterable[str]) -> set[str]:
        """Those of the ids whose app is not deleted."""
        with translated():
            found = self.collection.raw.find({"_id": {"$in": list(app_ids)}, **_ALIVE}, {"_id": 1})
            return {document["_id"] async for document in found}

    async def deleted(self) -> list[App]:
        """Apps that were deleted and not purged yet, for the worker."""
        return [app async for app in self.collection.find(_GONE)]

    async def rename(self, app_id: str, name: str, now: datetime) -> App:
        """Raises NameTaken, NotFound."""
        try:
            return await self._set(app_id, {"name": name}, now)
        except Duplicate as error:
            raise NameTaken(name) from error

    async def set_idle_minutes(self, app_id: str, minutes: int, now: datetime) -> App:
        """Raises NotFound."""
        return await self._set(app_id, {"idle_minutes": minutes}, now)

    async def set_paused(self, app_id: str, paused: bool, now: datetime) -> App:
        """Raises NotFound."""
        return await self._set(app_id, {"paused": paused}, now)

    async def bind(self, app_id: str, database_id: str | None, now: datetime) -> App:
        """Sets the database that `PLATFORM_MONGO_URI` points to; null: its owner's default, at first use. Raises NotFound."""
        return await self._set(app_id, {"database": database_id}, now)

    async def set_config(
        self, app_id: str, config: Config, seen: Config, now: datetime, also: Mapping[str, Any] | None = None
    ) -> App:
        """Writes the config over the one it was made from, and other fields `also`. Raises NotFound, LostRace."""
        was: Document = {"_id": app_id, **_ALIVE, "config": {"$in": _written(seen)}}
        update = {"$set": {"config": to_document(config), "updated_at": now, **(also or {})}}
        app = await self.collection.change(was, update)
        if app is None:
            await self.get(app_id)
            raise LostRace(f"the settings of {app_id} were changed by somebody else")
        return app

    async def bound_to(self, database_ids: Iterable[str]) -> dict[str, list[str]]:
        """The names of the apps bound to each of the databases, sorted; databases without one are left out."""
        query = {"database": {"$in": list(database_ids)}, **_ALIVE}
        names: dict[str, list[str]] = {}
        with translated():
            async for document in self.collection.raw.find(query, {"database": 1, "name": 1}, sort=[("name", 1)]):
                names.setdefault(document["database"], []).append(document["name"])
        return names

    async def next_deploy_number(self, app_id: str) -> int:
        """Counts one more deploy of the app; answers its number. Raises NotFound."""
        query = {"_id": app_id, **_ALIVE}
        return self._found(await self.collection.change(query, {"$inc": {"deploys": 1}}), app_id).deploys

    async def go_live(self, app_id: str, live: Live, now: datetime, *, config: Config | None = None) -> App:
        """Makes `live` the version that should run, unless a newer deploy did so. Doing it twice is fine.

        A `config` that is given becomes the app's with it (going back to a version does so). Raises NotFound, and LostRace
        when a newer deploy was faster.
        """
        older: Document = {"$or": [{"live": None}, {"live.deploy": {"$lte": live.deploy}}]}
        fields: Document = {"live": {"$literal": to_document(live)}, "trouble": None, "updated_at": now}
        if config is not None:
            fields["config"] = {"$literal": to_document(config)}
        # An app that was live before this field was there stays one whose beginning is not known.
        first: Document = {"$cond": [{"$ifNull": ["$live", False]}, "$first_live_at", now]}
        update = [{"$set": {**fields, "first_live_at": first}}]
        app = await self.collection.change({"_id": app_id, **_ALIVE, **older}, update)
        if app is not None:
            return app
        await self.get(app_id)
        raise LostRace(f"a newer deploy of {app_id} is live")

    async def set_trouble(self, app_id: str, trouble: Trouble | None) -> None:
        """Notes why the cluster could not be made to run the live version; null: it could."""
        value = None if trouble is None else to_document(trouble)
        await self.collection.update({"_id": app_id}, {"$set": {"trouble": value}})

    async def note_request(self, app_id: str, at: datetime) -> bool:
        """Moves `last_request_at` forward; false when the app is gone."""
        return await self.collection.update({"_id": app_id, **_ALIVE}, {"$max": {"last_request_at": at}})

    async def delete(self, app_id: str, now: datetime, *, undo_hours: int = UNDO_HOURS) -> None:
        """From now on the app has no name and runs no more; the worker removes it after that long. Raises NotFound."""
        fields = {"deleted_at": now, "purge_at": now + timedelta(hours=undo_hours)}
        if not await self.collection.update({"_id": app_id, **_ALIVE}, {"$set": fields}):
            raise NotFound("app", app_id)

    async def undelete(self, app_id: str, name: str | None, now: datetime, *, unbound: bool = False) -> App:
        """Takes the deletion back, under another name if one is given; `unbound`: its database is no more.

        Raises NameTaken, NotFound (it is purged).
        """
        fields: Document = {"deleted_at": None, "purge_at": None, "updated_at": now}
        if name is not None:
            fields["name"] = name
        if unbound:
            fields["database"] = None
        query: Document = {"_id": app_id, **_GONE, "purge_at": {"$gt": now}}
        try:
            return self._found(await self.collection.change(query, {"$set": fields}), app_id)
        except Duplicate as error:
            raise NameTaken(name or (await self.gone(app_id)).name) from error

    async def hasten_purge(self, app_id: str, now: datetime) -> None:
        """Lets the worker purge a deleted app at its next pass."""
        await self.collection.update({"_id": app_id, **_GONE}, {"$min": {"purge_at": now}})

    async def gone(self, app_id: str) -> App:
        """A deleted app that is not purged yet. Raises NotFound."""
        return self._found(await self.collection.find_one({"_id": app_id, **_GONE}), app_id)

    async def gone_page(self, owner: str | None, *, limit: int = 50, cursor: str | None = None) -> Page[App]:
        """The deleted apps of a user (null: of everyone) that can be had back, newest deletion first. Raises BadCursor."""
        query = _GONE if owner is None else {"owner": owner, **_GONE}
        return await read_page(self.collection, query, order=("deleted_at", "_id"), limit=limit, cursor=cursor)

    async def delete_of_owner(self, user_id: str, now: datetime) -> None:
        """Deletes everything of a user who is gone, what was deleted before included; nothing can be had back."""
        fields: Document = {"deleted_at": {"$ifNull": ["$deleted_at", now]}, "purge_at": now}
        with translated():
            await self.collection.raw.update_many({"owner": user_id}, [{"$set": fields}])

    async def any_of_owner(self, user_id: str) -> bool:
        """Whether anything is left of any app of the user, deleted ones included."""
        return await self.collection.find_one({"owner": user_id}) is not None

    async def count_by_owner(self, user_ids: Iterable[str]) -> dict[str, int]:
        """How many apps each of the users has; who has none is left out."""
        stages: list[Document] = [
            {"$match": {"owner": {"$in": list(user_ids)}, **_ALIVE}},
            {"$group": {"_id": "$owner", "apps": {"$sum": 1}}},
        ]
        with translated():
            found = await self.collection.raw.aggregate(stages)
            return {document["_id"]: document["apps"] async for document in found}

    async def forget(self, app_id: str) -> None:
        """Removes the document of a deleted app, the last thing that is left of it."""
        await self.collection.remove({"_id": app_id, **_GONE})

    def changes(self) -> AsyncIterator[str | None]:
        """The id of each app that is new, deleted or changed in what the cluster should run; null: look at all.

        Changes that only record what happened (requests, deploys, trouble) are left out.
        """
        loud: Document = {"$not": [{"$in": ["$$field.k", list(_QUIET_FIELDS)]}]}
        fields: Document = {"$objectToArray": {"$ifNull": ["$updateDescription.updatedFields", {}]}}
        any_loud: Document = {"$anyElementTrue": {"$map": {"input": fields, "as": "field", "in": loud}}}
        match: Document = {"$or": [{"operationType": {"$ne": "update"}}, {"$expr": any_loud}]}
        return follow(self.collection.raw, match)

    async def _set(self, app_id: str, fields: Document, now: datetime) -> App:
        update = {"$set": {**fields, "updated_at": now}}
        return self._found(await self.collection.change({"_id": app_id, **_ALIVE}, update), app_id)

    @staticmethod
    def _found(app: App | None, app_id: str) -> App:
        if app is None:
            raise NotFound("app", app_id)
        return app


def _written(config: Config) -> list[Document | None]:
    """How that config may lie in a document: as it is written now, or was before there was a `sharing`, or any config."""
    now = to_document(config)
    found: list[Document | None] = [now]
    if config.sharing == Sharing():
        found.append({name: value for name, value in now.items() if name != "sharing"})
    return [*found, None] if config == Config() else found
