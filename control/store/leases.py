"""Leases: who may do what only one process should. Times are the database server's, so clocks need not agree."""

from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument

from control.store.errors import translated
from control.store.mapping import Document

EPOCH = datetime.fromtimestamp(0, UTC)


class Leases:
    """Collection `leases`; the `_id` is what is leased (`reconcile`, `migrations`)."""

    def __init__(self, raw: Any) -> None:
        self._leases = raw

    async def acquire(self, name: str, holder: str, seconds: float) -> bool:
        """Takes the lease, or extends it when `holder` has it; false while another holds it."""
        free: Document = {"$or": [{"$eq": ["$holder", holder]}, {"$lt": [{"$ifNull": ["$until", EPOCH]}, "$$NOW"]}]}
        until: Document = {"$add": ["$$NOW", int(seconds * 1000)]}
        taken: Document = {
            "holder": {"$cond": [free, {"$literal": holder}, "$holder"]},
            "until": {"$cond": [free, until, "$until"]},
        }
        with translated():
            lease = await self._leases.find_one_and_update(
                {"_id": name}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
            )
        return bool(lease["holder"] == holder)

    async def held(self, name: str) -> bool:
        """Whether anyone holds the lease now."""
        with translated():
            return await self._leases.find_one({"_id": name, "$expr": {"$gte": ["$until", "$$NOW"]}}) is not None

    async def release(self, name: str, holder: str) -> None:
        """Gives the lease up; one that another holds stays."""
        with translated():
            await self._leases.delete_one({"_id": name, "holder": holder})
