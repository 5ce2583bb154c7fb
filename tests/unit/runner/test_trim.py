"""Tracebacks show the user's frames, with paths from the root of their code."""

import json
from pathlib import Path

import pytest

from runner.trim import MAX_TEXT, Trimmer, core, summary


def raised(root: Path, source: str, name: str = "app.py") -> BaseException:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    try:
        exec(compile(source, str(path), "exec"), {})
    except BaseException as error:
        return error
    raise AssertionError("the source should have raised")


def test_frames_of_packages_and_of_the_caller_are_left_out(tmp_path: Path) -> None:
    error = raised(tmp_path, "import json\ndef f():\n    json.loads('{')\nf()\n", "pkg/data.py")
    text = Trimmer(tmp_path).text(error)
    frames = [line for line in text.splitlines() if line.startswith("  File")]
    assert frames == ['  File "pkg/data.py", line 4, in <module>', '  File "pkg/data.py", line 3, in f']
    assert text.endswith(summary(error))
    assert "json.loads('{')" in text
    place = Trimmer(tmp_path).place(error)
    assert place is not None
    assert (place.file, place.line, place.column) == ("pkg/data.py", 3, 5)


def test_causes_are_trimmed_too(tmp_path: Path) -> None:
    source = "import json\ntry:\n    json.loads('{')\nexcept ValueError as e:\n    raise KeyError('k') from e\n"
    text = Trimmer(tmp_path).text(raised(tmp_path, source))
    assert text.count("  File") == 2
    assert "direct cause" in text
    assert str(tmp_path) not in text


def test_an_exception_without_a_frame_of_the_users_keeps_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        json.loads("{")
    text = Trimmer(tmp_path).text(caught.value)
    assert text.count("  File") == 1
    assert "decoder.py" in text
    assert Trimmer(tmp_path).place(caught.value) is None


def test_a_syntax_error_has_its_own_place(tmp_path: Path) -> None:
    error = raised(tmp_path, "x = 1\ny = (\n")
    place = Trimmer(tmp_path).place(error)
    assert place is not None
    assert (place.file, place.line, place.column) == ("app.py", 2, 5)
    text = Trimmer(tmp_path).text(error)
    assert [line for line in text.splitlines() if "File" in line] == ['  File "app.py", line 2']


def test_installed_packages_inside_the_root_are_not_the_users(tmp_path: Path) -> None:
    error = raised(tmp_path, "1 / 0\n", "site-packages/lib.py")
    assert Trimmer(tmp_path).place(error) is None


def test_a_very_long_traceback_keeps_both_ends(tmp_path: Path) -> None:
    error = raised(tmp_path, f"raise ValueError('a' + 'x' * {MAX_TEXT * 3} + 'z')\n")
    text = Trimmer(tmp_path).text(error)
    assert len(text) < MAX_TEXT + 100
    assert text.startswith("Traceback")
    assert text.endswith("z")


def test_endless_recursion_is_told_in_bounds(tmp_path: Path) -> None:
    text = Trimmer(tmp_path).text(raised(tmp_path, "def f():\n    f()\nf()\n"))
    assert "RecursionError" in text
    assert len(text) < MAX_TEXT + 100


def test_a_group_of_one_is_its_member() -> None:
    inner = KeyError("x")
    assert core(ExceptionGroup("g", [ExceptionGroup("h", [inner])])) is inner
    several = ExceptionGroup("g", [inner, inner])
    assert core(several) is several
