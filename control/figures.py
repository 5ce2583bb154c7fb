"""What control's two processes count of themselves, in Prometheus' text form. Nothing in here names an app or a user.

One set a process: the store, the API and the workers count into it where they are, because what they count (a failed call of
the database, an answered request) happens far from whoever could hand it to them.
"""

import asyncio

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LOOK_SECONDS = 1.0


class Figures:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "fp_api_requests", "Answered requests", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "fp_api_request_seconds",
            "Time to the end of an answer",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._ingested = Counter(
            "fp_ingest_records", "New records by kind; bad ones too", ["kind"], registry=self.registry
        )
        self._deploys = Counter("fp_deploys", "Deploys that this process ended", ["outcome"], registry=self.registry)
        self._mongo = Counter("fp_mongodb_errors", "Failed calls of MongoDB", ["kind"], registry=self.registry)
        self._lag = Histogram(
            "fp_loop_lag_seconds", "How late the event loop is", buckets=_LAG_SECONDS, registry=self.registry
        )

    def answered(self, method: str, route: str, status: int | None, seconds: float) -> None:
        """One request; `route` is its template, never its path. Without a status it was cut off."""
        word = "cut" if status is None else str(status)
        self._requests.labels(method if method in _METHODS else "other", route, word).inc()
        self._seconds.labels(route).observe(seconds)

    def ingested(self, **counts: int) -> None:
        """Records of each kind: requests, logs, wakes, bad."""
        for kind, count in counts.items():
            self._ingested.labels(kind).inc(count)

    def deploy_ended(self, outcome: str) -> None:
        """One deploy that this process ended: succeeded or failed."""
        self._deploys.labels(outcome).inc()

    def mongo_failed(self, error: Exception) -> None:
        """One call of MongoDB that failed, by the driver's name for it."""
        self._mongo.labels(type(error).__name__).inc()

    async def watch_loop(self) -> None:
        """Notes for ever how late this event loop comes back to who slept."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            self._lag.observe(max(0.0, loop.time() - due))

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self.registry)


FIGURES = Figures()
"""This process's."""
