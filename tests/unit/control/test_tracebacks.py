"""Tracebacks are read back into frames, with the code that ran around each."""

import traceback

from hypothesis import given
from hypothesis import strategies as st

from control.domain.tracebacks import MAX_FRAMES, code_around, frames_of

SOURCE = "".join(f"line_{number}\n" for number in range(1, 11))
TEXT = """Traceback (most recent call last):
  File "app.py", line 5, in index
    line_five()
    ~~~~~~~~~^^
  File "lib/deep.py", line 2, in fail
    raise ValueError("no")
ValueError: no"""


def test_each_frame_has_its_place_and_the_code_around_it() -> None:
    first, second = frames_of(TEXT, {"app.py": SOURCE, "lib/deep.py": "a\nb"})
    assert (first.file, first.line, first.function, first.code) == ("app.py", 5, "index", "line_5")
    assert [(shown.line, shown.text) for shown in first.around] == [(n, f"line_{n}") for n in range(2, 9)]
    assert [(shown.line, shown.text) for shown in second.around] == [(1, "a"), (2, "b")]


def test_without_the_version_a_frame_has_the_line_that_was_recorded() -> None:
    for files in (None, {"other.py": "x"}, {"app.py": "only\nthree\nlines", "lib/deep.py": ""}):
        first, second = frames_of(TEXT, files)
        assert (first.code, first.around) == ("line_five()", [])
        assert (second.code, second.around) == ('raise ValueError("no")', [])


def test_real_tracebacks_of_groups_and_causes_are_read() -> None:
    def fail(depth: int) -> None:
        if depth:
            fail(depth - 1)
        raise ExceptionGroup("both", [ValueError("a"), _caught()])

    try:
        fail(1)
    except ExceptionGroup as error:
        text = "".join(traceback.format_exception(error))
    named = [frame.function for frame in frames_of(text, None)]
    assert named[0] == "test_real_tracebacks_of_groups_and_causes_are_read"
    assert "_caught" in named
    assert named.count("fail") == 2


def _caught() -> Exception:
    try:
        raise KeyError("b")
    except KeyError as error:
        return error


def test_a_syntax_error_has_a_frame_without_a_function() -> None:
    (frame,) = frames_of('  File "app.py", line 3\n    def (\n        ^\nSyntaxError: invalid syntax', None)
    assert (frame.line, frame.function, frame.code) == (3, None, "def (")


def test_the_innermost_frames_are_kept_of_very_many() -> None:
    text = "\n".join(f'  File "app.py", line {number}, in f' for number in range(1, 301))
    assert [frame.line for frame in frames_of(text, None)] == list(range(301 - MAX_FRAMES, 301))


@given(st.text(), st.integers(-5, 2**70))
def test_no_text_reaches_a_traceback(text: str, line: int) -> None:
    frames_of(text, {"app.py": text})
    frames_of(f'  File "app.py", line {line}, in f\n{text}', {"app.py": text})
    assert len(code_around(text, line)) <= 7
