"""What a Prometheus sees of wakes: how long, in which phase, for how many. Nothing in here names an app."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from fp.api.see import WakePhase, WakeRecord

_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 25)
_PHASE_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_HELD = (0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class WakeFigures:
    """Figures of all wakes together."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "fp_wake_seconds",
            "Wakes, from the first who asked to the end",
            ["outcome"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._phases = Histogram(
            "fp_wake_phase_seconds", "Phases of wakes", ["phase"], buckets=_PHASE_SECONDS, registry=registry
        )
        self._held = Histogram("fp_wake_held_requests", "Requests that a wake let go", buckets=_HELD, registry=registry)
        self.dropped = Counter("fp_wake_records_dropped", "Wake records that could not be kept", registry=registry)
        self.shipped = Counter("fp_wake_records_shipped", "Wake records that control has taken", registry=registry)

    def take(self, record: WakeRecord) -> None:
        """One wake that ended."""
        self._seconds.labels(record.outcome).observe(record.ms / 1000)
        self._held.observe(record.held)
        for phase in record.phases:
            self.phase(phase)

    def phase(self, phase: WakePhase) -> None:
        """One phase; its name is one of a closed list."""
        self._phases.labels(phase.name).observe(phase.ms / 1000)
