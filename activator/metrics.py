"""What the activator counts, in Prometheus' text form."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from activator.wake_figures import WakeFigures


class Metrics:
    """Counters of one activator. Nothing in here names an app, so that figures do not grow with the number of apps."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        answers = Counter("fp_wake_calls", "Wake calls by how they were answered", ["answer"], registry=self.registry)
        self.passed = answers.labels("passed")
        self.static = answers.labels("static")
        self.unknown = answers.labels("unknown")
        self.refused = answers.labels("room_full")
        self.limited = answers.labels("client_limit")
        self.blocked = answers.labels("blocked")
        self.resting = answers.labels("resting")
        self.held = Histogram(
            "fp_held_seconds",
            "How long requests that passed in the end were held",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25),
            registry=self.registry,
        )
        self.wakes = Counter("fp_wakes", "Apps asked of the cluster to wake", registry=self.registry)
        self.failed = Counter("fp_wakes_failed", "Wakes that failed", registry=self.registry)
        self.sleeps = Counter("fp_sleeps", "Apps put to sleep", registry=self.registry)
        self.reopened = Counter("fp_sleeps_abandoned", "Sleeps given up because a request came", registry=self.registry)
        self.waiting = Gauge("fp_requests_waiting", "Requests that wait for a wake", registry=self.registry)
        self.awake = Gauge("fp_apps_awake", "Apps that are awake", registry=self.registry)
        self.wake_figures = WakeFigures(self.registry)

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self.registry)
