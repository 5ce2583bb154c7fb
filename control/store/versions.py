"""Versions: written once, never changed, the newest ten kept and the live one always.

A version's id is chosen by its deploy and its number is one more than the newest, guarded by a unique index. So a
deploy that is resumed after a crash finds the version it has written, and never writes a second one.
"""

from typing import Any

import msgspec

from control.domain.apps import Version, VersionSummary
from control.domain.errors import LostRace, NotFound
from control.domain.pages import Page
from control.store.errors import Duplicate
from control.store.mapping import Collection
from control.store.paging import read_page
from fp.names import KEPT_VERSIONS

_TRIES = 5


class Versions:
    """Collection `versions`."""

    def __init__(self, raw: Any) -> None:
        self._versions = Collection(raw, Version)
        self._summaries = Collection(raw, VersionSummary, hidden=["files"])

    async def write(self, version: Version) -> Version:
        """Stores the version under the app's next number (the one it carries is ignored), or answers the stored one."""
        for _ in range(_TRIES):
            if (written := await self._versions.find_one({"_id": version.id})) is not None:
                return written
            numbered = msgspec.structs.replace(version, number=await self._newest_number(version.app) + 1)
            try:
                await self._versions.insert(numbered)
            except Duplicate:
                continue
            return numbered
        raise LostRace(f"another deploy of {version.app} keeps writing versions")

    async def get(self, version_id: str) -> Version:
        """Raises NotFound."""
        version = await self._versions.find_one({"_id": version_id})
        if version is None:
            raise NotFound("version", version_id)
        return version

    async def by_number(self, app_id: str, number: int) -> Version:
        """Raises NotFound, also for versions that were pruned."""
        version = await self._versions.find_one({"app": app_id, "number": number})
        if version is None:
            raise NotFound("version", str(number))
        return version

    async def of_ids(self, version_ids: list[str]) -> dict[str, Version]:
        """Those of these versions that exist, by id."""
        return {version.id: version async for version in self._versions.find({"_id": {"$in": version_ids}})}

    async def summaries(self, version_ids: list[str]) -> dict[str, VersionSummary]:
        """The same without their files."""
        return {version.id: version async for version in self._summaries.find({"_id": {"$in": version_ids}})}

    async def page(self, app_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[VersionSummary]:
        """The app's versions, newest first. Raises BadCursor."""
        return await read_page(self._summaries, {"app": app_id}, order=("number",), limit=limit, cursor=cursor)

    async def prune(self, app_id: str, live: str | None, kept: int = KEPT_VERSIONS) -> int:
        """Removes all but the newest `kept` and the live one; answers how many went."""
        newest = self._summaries.find({"app": app_id}, sort=[("number", -1)], limit=kept)
        ids = [version.id async for version in newest]
        if live is not None:
            ids.append(live)
        return await self._versions.remove({"app": app_id, "_id": {"$nin": ids}})

    async def delete_of_app(self, app_id: str) -> None:
        await self._versions.remove({"app": app_id})

    async def _newest_number(self, app_id: str) -> int:
        newest = [v.number async for v in self._summaries.find({"app": app_id}, sort=[("number", -1)], limit=1)]
        return newest[0] if newest else 0
