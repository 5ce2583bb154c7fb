"""Carries request records and log lines from the spools to control.

One task goes round all spools, a batch each, so that a talkative app does not keep the others waiting and no more than one
batch is in memory. It never touches what a wake needs. While control is away everything stays where it is, in files whose
number the runner bounds, and one post is tried again and again until it is taken.
"""

import asyncio
import time
from pathlib import Path

import httpx
import structlog

from cluster.local import folders
from cluster.local.spool import Batch, Spool

log = structlog.get_logger(__name__)

ROUND_SECONDS = 0.1
TRIM_SECONDS = 5.0
LONGEST_BACKOFF = 2.0
POST_SECONDS = 10.0
_GONE = 410
_REFUSED = frozenset({400, 413, 415, 422})


class ControlAway(Exception):
    """Control did not take it now."""


class Shipper:
    """Ships every spool it was told of. `http` is the caller's and carries the credential; `url` is control's ingest."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url
        self._spools: dict[str, Spool] = {}

    def add(self, folder: Path, app: str, number: int) -> None:
        """Ship this instance's spool from now on. `number`: its version's number."""
        self._spools[folder.name] = Spool(folder, app, number)

    def retire(self, instance: str) -> None:
        """The instance is gone: ship what is left and remove the folder."""
        if instance in self._spools:
            self._spools[instance].retired = True

    def forget(self, app: str) -> None:
        """The app is deleted, and its spools with it."""
        self._spools = {name: spool for name, spool in self._spools.items() if spool.app != app}

    async def run(self) -> None:
        """Go round until cancelled."""
        backoff, trimmed = 0.0, 0.0
        while True:
            if time.monotonic() - trimmed > TRIM_SECONDS:
                trimmed = time.monotonic()
                for spool in self._spools.values():
                    spool.trim()
            try:
                busy = await self.round()
                backoff = 0.0
            except ControlAway as error:
                backoff = min(LONGEST_BACKOFF, backoff * 2 or ROUND_SECONDS)
                log.warning("records wait for control", reason=str(error), again_in=backoff)
                busy = False
            if not busy:
                await asyncio.sleep(max(ROUND_SECONDS, backoff))

    async def flush(self, seconds: float) -> None:
        """Ship what is there now, as far as that is possible in time; what is left is shipped by the next node."""
        try:
            async with asyncio.timeout(seconds):
                while await self.round():
                    pass
        except (ControlAway, TimeoutError) as error:
            log.warning("records left for the next start", reason=str(error) or "out of time")

    async def round(self) -> bool:
        """One batch of each spool; True when there may be more. Raises ControlAway."""
        shipped = False
        for spool in list(self._spools.values()):
            try:
                shipped = await self._ship(spool) or shipped
            except FileNotFoundError:
                self._drop(spool)
            except OSError as error:
                log.error("spool unreadable", instance=spool.instance, error=str(error))
        return shipped

    async def _ship(self, spool: Spool) -> bool:
        batch = spool.next_batch()
        if batch is None:
            if spool.retired:
                folders.remove(spool.folder)
                self._drop(spool)
            return False
        await self._post(spool, batch)
        spool.acknowledge(batch)
        return True

    async def _post(self, spool: Spool, batch: Batch) -> None:
        try:
            answer = await self._http.post(
                self._url,
                params={"app": spool.app, "version": spool.number, "instance": spool.instance},
                content=batch.data,
                headers={"Content-Type": "application/x-ndjson"},
                timeout=POST_SECONDS,
            )
        except httpx.HTTPError as error:
            raise ControlAway(f"{type(error).__name__} {error}".strip()) from error
        if answer.status_code in _REFUSED:
            # It would be refused for ever and hold up all that follows.
            log.error("records refused", instance=spool.instance, status=answer.status_code, bytes=len(batch.data))
        elif not answer.is_success and answer.status_code != _GONE:
            raise ControlAway(f"status {answer.status_code}")

    def _drop(self, spool: Spool) -> None:
        if self._spools.get(spool.instance) is spool:
            del self._spools[spool.instance]
