"""Carries records of wakes to control: into the journal at once, from there to control whenever it takes them.

Two tasks with the journal between them. One writes down what was kept, in a thread, so that a disk that is full or hangs holds up
nobody who waits for an app. The other posts the oldest segment, removes it once it is acknowledged, and otherwise tries again
and again. `keep` only puts a line into a queue, and that is bounded.

The post is a few lines of HTTP/1.1 of our own: a client library would cost a process of 35 MB two more, for one call.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from activator.journal import Journal, Segment
from activator.settings import Settings
from activator.wake_figures import WakeFigures
from fp.api.see import WakeRecord

MAX_QUEUED = 1000
GATHER_SECONDS = 0.1
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
POST_SECONDS = 10.0
TAKEN = 204
REFUSED = frozenset({400, 413})
"""What control would say again to the same bytes."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class ControlAway(Exception):
    """Control did not take it now."""


class Shipping:
    """`host`, `port`, `token`: control's internal listener, and the credential it wants."""

    def __init__(self, journal: Journal, figures: WakeFigures, host: str, port: int, token: str) -> None:
        self._journal = journal
        self._figures = figures
        self._host = host
        self._port = port
        self._token = token
        self._queue: list[bytes] = []
        self._lost = 0
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._turn = asyncio.Lock()

    def keep(self, app: str, record: WakeRecord) -> None:
        """Have the record of an app's wake stored; never blocks, never raises."""
        if len(self._queue) >= MAX_QUEUED:
            self._lose(1)
            return
        self._queue.append(msgspec.json.encode({"kind": "wake", "app": app, "wake": record}) + b"\n")
        self._news.set()

    async def write(self) -> None:
        """Write down what is kept, for ever; what is left when this is cancelled is written before it ends."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                await self._write_down(list(self._queue))
        finally:
            self._journal.append(self._queue)

    async def _write_down(self, lines: list[bytes]) -> None:
        await self._with_journal(lambda journal: journal.append(lines))
        # Only now: cut short before, they are written once more, and twice is as good as once.
        del self._queue[: len(lines)]
        self._written.set()

    async def ship(self) -> None:
        """Ship what is written, also by those before us, for ever."""
        pause = FIRST_PAUSE
        while True:
            self._written.clear()
            try:
                while await self._ship_oldest():
                    pause = FIRST_PAUSE
            except ControlAway as error:
                if pause == FIRST_PAUSE:
                    log.warning("records of wakes wait for control", reason=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                await self._written.wait()
                await asyncio.sleep(GATHER_SECONDS)

    async def _ship_oldest(self) -> bool:
        """One post, if there is anything; whether there was. Raises ControlAway."""
        segment = await self._with_journal(Journal.oldest)
        self._lose(await self._with_journal(Journal.take_dropped))
        lost = self._lost
        body = _dropped(lost) + (segment.data if segment is not None else b"")
        if not body:
            return False
        status = await self._post(body)
        if status in REFUSED:
            # It would be refused for ever and hold up all that follows.
            log.error("records of wakes refused", status=status, bytes=len(body))
        elif status != TAKEN:
            raise ControlAway(f"status {status}")
        self._lost -= lost
        if segment is not None:
            await self._forget(segment)
        return True

    async def _forget(self, segment: Segment) -> None:
        self._figures.shipped.inc(segment.data.count(b"\n"))
        await self._with_journal(lambda journal: journal.remove(segment.name))

    async def _with_journal(self, work: Callable[[Journal], T]) -> T:
        async with self._turn:
            return await asyncio.to_thread(work, self._journal)

    def _lose(self, count: int) -> None:
        self._lost += count
        self._figures.dropped.inc(count)

    async def _post(self, body: bytes) -> int:
        """The status of control's answer. Raises ControlAway."""
        try:
            async with asyncio.timeout(POST_SECONDS):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                try:
                    writer.write(self._head(len(body)) + body)
                    await writer.drain()
                    return int((await reader.readline()).split(b" ")[1])
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError, IndexError) as error:
            raise ControlAway(f"{type(error).__name__} {error}".strip()) from error

    def _head(self, length: int) -> bytes:
        return (
            f"POST /ingest/wakes HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/x-ndjson\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        ).encode()


def _dropped(count: int) -> bytes:
    return msgspec.json.encode({"kind": "dropped", "count": count}) + b"\n" if count else b""


def shipping(settings: Settings, figures: WakeFigures) -> Shipping | None:
    """What the settings ask for; None where records are not wanted."""
    if not settings.journal_dir or not settings.internal_port:
        return None
    journal = Journal(Path(settings.journal_dir))
    return Shipping(journal, figures, settings.internal_host, settings.internal_port, settings.internal_token)


def keep_nothing(app: str, record: WakeRecord) -> None:
    """For who wants no records."""
