"""Requests to be let in by device. Each step is one atomic update that names the state it starts from: of two who
approve and deny, or of two who collect the same approval, one comes too late.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from control.domain.devices import SLOWER_SECONDS, DeviceLogin, new_user_code
from control.store.errors import Duplicate
from control.store.mapping import Collection, Document

_TRIES = 5
_EARLY = timedelta(seconds=0.5)
"""A poll may come that much too early: the network is not even."""


class Devices:
    """Collection `devices`; the `_id` is the device code's hash."""

    def __init__(self, raw: Any) -> None:
        self._devices = Collection(raw, DeviceLogin)

    async def create(self, login: DeviceLogin) -> DeviceLogin:
        """Stores the request and answers it; one whose user code is taken gets another."""
        for _ in range(_TRIES):
            try:
                await self._devices.insert(login)
            except Duplicate:
                login = msgspec.structs.replace(login, user_code=new_user_code())
                continue
            return login
        raise RuntimeError("five random user codes were taken")

    async def pending(self, user_code: str, now: datetime) -> DeviceLogin | None:
        """The request of that user code, null when there is none that waits for a decision."""
        return await self._devices.find_one(_waiting(user_code, now))

    async def decide(self, user_code: str, user: str, by: str, now: datetime, *, approve: bool) -> bool:
        """Lets the program in as `user`, or not; false when no request waits."""
        decision = {"status": "approved" if approve else "denied", "user": user, "by": by}
        return await self._devices.update(_waiting(user_code, now), {"$set": decision})

    async def claim(self, code_hash: str, now: datetime) -> DeviceLogin | None:
        """Takes the approval, once; null when there is none to take."""
        query = {"_id": code_hash, "status": "approved", "expires_at": {"$gt": now}}
        return await self._devices.change(query, {"$set": {"status": "claimed"}})

    async def get(self, code_hash: str, now: datetime) -> DeviceLogin | None:
        """The request, null when it is unknown or over."""
        return await self._devices.find_one({"_id": code_hash, "expires_at": {"$gt": now}})

    async def poll(self, login: DeviceLogin, now: datetime) -> bool:
        """Notes that the program asked; false when it did so too early, and then its interval grows."""
        due = now - timedelta(seconds=login.interval) + _EARLY
        in_time: Document = {"_id": login.id, "$or": [{"polled_at": None}, {"polled_at": {"$lte": due}}]}
        if await self._devices.update(in_time, {"$set": {"polled_at": now}}):
            return True
        slower = {"$set": {"polled_at": now}, "$inc": {"interval": SLOWER_SECONDS}}
        await self._devices.update({"_id": login.id, "interval": {"$lt": 60}}, slower)
        return False

    async def delete_of_user(self, user_id: str) -> None:
        await self._devices.remove({"user": user_id})


def _waiting(user_code: str, now: datetime) -> Document:
    return {"user_code": user_code, "status": "pending", "expires_at": {"$gt": now}}
