"""Two small tools of every loop: a bell that rings once however often it was struck, and growing pauses."""

import asyncio
import random


class Bell:
    """Wakes one loop. Struck while nobody waits, the next wait returns at once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Returns when rung (true), or after that many seconds (false)."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Backoff:
    """Pauses that double from `first` to `most` seconds, with some chance in them, until `reset`."""

    def __init__(self, first: float, most: float) -> None:
        self._first = first
        self._most = most
        self._next = first

    def reset(self) -> None:
        self._next = self._first

    async def wait(self) -> None:
        pause = self._next * random.uniform(0.7, 1.0)
        self._next = min(self._next * 2, self._most)
        await asyncio.sleep(pause)
