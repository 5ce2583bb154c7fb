"""Apps: the documents of what should be.

A deleted app keeps its document until the worker has taken it out of the cluster and purged the rest; meanwhile it is
invisible here and its name is free again (the unique index covers living apps only).
"""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from control.domain.apps import App, Live, Trouble
from control.domain.errors import LostRace, NameTaken, NotFound
from control.domain.pages import Page
from control.store.errors import Duplicate, translated
from control.store.mapping import Collection, Document, to_document
from control.store.paging import read_page
from control.store.watching import follow

_ALIVE: Document = {"deleted_at": None}
# What a worker need not look at: every batch of requests moves one of these fields and nothing else.
_QUIET_FIELDS = ("last_request_at", "trouble", "deploys", "updated_at")


class Apps:
    """Collection `apps`."""

    def __init__(self, raw: Any) -> None:
        self.collection = Collection(raw, App)

    async def create(self, app: App) -> None:
        """Raises NameTaken. `Store.create_app` stores the first draft with it."""
        try:
            await self.collection.insert(app)
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

    async def living(self) -> list[App]:
        """Every app that is not deleted."""
        return [app async for app in self.collection.find(_ALIVE)]

    async def of_ids(self, app_ids: Iterable[str]) -> set[str]:
        """Those of the ids whose app is not deleted."""
        with translated():
            found = self.collection.raw.find({"_id": {"$in": list(app_ids)}, **_ALIVE}, {"_id": 1})
            return {document["_id"] async for document in found}

    async def deleted(self) -> list[App]:
        """Apps on their way out, for the worker."""
        return [app async for app in self.collection.find({"deleted_at": {"$ne": None}})]

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

    async def bind(self, app_id: str, database_id: str, now: datetime) -> App:
        """Sets the database that `PLATFORM_MONGO_URI` points to. Raises NotFound."""
        return await self._set(app_id, {"database": database_id}, now)

    async def next_deploy_number(self, app_id: str) -> int:
        """Counts one more deploy of the app; answers its number. Raises NotFound."""
        query = {"_id": app_id, **_ALIVE}
        return self._found(await self.collection.change(query, {"$inc": {"deploys": 1}}), app_id).deploys

    async def go_live(self, app_id: str, live: Live, now: datetime) -> App:
        """Makes `live` the version that should run, unless a newer deploy did so. Doing it twice is fine.

        Raises NotFound, and LostRace when a newer deploy was faster.
        """
        older: Document = {"$or": [{"live": None}, {"live.deploy": {"$lte": live.deploy}}]}
        update = {"$set": {"live": to_document(live), "trouble": None, "updated_at": now}}
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

    async def delete(self, app_id: str, now: datetime) -> None:
        """From now on nobody sees the app; the worker stops it and removes what belongs to it. Raises NotFound."""
        if not await self.collection.update({"_id": app_id, **_ALIVE}, {"$set": {"deleted_at": now}}):
            raise NotFound("app", app_id)

    async def forget(self, app_id: str) -> None:
        """Removes the document of a deleted app, the last thing that is left of it."""
        await self.collection.remove({"_id": app_id, "deleted_at": {"$ne": None}})

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
