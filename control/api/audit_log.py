"""Entries of the audit log on their way to the store: a bounded queue, and one task that writes it in batches.

Nobody waits for the log: the answer has gone out when its entry is queued. While MongoDB is away the entries stay in the
queue and are tried again; those that find it full, and those that are still there when the process must end, go whole into the
process's own log, so that none is lost without a trace.
"""

import asyncio
from contextlib import suppress

import msgspec
import structlog

from control.domain.errors import StoreUnavailable
from control.store import Store
from fp.api.admin import AuditEntry

LOG = structlog.get_logger("control.audit")
QUEUED = 2000
_BATCH = 100
_RETRY_SECONDS = 0.5
_FLUSH_SECONDS = 1.0
STOP_SECONDS = 3.0


class Noted(msgspec.Struct, frozen=True):
    """`account`: the name that an anonymous request gave, to be looked up; `entered`: it then was let in as that account."""

    entry: AuditEntry
    account: str = ""
    entered: bool = False


class AuditLog:
    """`run` is a task of the process; `close` ends it once everything is written."""

    def __init__(self, store: Store, queued: int = QUEUED) -> None:
        self._store = store
        self._queue: asyncio.Queue[Noted] = asyncio.Queue(queued)

    def note(self, noted: Noted) -> None:
        """Queues an entry; at once, whatever the store does."""
        try:
            self._queue.put_nowait(noted)
        except asyncio.QueueFull:
            _log([noted], "the audit log's queue is full")

    async def flush(self, seconds: float = _FLUSH_SECONDS) -> bool:
        """Waits until what was noted is stored, so long at most; answers whether it is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._queue.join()
                return True
        return False

    async def run(self) -> None:
        """Writes for ever. Cancelled, it logs what is left."""
        batch: list[Noted] = []
        try:
            while True:
                batch = [await self._queue.get()]
                while len(batch) < _BATCH and not self._queue.empty():
                    batch.append(self._queue.get_nowait())
                await self._write(batch)
                for _ in batch:
                    self._queue.task_done()
                batch = []
        finally:
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            _log(batch, "the process ended before the store took it")

    async def close(self, task: asyncio.Task[None], seconds: float = STOP_SECONDS) -> None:
        """Lets `task`, which runs `run`, write what is queued, and ends it."""
        await self.flush(seconds)
        task.cancel()
        await asyncio.wait({task})

    async def _write(self, batch: list[Noted]) -> None:
        said = False
        while True:
            try:
                await self._store.audit.add([await self._told(noted) for noted in batch])
            except StoreUnavailable as error:
                if not said:
                    LOG.warning("the audit log waits for MongoDB", reason=str(error), entries=len(batch))
                said = True
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            except Exception as error:
                # Refused for good: trying again would keep every later entry out as well.
                _log(batch, f"{type(error).__name__}: {error}")
            return

    async def _told(self, noted: Noted) -> AuditEntry:
        """The entry with the account that an anonymous request meant. A name that no account has may be a password
        that was typed into the wrong field, so it is not kept."""
        if not noted.account:
            return noted.entry
        user = await self._store.users.by_username(noted.account)
        if user is None:
            return noted.entry
        about = msgspec.structs.replace(
            noted.entry, target_kind="user", target=user.id, target_name=user.username
        )  # fmt: skip
        return msgspec.structs.replace(about, user=user.id, username=user.username) if noted.entered else about


def _log(batch: list[Noted], reason: str) -> None:
    for noted in batch:
        LOG.error("audit entry not stored", reason=reason, entry=msgspec.to_builtins(noted.entry))
