"""Saved requests of apps (collection `examples`), and what apps told of themselves (`openapi`): one document an app in each.

Both are kept as JSON in bytes: the keys in them are other people's, and a document's key may not be anything.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo.asynchronous.client_session import AsyncClientSession

from control.domain.trying import decoded_examples, encoded_examples
from control.store.errors import translated
from control.store.mapping import Collection
from fp.api.apps import ExampleRequest


class _Saved(msgspec.Struct, frozen=True, kw_only=True):
    app: str
    requests: bytes


class Examples:
    """Collection `examples`; the `_id` is the app's id."""

    def __init__(self, raw: Any) -> None:
        self._saved = Collection(raw, _Saved, key="app")

    async def get(self, app_id: str) -> list[ExampleRequest]:
        """The app's saved requests; none where nothing was saved."""
        saved = await self._saved.find_one({"_id": app_id})
        return [] if saved is None else decoded_examples(saved.requests)

    async def put(
        self, app_id: str, examples: Sequence[ExampleRequest], session: AsyncClientSession | None = None
    ) -> None:
        """In place of those that are there. Raises Invalid."""
        fields = {"requests": encoded_examples(examples)}
        with translated():
            await self._saved.raw.update_one({"_id": app_id}, {"$set": fields}, upsert=True, session=session)

    async def delete_of_app(self, app_id: str) -> None:
        await self._saved.remove({"_id": app_id})


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The OpenAPI document of the version `version` (an id), `number` as users see it; `document` is JSON."""

    app: str
    version: str
    number: int
    fetched_at: datetime
    document: bytes


class OpenApis:
    """Collection `openapi`; the `_id` is the app's id."""

    def __init__(self, raw: Any) -> None:
        self._told = Collection(raw, Told, key="app")

    async def get(self, app_id: str, version: str) -> Told | None:
        """What that version of the app told, null when it was not asked yet."""
        return await self._told.find_one({"_id": app_id, "version": version})

    async def put(self, told: Told) -> None:
        fields = msgspec.structs.asdict(told)
        del fields["app"]
        with translated():
            await self._told.raw.update_one({"_id": told.app}, {"$set": fields}, upsert=True)

    async def delete_of_app(self, app_id: str) -> None:
        await self._told.remove({"_id": app_id})
