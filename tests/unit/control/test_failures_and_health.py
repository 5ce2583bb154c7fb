"""Which failures are the same error, and the one word for how an app does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.domain.counters import Counts
from control.domain.failures import Place, failures_of, fingerprint, place_of
from control.domain.health_word import health_of
from fp.api.apps import AppStatus
from fp.api.see import LogLine, RequestRecord
from runner.trim import Trimmer

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
SIMPLE = """Traceback (most recent call last):
  File "app.py", line 8, in root
    return pay(5)
  File "shop/pay.py", line 3, in pay
    return 1 / 0
           ~~^~~
ZeroDivisionError: division by zero"""
CHAINED = f"""{SIMPLE}

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "app.py", line 12, in root
    raise shop.Closed("come back tomorrow\\nor later")
shop.Closed: come back tomorrow
or later"""
SYNTAX = """  File "app.py", line 2
    def (:
        ^
SyntaxError: invalid syntax"""


def test_the_innermost_frame_is_the_place() -> None:
    place = place_of(SIMPLE)
    assert place == Place("ZeroDivisionError", "division by zero", "shop/pay.py", 3, "pay", "return 1 / 0")


def test_of_a_chain_the_last_exception_counts() -> None:
    place = place_of(CHAINED)
    assert (place.kind, place.message, place.line) == ("shop.Closed", "come back tomorrow", 12)


def test_a_syntax_error_lies_where_it_says() -> None:
    place = place_of(SYNTAX)
    assert (place.kind, place.file, place.line, place.function) == ("SyntaxError", "app.py", 2, None)


def test_what_the_runner_writes_is_read() -> None:
    def fails() -> None:
        raise ExceptionGroup("two", [ValueError("one\nline"), KeyError("k")])

    try:
        fails()
    except ExceptionGroup as error:
        place = place_of(Trimmer(Path(__file__).parent).text(error))
    assert place.kind in {"ExceptionGroup", "KeyError", "ValueError"}
    assert place.file == "test_failures_and_health.py"
    assert place.function == "fails"


def test_the_same_place_is_the_same_error_whatever_the_message_and_wherever_the_line_moved() -> None:
    moved = SIMPLE.replace("line 3", "line 30").replace("division by zero", "float division")
    assert fingerprint(place_of(SIMPLE)) == fingerprint(place_of(moved))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("ZeroDivisionError", "ValueError"), ("shop/pay.py", "shop/buy.py"), ("in pay", "in buy"), ("1 / 0", "2 / 0")],
)
def test_another_class_file_function_or_line_is_another_error(was: str, becomes: str) -> None:
    assert fingerprint(place_of(SIMPLE)) != fingerprint(place_of(SIMPLE.replace(was, becomes)))


def test_without_a_place_the_message_tells_errors_apart_but_not_by_its_numbers() -> None:
    one, same, other = (fingerprint(place_of(text)) for text in ("KeyError: 12", "KeyError: 99", "KeyError: 'x'"))
    assert one == same != other


@given(st.text(max_size=400) | st.text('File "x", line 1 in\n |:^~Trace', max_size=400))
def test_any_text_has_some_place_and_a_fingerprint(text: str) -> None:
    assert len(fingerprint(place_of(text))) == 16
    assert len(place_of(text * 100).message) <= 500


def test_long_text_is_read_quickly() -> None:
    for text in (
        " " * 2_000_000,
        '  File "' * 200_000,
        "| " * 1_000_000,
        "a." * 1_000_000,
        '  File "a", line 1, in f\n' * 50_000,
    ):
        assert place_of(text).kind


def line(text: str, level: str = "error", request: str | None = None) -> LogLine:
    return LogLine("l", NOW, level, text, request)


def test_a_traceback_in_the_log_counts_once_and_only_where_no_record_has_it() -> None:
    lines = [
        line(SIMPLE),
        line(SIMPLE, "info"),
        line(SIMPLE, request="r1"),
        line("it went wrong"),
        line(CHAINED, "critical"),
    ]
    failed = RequestRecord("r1", NOW, "GET", "/", "", 500, 1.0, None, 0, 0, 4, error=SIMPLE)
    fine = RequestRecord("r2", NOW, "GET", "/", "", 500, 1.0, None, 0, 0, 4)
    found = failures_of([failed, fine], lines)
    assert [(f.request, f.version, f.place.kind) for f in found] == [
        ("r1", 4, "ZeroDivisionError"), (None, None, "ZeroDivisionError"), (None, None, "shop.Closed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "live", "recent", "word"),
    [
        ("error", True, Counts(requests=9, s2=9), "failing"),
        ("error", False, Counts(), "failing"),
        ("draft", False, Counts(), "unknown"),
        ("deploying", False, Counts(), "unknown"),
        ("paused", True, Counts(requests=9, s5=9), "idle"),
        ("sleeping", True, Counts(), "idle"),
        ("running", True, Counts(), "idle"),
        ("running", True, Counts(requests=100, s5=4), "healthy"),
        ("running", True, Counts(requests=100, s5=5), "degraded"),
        ("running", True, Counts(requests=100, s5=50), "failing"),
        ("running", True, Counts(requests=1, s5=1), "failing"),
        ("running", True, Counts(requests=10, s4=10), "healthy"),
        ("running", True, Counts(requests=10, wakes=3, wakes_failed=1), "degraded"),
        ("sleeping", True, Counts(wakes=2, wakes_failed=2), "failing"),
    ],
)
def test_health_is_one_word(status: AppStatus, live: bool, recent: Counts, word: str) -> None:
    health = health_of(status, live, recent)
    assert health.word == word, health.reason
    assert health.reason
