"""What a live tail tells, in order: lines that are stored already, `live`, then lines as they arrive.

A tail is one place in the order of arrival (`control.store.arrivals`) that moves forward. It reads what is behind the place,
tells it, and only then reads on; when there is nothing left it waits for a bell and looks again. The store is the buffer, so
between stored and live there is no seam where a line could be lost or told twice, a reader that comes back gives its last
place and goes on, whichever process it meets, and a slow reader costs the memory of one batch. One that was up to date and has
fallen MAX_BEHIND lines behind is moved on to the newest and told how many it missed.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress

from control.domain.errors import StoreUnavailable
from control.domain.filtering import LogFilter
from control.store.logs import Logs, cursor_of
from fp.api.tail import TailDropped, TailLines, TailLive, TailMessage, TailPing

BATCH = 500
MAX_BEHIND = 10_000
KEPT = 500
"""Of those that a slow reader is behind, so many newest ones are still told."""
LOOK_SECONDS = 2.0
"""A bell may be missing; after so long one looks without."""
PING_SECONDS = 15.0
RETRY_SECONDS = 0.5


class Tail:
    """One reader's tail of the app `app_id`, from behind `place` on."""

    def __init__(
        self, logs: Logs, app_id: str, place: int, only: LogFilter, ping_seconds: float = PING_SECONDS
    ) -> None:
        self._logs = logs
        self._app_id = app_id
        self._only = only
        self._place = place
        self._ping_seconds = ping_seconds
        self._live = False

    async def messages(self) -> AsyncGenerator[TailMessage, None]:
        """Never ends by itself; a database that is away is waited for."""
        told = time.monotonic()
        async with self._logs.arriving(self._app_id) as bell:
            while True:
                bell.clear()
                found, rest = await self._step()
                for message in found:
                    yield message
                if found:
                    told = time.monotonic()
                if rest:
                    continue
                if time.monotonic() - told >= self._ping_seconds:
                    yield TailPing(cursor_of(self._place))
                    told = time.monotonic()
                # Not `wait_for`: where the bell rings in the moment that the tail is cancelled, it would tell of the bell alone.
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(LOOK_SECONDS, self._ping_seconds)):
                        await bell.wait()

    async def _step(self) -> tuple[list[TailMessage], bool]:
        """What there is to tell next, and whether there may be more right behind it."""
        try:
            newest = await self._logs.newest(self._app_id)
            messages: list[TailMessage] = [*await self._dropped(newest)]
            if newest > self._place:
                lines, self._place = await self._logs.after(self._app_id, self._place, newest, self._only, BATCH)
                if lines:
                    messages.append(TailLines(lines, cursor_of(self._place)))
        except StoreUnavailable:
            await asyncio.sleep(RETRY_SECONDS)
            return [], False
        rest = newest > self._place
        if not rest and not self._live:
            self._live = True
            messages.append(TailLive(cursor_of(self._place)))
        return messages, rest

    async def _dropped(self, newest: int) -> list[TailDropped]:
        """Moves a reader that was up to date and is far behind."""
        if not self._live or newest - self._place <= MAX_BEHIND:
            return []
        count = await self._logs.count_after(self._app_id, self._place, newest - KEPT)
        if count + KEPT <= MAX_BEHIND:
            return []
        self._place = newest - KEPT
        return [TailDropped(count, cursor_of(self._place))]
