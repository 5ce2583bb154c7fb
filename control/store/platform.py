"""The platform's settings: one document that an administrator changes, defaults where it says nothing."""

from typing import Any

from control.domain.platform import PlatformSettings
from control.store.errors import translated
from control.store.mapping import Collection, Document

_ID = "platform"


class Platform:
    """Collection `settings`."""

    def __init__(self, raw: Any) -> None:
        self._settings = Collection(raw, PlatformSettings, key="_")

    async def get(self) -> PlatformSettings:
        return await self._settings.find_one({"_id": _ID}) or PlatformSettings()

    async def set_signup_open(self, value: bool) -> PlatformSettings:
        await self._set({"signup_open": value})
        return await self.get()

    async def _set(self, fields: Document) -> None:
        with translated():
            await self._settings.raw.update_one({"_id": _ID}, {"$set": fields}, upsert=True)
