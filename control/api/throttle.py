"""Rate limits: token buckets in this process's memory, bounded.

With several api processes each has its own buckets, so a limit is at most that many times as wide; the argon2 cost of
every attempt is the second line. A bucket that is full again is dropped; when there are too many, the one that was least
recently used goes.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from control.api.problems import ApiError


class Limit(msgspec.Struct, frozen=True):
    """`burst` attempts at once, then one every `seconds`."""

    name: str
    burst: int
    seconds: float


class Throttle:
    """Buckets by limit and key; `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, max_keys: int = 10_000) -> None:
        self._clock = clock
        self._max_keys = max_keys
        # key -> (tokens left, when that was counted)
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def spend(self, limit: Limit, key: str) -> None:
        """Takes one attempt. Raises ApiError `rate_limited` with Retry-After, in whole seconds, when none is left."""
        now = self._clock()
        left = self._tokens(limit, key, now)
        if left < 1:
            wait = math.ceil((1 - left) * limit.seconds)
            raise ApiError("rate_limited", f"Try again in {wait} s.", headers={"Retry-After": str(wait)})
        self._keep((limit.name, key), left - 1, now)

    def refund(self, limit: Limit, key: str) -> None:
        """Gives the attempt back: it was the right one."""
        now = self._clock()
        left = min(limit.burst, self._tokens(limit, key, now) + 1)
        if left >= limit.burst:
            self._buckets.pop((limit.name, key), None)
        else:
            self._keep((limit.name, key), left, now)

    def _tokens(self, limit: Limit, key: str, now: float) -> float:
        left, counted = self._buckets.get((limit.name, key), (float(limit.burst), now))
        return min(float(limit.burst), left + (now - counted) / limit.seconds)

    def _keep(self, key: tuple[str, str], left: float, now: float) -> None:
        self._buckets[key] = (left, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
