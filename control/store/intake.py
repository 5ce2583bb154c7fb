"""What apps report, stored and counted: each record once, however often it comes and whenever this process dies.

Records of requests and of wakes are inserted in the same transaction as what they add to counters and to groups of failures.
So a record that is there is counted; a batch that comes again finds its records there, and adds nothing. Log lines are many
and few of them count, the tracebacks that belong to no request: such a line is stored with `uncounted`, and the transaction
that counts it takes the mark away. Who died before that is sent the batch again, and finds the mark.

Within one process the batches of an app go one after another: they would meet at its counters.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from weakref import WeakValueDictionary

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.mongo_client import AsyncMongoClient

from control.domain.counters import count_requests, count_wakes
from control.domain.failures import failures_of
from control.store.failures import Failures
from control.store.logs import Logs
from control.store.mapping import Document
from control.store.metrics import Metrics
from control.store.requests import Requests
from control.store.transactions import together
from control.store.wakes import Wakes
from fp.api.see import LogLine, RequestRecord, WakeRecord


class Intake:
    """Over the collections that it writes; none of them is its own."""

    def __init__(
        self,
        client: AsyncMongoClient[Document],
        records: tuple[Requests, Logs, Wakes],
        metrics: Metrics,
        failures: Failures,
    ) -> None:
        self._client = client
        self._requests, self._logs, self._wakes = records
        self._metrics = metrics
        self._failures = failures
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def requests(self, app_id: str, records: Sequence[RequestRecord], now: datetime) -> int:
        """Stores and counts the records that are not there yet; answers how many those were."""
        # Most batches are all new, so nobody looks before one was refused.
        fresh = list({record.id: record for record in records}.values())
        if not fresh:
            return 0
        async with self._locks.setdefault(app_id, asyncio.Lock()):
            while not await self._add_requests(app_id, fresh, now):
                if not (fresh := await self._requests.missing(fresh)):
                    return 0
        return len(fresh)

    async def _add_requests(self, app_id: str, records: Sequence[RequestRecord], now: datetime) -> bool:
        """False, and nothing done, where one of them is there already."""
        counts, failures = count_requests(app_id, records, now), failures_of(records, [])
        await asyncio.sleep(0)  # counting takes as long as storing, and others wait for the loop

        async def step(session: AsyncClientSession) -> bool:
            if not await self._requests.insert(app_id, records, session):
                await session.abort_transaction()
                return False
            await self._metrics.add(counts, now, session)
            await self._failures.add(app_id, failures, now, session)
            return True

        return await together(self._client, step)

    async def lines(self, app_id: str, lines: Sequence[LogLine], now: datetime) -> int:
        """Stores the lines that are not there yet and counts the failures among them; answers how many were new."""
        failing = {line.id: line for line in lines if failures_of([], [line])}
        stored = await self._logs.add(app_id, lines, uncounted=failing)
        if failing:

            async def step(session: AsyncClientSession) -> None:
                claimed = await self._logs.claim_uncounted(list(failing), session)
                failures = failures_of([], [failing[name] for name in claimed])
                await self._failures.add(app_id, failures, now, session)

            await together(self._client, step)
        return stored

    async def wakes(self, records: Sequence[tuple[str, WakeRecord]], now: datetime) -> int:
        """Stores records of wakes, each with its app; answers how many were not there before, which were counted."""

        async def step(session: AsyncClientSession) -> int:
            fresh = await self._wakes.put(records, session)
            await self._metrics.add(count_wakes(fresh, now), now, session)
            return len(fresh)

        return await together(self._client, step) if records else 0
