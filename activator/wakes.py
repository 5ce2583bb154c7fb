"""Every wake, from the first who asks to its end, made into one record.

Everything comes in and nothing goes back: the doors say who asks (`begin`), the wakers when the cluster is asked (`asking`) and
that nobody waits any more (`leave`), the runner's connection how its start went (`hello`, `report`, `first_byte`), the rooms
who was let go and why (`released`). A wake ends once, with its outcome; it goes to the metrics and to `keep`. It goes to `keep`
a second time, under the same id, when its first answer has begun: what was known must not wait for that.

An app may also begin to start without anybody having asked here: then a connection waits at its own address. And who asked
may leave before the end: then the cluster's news tell it, or nothing comes within the time that anybody may wait.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from activator.directory import Directory
from activator.rooms import Awake, Failed, Outcome
from activator.wake_figures import WakeFigures
from activator.wake_notes import SOCKET, Cause, Notes, Report, with_first_byte
from cluster.base import AppView, Failure
from fp.api.see import WakeOutcome, WakeRecord

SWEEP_SECONDS = 1.0
MOST_UNANSWERED = 1000
"""Instances that are ready and have not answered yet; beyond that the oldest is not waited for."""

Keep = Callable[[str, WakeRecord], None]
"""Keeps the record of an app's wake: the app's id and the record."""


class Wakes:
    """`keep` must not block. `now`: a monotonic clock, seconds. `wall`: the time. `seconds`: how long anybody may wait."""

    def __init__(
        self,
        directory: Directory,
        figures: WakeFigures,
        keep: Keep,
        *,
        now: Callable[[], float],
        wall: Callable[[], datetime],
        seconds: float,
    ) -> None:
        self._directory = directory
        self._figures = figures
        self._keep = keep
        self._now = now
        self._wall = wall
        self._seconds = seconds
        self._open: dict[str, Notes] = {}
        self._unanswered: dict[str, tuple[str, WakeRecord]] = {}
        directory.listen(self._changed)

    def begin(self, app: str, cause: Cause) -> None:
        """Somebody waits for the app from now on; the first one is the cause."""
        notes = self._open.get(app)
        if notes is None:
            view = self._directory.get(app)
            notes = Notes(cause, self._wall(), self._now(), view.number if view else None)
            self._open[app] = notes
        notes.left = False
        notes.calls += cause.kind == "api"

    def asking(self, app: str) -> None:
        """The cluster is being asked for an instance; the last time counts, a sleep may have come between."""
        if (notes := self._open.get(app)) is not None:
            notes.asked = self._now()

    def leave(self, app: str) -> None:
        """Nobody waits any more."""
        if (notes := self._open.get(app)) is not None:
            notes.left = True

    def hello(self, app: str, report: Report, at: float) -> None:
        """An instance of the app's live version has checked in, `at` by the monotonic clock."""
        if (notes := self._open.get(app)) is not None:
            notes.hello, notes.report = at, report

    def report(self, app: str, report: Report) -> None:
        """The instance that checked in is ready, or will not be; the outcome follows."""
        notes = self._open.get(app)
        if notes is not None and notes.report is not None and notes.report.instance == report.instance:
            notes.report = report

    def released(self, app: str, outcome: Outcome, held: int) -> None:
        """What the rooms tell: those who waited for `app` have been told its outcome, `held` of them."""
        notes = self._open.get(app)
        if notes is None:
            return
        if isinstance(outcome, Awake):
            if notes.asked is None:
                # A sleep was given up and the app never stopped: nothing was woken.
                del self._open[app]
                return
            self._end(app, "ready", held)
        elif isinstance(outcome, Failed):
            self._end(app, "failed", held, outcome.failure)
        else:
            self._end(app, "gone", held)

    def first_byte(self, instance: str, ms: float) -> None:
        """An instance began its first answer `ms` after it was ready."""
        app, record = self._unanswered.pop(instance, ("", None))
        if record is not None and (whole := with_first_byte(record, ms)) is not None:
            self._figures.phase(whole.phases[-1])
            self._keep(app, whole)

    async def run(self) -> None:
        """See to it that no wake stays open, for ever."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()

    def sweep(self) -> None:
        """End those for which nobody waits and nobody could have waited any longer."""
        late = self._now() - self._seconds
        for app in [app for app, notes in self._open.items() if notes.left and notes.began <= late]:
            self._end(app, "timeout", 0)

    def _changed(self, before: AppView | None, after: AppView | None) -> None:
        if after is None or before is None:
            return
        notes = self._open.get(after.app)
        # Only where the app has an address at which somebody may wait; elsewhere another activator was asked.
        starts = after.service is not None and before.replicas == 0 and after.replicas == 1 and after.upstream is None
        if notes is None and starts:
            self.begin(after.app, SOCKET)
            self.asking(after.app)
            self.leave(after.app)
        elif notes is not None and notes.left and after.replicas == 0 and after.failure is not None:
            self._end(after.app, "failed", 0, after.failure)

    def _end(self, app: str, outcome: WakeOutcome, held: int, failure: Failure | None = None) -> None:
        notes = self._open.pop(app)
        view = self._directory.get(app)
        if notes.report is None and view is not None and view.instance is not None and view.phases:
            # It checked in with another activator, which left word with the cluster.
            notes.report = Report(view.instance, view.phases)
        # Nobody could have waited for longer, and how late we look is not a part of it.
        at = min(self._now(), notes.began + self._seconds) if outcome == "timeout" else self._now()
        record = notes.record(outcome, at, held, failure)
        self._figures.take(record)
        self._keep(app, record)
        if outcome == "ready" and record.held and record.instance is not None:
            if len(self._unanswered) >= MOST_UNANSWERED:
                del self._unanswered[next(iter(self._unanswered))]
            self._unanswered[record.instance] = (app, record)
