"""Drafts: one document an app, guarded by the draft's etag."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.apps import Draft, DraftSummary
from control.domain.errors import DraftChanged, NotFound
from control.store.mapping import Collection, to_document


class Drafts:
    """Collection `drafts`; the `_id` is the app's id."""

    def __init__(self, raw: Any) -> None:
        self._drafts = Collection(raw, Draft, key="app")
        self._summaries = Collection(raw, DraftSummary, key="app")
        self._summaries.projection = {"etag": 1, "count": {"$size": "$files"}}

    async def create(self, draft: Draft, session: AsyncClientSession) -> None:
        """The first draft of an app; part of the session's transaction, which makes the app."""
        await self._drafts.insert(draft, session)

    async def get(self, app_id: str) -> Draft:
        """Raises NotFound."""
        draft = await self._drafts.find_one({"_id": app_id})
        if draft is None:
            raise NotFound("draft", app_id)
        return draft

    async def of_apps(self, app_ids: list[str]) -> dict[str, Draft]:
        """The drafts of these apps, by app id."""
        return {draft.app: draft async for draft in self._drafts.find({"_id": {"$in": app_ids}})}

    async def summaries(self, app_ids: list[str]) -> dict[str, DraftSummary]:
        """The same without their files."""
        return {draft.app: draft async for draft in self._summaries.find({"_id": {"$in": app_ids}})}

    async def save(self, draft: Draft, seen: str | None) -> Draft:
        """Stores the draft if its etag is still `seen` (null: whatever it is). Raises DraftChanged, NotFound."""
        query = {"_id": draft.app} if seen is None else {"_id": draft.app, "etag": seen}
        fields = to_document(draft, "app")
        del fields["_id"]
        saved = await self._drafts.change(query, {"$set": fields})
        if saved is None:
            raise DraftChanged((await self.get(draft.app)).etag)
        return saved

    async def delete(self, app_id: str) -> None:
        await self._drafts.remove({"_id": app_id})
