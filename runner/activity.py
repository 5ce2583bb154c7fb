"""How busy the app is: requests in flight, served, and since when nothing has been in flight.

The activator asks for it before it puts an app to sleep, and the lame duck waits on it. Only the event loop's thread
touches it.
"""

import time


class Activity:
    """`in_flight`: requests, streams, WebSockets and their background tasks that have not ended. `served`: that have."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.served = 0
        self.last = time.monotonic()

    def end(self) -> None:
        """One request ended."""
        self.in_flight -= 1
        self.served += 1
        self.last = time.monotonic()

    def idle_seconds(self) -> float:
        """Seconds since the last request ended or the app became ready; 0 while one is in flight."""
        return 0.0 if self.in_flight else time.monotonic() - self.last

    def report(self) -> dict[str, int | float]:
        """The fields that the activator reads."""
        return {"in_flight": self.in_flight, "idle_seconds": round(self.idle_seconds(), 3), "served": self.served}
