"""How many cold wakes one client may cause a minute.

A token bucket, kept as one number a client: the moment at which its bucket is full again. A client whose moment has passed is one
that was never seen, and is forgotten; who else is remembered is bounded, so that a flood from many addresses costs no memory:
it has the waiting rooms and one wake an app to get past.
"""

from collections.abc import Callable

MINUTE = 60.0
MOST_CLIENTS = 50_000


class TooManyWakes(Exception):
    """The client may wake another app in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.seconds = seconds


class WakeRate:
    """`per_minute`: wakes at once, and in each minute after that. `now`: a monotonic clock, seconds."""

    def __init__(self, per_minute: int, now: Callable[[], float], most_clients: int = MOST_CLIENTS) -> None:
        self._interval = MINUTE / per_minute
        self._now = now
        self._most_clients = most_clients
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Clients that are remembered."""
        return len(self._full_at)

    def spend(self, client: str) -> None:
        """Count one wake of the client's. Raises TooManyWakes, and counts nothing then."""
        now = self._now()
        before = max(self._full_at.pop(client, now), now)
        over = before + self._interval - now - MINUTE
        refused = over > 1e-9
        # Also who is refused becomes the latest seen: nobody is forgotten, and so let in again, for asking on.
        self._full_at[client] = before if refused else before + self._interval
        self._forget(now)
        if refused:
            raise TooManyWakes(over)

    def _forget(self, now: float) -> None:
        """Drop the longest unseen: those who are as good as new, and as many others as are too many."""
        while self._full_at:
            oldest = next(iter(self._full_at))
            if self._full_at[oldest] > now and len(self._full_at) <= self._most_clients:
                return
            del self._full_at[oldest]
