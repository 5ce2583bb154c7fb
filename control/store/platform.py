"""The platform's settings: one document that an administrator changes, defaults where it says nothing.

A change writes its own fields over the revision that it was checked against, so two administrators who change different
fields at once both get what they wanted, and what is stored was always checked as a whole.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from control.domain.errors import LostRace
from control.domain.platform import PlatformSettings, check_settings
from control.store.errors import translated
from control.store.mapping import Collection, Document

_ID = "platform"
_TRIES = 10


class Platform:
    """Collection `settings`."""

    def __init__(self, raw: Any) -> None:
        self._settings = Collection(raw, PlatformSettings, key="_")

    async def get(self) -> PlatformSettings:
        return await self._settings.find_one({"_id": _ID}) or PlatformSettings()

    async def change(self, fields: Mapping[str, Any], seen: int | None = None) -> PlatformSettings:
        """Sets these fields; with `seen`, only if that is still the revision. Raises LostRace and Invalid."""
        for _ in range(_TRIES):
            current = await self.get()
            if seen is not None and seen != current.revision:
                break
            check_settings(msgspec.structs.replace(current, **fields))
            if await self._write(current.revision, dict(fields)):
                return await self.get()
        raise LostRace("the platform's settings were changed by somebody else")

    async def set_signup_open(self, value: bool) -> PlatformSettings:
        return await self.change({"signup_open": value})

    async def _write(self, revision: int, fields: Document) -> bool:
        same: Document | int = {"$in": [revision, None]} if revision == 0 else revision
        with translated():
            # An upsert would find the document under its id and not under the revision, and fail.
            await self._settings.raw.update_one({"_id": _ID}, {"$setOnInsert": {"revision": 0}}, upsert=True)
        return await self._settings.update(
            {"_id": _ID, "revision": same}, {"$set": fields | {"revision": revision + 1}}
        )
