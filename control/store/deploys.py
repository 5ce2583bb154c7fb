"""Deploys: the queue of the worker and the story that users watch.

A deploy is written only over the `seq` that it was made from, and only by who holds it. A worker holds a deploy by a
lease on the server's clock: while it lives it extends the lease, when it dies the lease runs out and any worker takes
the deploy on. The source (the files to deploy) lies in the document until the deploy is over and is fetched by itself.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from control.domain.deploys import Deploy, Source, cancelled, fail, is_untouched, superseded
from control.domain.errors import DeployOver, LostRace, NotFound
from control.domain.pages import Page
from control.store.errors import Duplicate, translated
from control.store.leases import EPOCH
from control.store.mapping import Collection, Document, from_document, to_document
from control.store.paging import read_page
from control.store.watching import follow
from fp.api.problems import Finding

_HIDDEN = ("source", "lease_until", "request_key")
_STEP_FIELDS = ("status", "stages", "findings", "version", "finished_at", "stage_began", "seq")


class Deploys:
    """Collection `deploys`."""

    def __init__(self, raw: Any) -> None:
        self._deploys = Collection(raw, Deploy, hidden=_HIDDEN)

    async def create(self, deploy: Deploy, source: Source, request_key: str | None = None) -> Deploy:
        """Queues the deploy, or answers the one that was queued with the same request key."""
        extra: Document = {"source": to_document(source), "lease_until": EPOCH}
        if request_key is not None:
            extra["request_key"] = request_key
        try:
            await self._deploys.insert(deploy, **extra)
        except Duplicate:
            queued = await self._deploys.find_one({"app": deploy.app, "request_key": request_key})
            if queued is None:
                raise LostRace(f"another deploy of {deploy.app} has number {deploy.number}") from None
            return queued
        return deploy

    async def by_request_key(self, app_id: str, request_key: str) -> Deploy | None:
        """The deploy that was asked for with that `Idempotency-Key`."""
        return await self._deploys.find_one({"app": app_id, "request_key": request_key})

    async def get(self, deploy_id: str) -> Deploy:
        """Raises NotFound."""
        deploy = await self._deploys.find_one({"_id": deploy_id})
        if deploy is None:
            raise NotFound("deploy", deploy_id)
        return deploy

    async def source(self, deploy_id: str) -> Source:
        """The files to deploy. Raises NotFound once the deploy is over."""
        with translated():
            document = await self._deploys.raw.find_one({"_id": deploy_id}, {"source": 1})
        if document is None or "source" not in document:
            raise NotFound("source of deploy", deploy_id)
        return from_document(document["source"], Source)

    async def newest(self, app_id: str) -> Deploy | None:
        """The app's newest deploy, null before the first."""
        return (await self.newest_of([app_id])).get(app_id)

    async def newest_of(self, app_ids: list[str]) -> dict[str, Deploy]:
        """Each app's newest deploy, by app id; apps without one are left out."""
        pipeline: list[Document] = [
            {"$match": {"app": {"$in": app_ids}}},
            {"$project": dict.fromkeys(_HIDDEN, 0)},
            {"$sort": {"app": -1, "number": -1}},
            {"$group": {"_id": "$app", "newest": {"$first": "$$ROOT"}}},
        ]
        with translated():
            found = await (await self._deploys.raw.aggregate(pipeline)).to_list()
        return {entry["_id"]: self._deploys.load(entry["newest"]) for entry in found}

    async def running_of(self, app_id: str) -> list[Deploy]:
        """The app's deploys that are not over, oldest first; more than one only until the older is told that it lost."""
        query: Document = {"app": app_id, "status": "running"}
        return [deploy async for deploy in self._deploys.find(query, sort=[("number", 1)])]

    async def apps_deploying(self) -> set[str]:
        """The ids of all apps with a deploy that is not over."""
        with translated():
            return set(await self._deploys.raw.distinct("app", {"status": "running"}))

    async def page(self, app_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Deploy]:
        """The app's deploys, newest first. Raises BadCursor."""
        return await read_page(self._deploys, {"app": app_id}, order=("number",), limit=limit, cursor=cursor)

    async def succeeded(self, app_id: str, since: datetime, until: datetime, limit: int) -> list[Deploy]:
        """The app's newest deploys that succeeded in that time, at most so many, newest first."""
        query: Document = {"app": app_id, "status": "succeeded", "finished_at": {"$gte": since, "$lt": until}}
        return [deploy async for deploy in self._deploys.find(query, sort=[("number", -1)], limit=limit)]

    async def claim(self, worker: str, lease_seconds: float) -> Deploy | None:
        """Takes on the longest waiting deploy that nobody holds, null when there is none."""
        query: Document = {"status": "running", "$expr": {"$lt": ["$lease_until", "$$NOW"]}}
        taken = {"claimed_by": worker, "lease_until": _from_now(lease_seconds), "attempts": {"$add": ["$attempts", 1]}}
        return await self._deploys.change(query, [{"$set": taken}], sort=[("created_at", 1)])

    async def extend(self, deploy_id: str, worker: str, lease_seconds: float) -> Deploy | None:
        """Holds the deploy for longer; null when it is over or another worker has it."""
        query: Document = {"_id": deploy_id, "status": "running", "claimed_by": worker}
        return await self._deploys.change(query, [{"$set": {"lease_until": _from_now(lease_seconds)}}])

    async def release(self, deploy_id: str, worker: str) -> None:
        """Lets another worker take the deploy on at once; the attempt does not count (an orderly shutdown)."""
        query: Document = {"_id": deploy_id, "status": "running", "claimed_by": worker}
        given_back: Document = {"$set": {"lease_until": EPOCH, "claimed_by": None}, "$inc": {"attempts": -1}}
        await self._deploys.update(query, given_back)

    async def save(self, moved: Deploy) -> Deploy:
        """Writes one step (`control.domain.deploys`) over the state it was made from. Raises LostRace."""
        was: Document = {
            "_id": moved.id, "status": "running", "seq": moved.seq - 1, "claimed_by": moved.claimed_by,
        }  # fmt: skip
        document = to_document(moved)
        update: Document = {
            "$set": {name: document[name] for name in _STEP_FIELDS},
            "$push": {"events": document["events"][-1]},
        }
        if moved.status != "running":
            update["$unset"] = {"source": ""}
        if not await self._deploys.update(was, update):
            raise LostRace(f"deploy {moved.id} was moved by another process")
        return moved

    async def supersede_older(self, deploy: Deploy, now: datetime) -> None:
        """Ends every older deploy of the app that still runs, as `superseded`."""
        for older in await self.running_of(deploy.app):
            if older.number < deploy.number:
                await self.end_failed(older.id, superseded(deploy.number), now)

    async def cancel(self, deploy_id: str, by: str, now: datetime) -> Deploy:
        """Notes that the deploy is not wanted any more; answers it as it then is.

        One that no worker has begun ends here. Any other is ended by its worker, or succeeds where that came too late: the
        cluster decides which. Asking again changes nothing. Raises NotFound, and DeployOver unless it was cancelled.
        """
        query: Document = {"_id": deploy_id, "status": "running", "cancelled_by": None}
        deploy = await self._deploys.change(query, {"$set": {"cancelled_by": by}})
        if deploy is None:
            deploy = await self.get(deploy_id)
            if deploy.status == "succeeded" or deploy.cancelled_by is None:
                raise DeployOver(deploy.status)
        if deploy.status != "running" or not is_untouched(deploy):
            return deploy
        try:
            return await self.save(fail(deploy, [cancelled(by)], now))
        except LostRace:
            return await self.get(deploy_id)

    async def end_failed(self, deploy_id: str, finding: Finding, now: datetime) -> None:
        """Fails the deploy whoever holds it; one that is over already, or gone, stays as it is."""
        while True:
            deploy = await self._deploys.find_one({"_id": deploy_id, "status": "running"})
            if deploy is None:
                return
            try:
                await self.save(fail(deploy, [finding], now))
            except LostRace:
                continue
            return

    async def delete_of_app(self, app_id: str) -> None:
        await self._deploys.remove({"app": app_id})

    async def watch(self, deploy_id: str) -> AsyncIterator[Deploy]:
        """The deploy as it is, then as it is after each change, up to and with the one that ends it.

        Steps that come close together may be told as one: `as_of` has those between. Raises NotFound.
        """
        last = 0
        match: Document = {"documentKey._id": deploy_id}
        async for _ in follow(self._deploys.raw, match):
            deploy = await self.get(deploy_id)
            if deploy.seq > last:
                last = deploy.seq
                yield deploy
            if deploy.status != "running":
                return

    def changes(self) -> AsyncIterator[str | None]:
        """The id of each deploy that is new or moved; null first, and whenever some may have been missed."""
        return follow(self._deploys.raw, {})


def _from_now(seconds: float) -> Document:
    return {"$add": ["$$NOW", int(seconds * 1000)]}
