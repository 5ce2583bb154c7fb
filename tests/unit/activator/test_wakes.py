"""What is written down of a wake: its cause, phases that add up, who was held, how it ended; by a clock of the test's."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from activator.directory import Directory
from activator.rooms import Awake, Failed, Gone
from activator.wake_figures import WakeFigures
from activator.wake_notes import API, MAX_MODULES, Cause, Report
from activator.wakes import MOST_UNANSWERED, Wakes
from cluster.base import AppGone, Failure
from fp.api.see import WakeRecord
from tests.support.activator_cluster import MemoryCluster, awake, view

START = datetime(2026, 1, 1, tzinfo=UTC)
GET = Cause("request", "GET", "/notes")
UP = Awake("127.0.0.1:1")
BROKEN = Failure("import_failed", "no moon", file="app.py", line=4, traceback="Traceback: secret")
PHASES = {"process": 4.0, "checkin": 1.0, "imports": 9.0, "startup": 2.0}


class Parts:
    """The collector, and a clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.clock = 100.0
        self.kept: list[tuple[str, WakeRecord]] = []
        self.registry = CollectorRegistry()
        self.directory = Directory(MemoryCluster())
        self.directory.apply(view("a", number=3))
        self.wakes = Wakes(
            self.directory,
            WakeFigures(self.registry),
            lambda app, record: self.kept.append((app, record)),
            now=lambda: self.clock,
            wall=lambda: START + timedelta(seconds=self.clock - 100.0),
            seconds=25.0,
        )

    def pass_ms(self, ms: float) -> None:
        self.clock += ms / 1000

    def check_in(self, app: str = "a", instance: str = "i1") -> None:
        self.wakes.hello(app, Report(instance, {"process": 4.0}), self.clock)

    def figure(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0

    @property
    def record(self) -> WakeRecord:
        """The last one."""
        return self.kept[-1][1]

    def phases(self) -> dict[str, float]:
        return {phase.name: phase.ms for phase in self.record.phases}


@pytest.fixture
def parts() -> Parts:
    return Parts()


def wake_up(parts: Parts, app: str = "a", held: int = 3, instance: str = "i1") -> None:
    """A wake as it should be: 2 ms behind a gate, 3 ms until the process ran, 4 of its own, and so on."""
    parts.wakes.begin(app, GET)
    parts.pass_ms(2)
    parts.wakes.asking(app)
    parts.pass_ms(3 + 4)
    parts.check_in(app, instance)
    parts.pass_ms(1 + 9 + 2)
    parts.wakes.report(app, Report(instance, PHASES, [("fastapi", 3.0), ("pymongo", 10.2)], "zygote"))
    parts.wakes.released(app, UP, held)


def test_a_wake_is_recorded_with_phases_that_add_up(parts: Parts) -> None:
    wake_up(parts)
    record = parts.record
    assert (record.outcome, record.held, record.version, record.instance) == ("ready", 3, 3, "i1")
    assert (record.cause, record.method, record.path, record.start) == ("request", "GET", "/notes", "zygote")
    assert (record.time, record.ms) == (START, 21.0)
    expected = {"gate": 2.0, "spawn": 3.0, "runtime": 4.0, "checkin": 1.0, "imports": 9.0, "startup": 2.0}
    assert parts.phases() == pytest.approx(expected)
    assert sum(parts.phases().values()) == pytest.approx(record.ms)
    assert [(module.name, module.ms) for module in record.modules] == [("pymongo", 10.2), ("fastapi", 3.0)]


def test_the_first_byte_comes_as_the_same_record_once_more(parts: Parts) -> None:
    wake_up(parts)
    parts.wakes.first_byte("i1", 1.5)
    parts.wakes.first_byte("i1", 900.0)
    (_, first), (app, second) = parts.kept
    assert (app, first.id) == ("a", second.id)
    assert [phase.name for phase in second.phases[len(first.phases) :]] == ["first_byte"]
    assert parts.figure("fp_wake_phase_seconds_count", phase="first_byte") == 1


def test_an_answer_that_nobody_waited_for_is_no_part_of_a_wake(parts: Parts) -> None:
    wake_up(parts, held=0)
    parts.wakes.first_byte("i1", 60_000.0)
    assert len(parts.kept) == 1


def test_a_wake_that_failed_says_where_the_time_went_and_hides_the_traceback(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.pass_ms(3 + 4)
    parts.check_in()
    parts.pass_ms(1 + 30)
    parts.wakes.report("a", Report("i1", {"process": 4.0, "checkin": 1.0}))
    parts.wakes.released("a", Failed(BROKEN), 2)
    assert (parts.record.outcome, parts.record.held) == ("failed", 2)
    assert parts.record.failure is not None
    assert (parts.record.failure.file, parts.record.failure.line) == ("app.py", 4)
    assert parts.record.failure.traceback is None
    assert parts.phases()["imports"] == pytest.approx(30)
    assert "startup" not in parts.phases()


def test_controls_own_calls_wake_and_are_not_counted_as_held(parts: Parts) -> None:
    parts.wakes.begin("a", API)
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.wakes.released("a", UP, 2)
    assert (parts.record.cause, parts.record.held) == ("api", 1)


def test_a_sleep_that_was_given_up_is_no_wake(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.released("a", UP, 4)
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.pass_ms(5)
    parts.wakes.released("a", UP, 1)
    assert [(record.ms, record.held) for _, record in parts.kept] == [(5.0, 1)]


def test_who_comes_while_it_wakes_makes_no_second_record_and_who_comes_after_it_does(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.pass_ms(10)
    parts.wakes.begin("a", Cause("request", "POST", "/late"))
    parts.wakes.asking("a")
    parts.wakes.released("a", UP, 2)
    parts.wakes.released("a", UP, 0)
    assert [(record.path, record.ms) for _, record in parts.kept] == [("/notes", 10.0)]


def test_the_start_of_another_instance_is_not_told_as_this_ones(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.check_in(instance="i2")
    parts.wakes.report("a", Report("i1", PHASES, [("other", 5.0)]))
    parts.wakes.released("a", UP, 1)
    assert (parts.record.instance, parts.record.modules) == ("i2", [])


def test_a_connection_at_the_apps_address_is_a_cause_of_its_own(parts: Parts) -> None:
    parts.directory.apply(view("a", service="127.0.0.1:9", number=3))
    parts.directory.apply(view("a", replicas=1, service="127.0.0.1:9", number=3))
    parts.pass_ms(3 + 4)
    parts.check_in()
    parts.wakes.report("a", Report("i1", PHASES))
    parts.pass_ms(12)
    parts.wakes.released("a", UP, 0)
    assert (parts.record.cause, parts.record.held, parts.record.ms) == ("socket", 0, 19.0)


def test_a_start_that_another_activator_was_asked_for_is_its_to_record(parts: Parts) -> None:
    parts.directory.apply(view("a", replicas=1, number=3))
    parts.directory.apply(awake("a", 9))
    parts.wakes.released("a", UP, 0)
    assert parts.kept == []


def test_of_a_runner_that_checked_in_elsewhere_the_cluster_has_the_phases(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.pass_ms(40)
    parts.directory.apply(awake("a", 9, phases={"imports": 9.0, "startup": 2.0}))
    parts.wakes.released("a", UP, 1)
    assert parts.phases() == {"gate": 0.0, "imports": 9.0, "startup": 2.0}


def test_a_runner_of_the_pool_is_claimed_not_started(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.pass_ms(12)
    parts.wakes.hello("a", Report("i1", {}), parts.clock)
    parts.wakes.report("a", Report("i1", {"imports": 9.0, "startup": 2.0}, (), "pool"))
    parts.wakes.released("a", UP, 1)
    assert parts.phases() == {"gate": 0.0, "claim": 12.0, "imports": 9.0, "startup": 2.0}
    assert parts.record.start == "pool"


def test_nothing_that_is_already_awake_or_just_found_is_a_wake(parts: Parts) -> None:
    parts.directory.apply(awake("b", 9))
    parts.directory.apply(view("c", replicas=1))
    parts.directory.apply(awake("a", 9))
    for app in ("a", "b", "c"):
        parts.wakes.released(app, UP, 0)
    assert parts.kept == []


def test_an_app_that_comes_up_after_all_have_left_was_woken(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.wakes.leave("a")
    parts.pass_ms(900)
    parts.wakes.sweep()
    parts.wakes.released("a", UP, 0)
    assert (parts.record.outcome, parts.record.held, parts.record.ms) == ("ready", 0, 900.0)


def test_an_app_that_fails_after_all_have_left_has_failed(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.wakes.leave("a")
    parts.directory.apply(view("a", replicas=1))
    parts.directory.apply(view("a", failure=BROKEN))
    assert (parts.record.outcome, parts.record.failure and parts.record.failure.line) == ("failed", 4)


def test_nobody_can_wait_for_longer_than_the_deadline(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.pass_ms(25_400)
    parts.wakes.sweep()
    assert parts.kept == [], "somebody still waits"
    parts.wakes.leave("a")
    parts.wakes.sweep()
    parts.wakes.released("a", UP, 0)
    assert [(record.outcome, record.ms, record.held) for _, record in parts.kept] == [("timeout", 25_000.0, 0)]


def test_a_deleted_app_is_gone(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.directory.apply(AppGone("a"))
    parts.wakes.released("a", Gone(), 1)
    assert parts.record.outcome == "gone"


def test_what_a_runner_says_is_taken_only_as_far_as_it_can_be_true(parts: Parts) -> None:
    parts.wakes.begin("a", GET)
    parts.wakes.asking("a")
    parts.check_in()
    lies = {"process": 4.0, "checkin": -1.0, "imports": 1e300, "gate": 5.0, "x" * 500: 1.0}
    modules = [("m" * 5000, 3.0), ("minus", -1.0), *((f"m{number}", 1.0) for number in range(50))]
    parts.wakes.report("a", Report("i1", lies, modules, "s" * 5000))
    parts.wakes.released("a", UP, 1)
    parts.wakes.first_byte("i1", -3.0)
    assert set(parts.phases()) == {"gate", "spawn", "runtime"}
    assert parts.phases()["gate"] == 0
    assert len(parts.record.modules) == MAX_MODULES
    assert max(len(module.name) for module in parts.record.modules) == 200
    assert len(parts.record.start or "") == 200


def test_figures_are_of_all_apps_together(parts: Parts) -> None:
    wake_up(parts)
    parts.directory.apply(view("b"))
    wake_up(parts, "b", held=40, instance="i2")
    assert parts.figure("fp_wake_seconds_count", outcome="ready") == 2
    assert parts.figure("fp_wake_seconds_sum", outcome="ready") == pytest.approx(0.042)
    assert parts.figure("fp_wake_phase_seconds_sum", phase="imports") == pytest.approx(0.018)
    assert parts.figure("fp_wake_held_requests_sum") == 43


def test_apps_that_never_answer_are_not_remembered_for_ever(parts: Parts) -> None:
    for number in range(MOST_UNANSWERED + 5):
        wake_up(parts, instance=f"i{number}")
    count = len(parts.kept)
    parts.wakes.first_byte("i0", 1.0)
    assert len(parts.kept) == count
    parts.wakes.first_byte(f"i{MOST_UNANSWERED}", 1.0)
    assert len(parts.kept) == count + 1
