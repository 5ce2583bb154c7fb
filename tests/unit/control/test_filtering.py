"""Filters are read from text: what they mean, and that any other text is refused by name, never with a traceback."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from control.domain import filtering
from control.domain.errors import Invalid
from control.domain.filtering import LogFilter, given

READERS: dict[str, Callable[[str], Any]] = {
    "status": filtering.read_status,
    "method": filtering.read_method,
    "path": filtering.read_path,
    "since": filtering.read_time,
    "ms_over": filtering.read_ms,
    "ms": filtering.read_bounds,
    "cold": filtering.read_flag,
    "level": filtering.read_level,
    "order": filtering.read_order,
    "lines": filtering.read_count(100),
}
COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "": lambda a, b: a == b,
}


@for_all(st.sampled_from(sorted(COMPARE)), st.integers(100, 999), st.integers(100, 999))
def test_a_comparison_takes_what_it_says(sign: str, bound: int, status: int) -> None:
    span = filtering.read_status(f"{sign}{bound}")
    assert (span.low <= status <= span.high) == COMPARE[sign](status, bound)


@for_all(st.integers(1, 5), st.integers(100, 999), st.sampled_from(["xx", "XX", "xX"]))
def test_a_class_takes_its_hundred(first: int, status: int, letters: str) -> None:
    span = filtering.read_status(f"{first}{letters}")
    assert (span.low <= status <= span.high) == (status // 100 == first)


@for_all(st.sampled_from(sorted(READERS)), st.text(max_size=80))
def test_any_text_is_read_or_refused_by_name(name: str, text: str) -> None:
    try:
        given(name, text, READERS[name])
    except Invalid as error:
        assert error.message.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("status", text)
            for text in ("", "6xx", "0xx", "40", "4040", "=>400", ">4xx", "٤٠٤", "404 ", "4xx\n", "500..400", "400..")
        ),
        *(("method", text) for text in ("", "GET POST", "G\n", "É", "X" * 21)),
        *(("path", text) for text in ("", "items", "/*/*/*/*")),
        *(
            ("since", text)
            for text in ("", "yesterday", "2026-01-01", "2026-01-01T00:00:00", "0001-01-01T00:00:00+10:00")
        ),
        *(("ms_over", text) for text in ("", "-1", "nan", "inf", "1e999", "fast")),
        *(("ms", text) for text in ("", "-1", ">", "nan", "5..1", "1..2..3", "1e9", "٤")),
        *(("cold", text) for text in ("", "1", "TRUE", "yes")),
        *(("level", text) for text in ("", "INFO", "fatal")),
        *(("order", text) for text in ("", "newest")),
        *(("lines", text) for text in ("", "-1", "101", "1.5", "9" * 5000, "²")),
    ],
)
def test_what_is_refused(name: str, text: str) -> None:
    with pytest.raises(Invalid, match=f"^{name}: it must be "):
        given(name, text, READERS[name])


def test_values_are_brought_into_one_form() -> None:
    assert filtering.read_method("get") == "GET"
    assert filtering.read_path("/a/**/***b") == "/a/*/*b"
    assert filtering.read_time("2026-01-01T02:00:00.1239+02:00") == datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)
    assert (filtering.read_ms("2.5"), filtering.read_ms("0")) == (2.5, 0)
    assert filtering.read_bounds(">2.5") == ((">", 2.5),)
    assert filtering.read_bounds("2") == ((">=", 2),)
    assert filtering.read_bounds("1..2") == ((">=", 1), ("<=", 2))
    assert filtering.read_status("400..404") == (400, 404)
    assert (filtering.read_flag("true"), filtering.read_flag("false")) == (True, False)


def test_a_level_wants_those_above_too() -> None:
    assert LogFilter(level="error").levels == ("error", "critical")
    assert LogFilter().levels == filtering.LEVELS


def test_a_span_of_time_must_have_something_in_it() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    filtering.check_span(moment, None)
    with pytest.raises(Invalid, match=r"^until: "):
        filtering.check_span(moment, moment)
