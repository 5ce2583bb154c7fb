"""Times in buckets: a histogram that can be added up, so that a quantile of any range comes from its counters alone.

Bucket `n` holds times up to `FIRST_MS * 2 ** (n / PER_DOUBLING)` milliseconds, so each is 19 % wider than the one before: from a
quarter of a millisecond to ten minutes in 87 of them, and what is longer lies in the last. A histogram is a sparse map of
bucket to count. The bounds are part of what is stored: to change them is to make old counters wrong.
"""

import math
from collections.abc import Iterable, Mapping

FIRST_MS = 0.25
PER_DOUBLING = 4
LAST = 86
Histogram = Mapping[int, int]


def bucket_of(ms: float) -> int:
    """The bucket of a time; what is no sensible time (negative, not a number) counts as none at all."""
    if not ms > FIRST_MS:
        return 0
    if ms >= upper_ms(LAST):
        return LAST
    # A logarithm may be off by one at a bound, by rounding.
    guess = min(LAST, max(1, math.ceil(math.log2(ms / FIRST_MS) * PER_DOUBLING)))
    if ms > upper_ms(guess):
        return guess + 1
    return guess - 1 if ms <= upper_ms(guess - 1) else guess


def upper_ms(bucket: int) -> float:
    """The longest time that the bucket holds."""
    return float(FIRST_MS * 2.0 ** (bucket / PER_DOUBLING))


def lower_ms(bucket: int) -> float:
    """What every time in the bucket is longer than."""
    return upper_ms(bucket - 1) if bucket > 0 else 0.0


def quantile(histogram: Histogram, share: float) -> float | None:
    """The time in milliseconds that `share` (0 to 1) of all are not longer than, null without any.

    It lies in the same bucket as the exact one (the smallest time with that many at or below it), placed within it by rank.
    """
    total = sum(histogram.values())
    if total <= 0:
        return None
    rank = max(1, math.ceil(share * total))
    seen = 0
    for bucket in sorted(histogram):
        count = histogram[bucket]
        if seen + count >= rank:
            low, high = lower_ms(bucket), upper_ms(bucket)
            return round(low + (high - low) * (rank - seen) / count, 3)
        seen += count
    return upper_ms(LAST)


def added(histograms: Iterable[Histogram]) -> dict[int, int]:
    """All of them together."""
    total: dict[int, int] = {}
    for histogram in histograms:
        for bucket, count in histogram.items():
            total[bucket] = total.get(bucket, 0) + count
    return total
