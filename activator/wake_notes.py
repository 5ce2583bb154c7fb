"""One wake while it is under way: what is noted of it, and the record that becomes of that.

What a runner says comes out of a process in which a user's code runs, so it is taken for what it may be: known names, times
that can be, text of bounded length.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from cluster.base import Failure
from fp.api.problems import Finding
from fp.api.see import WakeModule, WakeOutcome, WakePhase, WakeRecord

FIRST_BYTE = "first_byte"
OWN_PHASES = ("runtime", "checkin", "imports", "startup")
PHASES = ("gate", "claim", "spawn", *OWN_PHASES, FIRST_BYTE)
RUNNERS_NAMES = {"process": "runtime"}
"""What a runner calls its own phases, where that is another word than ours."""
MAX_MODULES = 10
MAX_NAME = 200
MAX_PATH = 2048
MAX_TEXT = 2000
LONGEST_MS = 86_400_000.0


class Cause(msgspec.Struct, frozen=True):
    """Why an app wakes: see `WakeRecord.cause`."""

    kind: str
    method: str | None = None
    path: str | None = None


API = Cause("api")
SOCKET = Cause("socket")


class Report(msgspec.Struct, frozen=True):
    """What the runner said of its start. `phases` by its own names."""

    instance: str
    phases: Mapping[str, float]
    modules: Sequence[tuple[str, float]] = ()
    start: str | None = None


class Notes(msgspec.Struct):
    """`began`, `asked`, `hello`: by the monotonic clock, seconds; null: not yet. `calls`: of control's among those who wait.

    `left`: nobody waits any more; the app may still come up.
    """

    cause: Cause
    time: datetime
    began: float
    version: int | None
    asked: float | None = None
    hello: float | None = None
    report: Report | None = None
    calls: int = 0
    left: bool = False
    id: str = msgspec.field(default_factory=lambda: f"w-{secrets.token_hex(8)}")

    def record(self, outcome: WakeOutcome, at: float, held: int, failure: Failure | None = None) -> WakeRecord:
        """The wake as it ended, `at` by the monotonic clock."""
        report = self.report
        return WakeRecord(
            id=self.id,
            time=self.time,
            cause=self.cause.kind,
            outcome=outcome,
            ms=_ms(at - self.began),
            held=max(held - self.calls, 0),
            phases=self._phases(at, failed=outcome == "failed"),
            modules=_modules(report.modules) if report else [],
            method=_short(self.cause.method, MAX_NAME),
            path=_short(self.cause.path, MAX_PATH),
            failure=_finding(failure) if failure else None,
            version=self.version,
            instance=report.instance if report else None,
            start=_short(report.start, MAX_NAME) if report else None,
        )

    def _phases(self, at: float, *, failed: bool) -> list[WakePhase]:
        spent = {"gate": _ms((self.asked or at) - self.began)}
        own = _own_phases(self.report)
        if self.asked is not None and self.hello is not None:
            # A runner of the pool's was there before: what there is to wait for is that it gets the bundle.
            name = "spawn" if "runtime" in own else "claim"
            spent[name] = _ms(self.hello - self.asked - own.get("runtime", 0.0) / 1000)
        spent |= own
        if failed and "checkin" in own:
            # It came through these and died in the one after them.
            after = next(name for name in PHASES if name not in spent and name != "claim")
            spent[after] = _ms(at - self.began - sum(spent.values()) / 1000)
        return [WakePhase(name, spent[name]) for name in PHASES if name in spent]


def with_first_byte(record: WakeRecord, ms: float) -> WakeRecord | None:
    """The record with one more phase; None when that time cannot be."""
    if not 0 <= ms <= LONGEST_MS:
        return None
    return msgspec.structs.replace(record, phases=[*record.phases, WakePhase(FIRST_BYTE, round(ms, 2))])


def _own_phases(report: Report | None) -> dict[str, float]:
    found = report.phases if report else {}
    named = {RUNNERS_NAMES.get(name, name): ms for name, ms in found.items()}
    return {name: round(named[name], 2) for name in OWN_PHASES if 0 <= named.get(name, -1.0) <= LONGEST_MS}


def _modules(modules: Sequence[tuple[str, float]]) -> list[WakeModule]:
    sane = [(name, ms) for name, ms in modules if 0 <= ms <= LONGEST_MS]
    dearest = sorted(sane, key=lambda module: module[1], reverse=True)[:MAX_MODULES]
    return [WakeModule(name[:MAX_NAME], round(ms, 2)) for name, ms in dearest]


def _finding(failure: Failure) -> Finding:
    return Finding(
        code=failure.code[:MAX_NAME],
        message=failure.message[:MAX_TEXT],
        file=_short(failure.file, MAX_PATH),
        line=failure.line,
        column=failure.column,
        hint=_short(failure.hint, MAX_TEXT),
    )


def _short(text: str | None, limit: int) -> str | None:
    return None if text is None else text[:limit]


def _ms(seconds: float) -> float:
    return round(max(seconds, 0.0) * 1000, 2)
