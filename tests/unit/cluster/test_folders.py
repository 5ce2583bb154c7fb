"""Names and paths from outside never leave the folder they are meant for; code folders are complete or absent."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster import paths
from cluster.local import folders

UNSAFE = [
    "",
    ".",
    "..",
    "/",
    "/etc/passwd",
    "../x",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    "a\\b",
    "a\0",
    "x" * 256,
    "a/" * 600,
]


@pytest.mark.parametrize("path", UNSAFE)
def test_unsafe_paths_are_refused(path: str) -> None:
    with pytest.raises(paths.UnsafePath):
        paths.checked_path(path)


@pytest.mark.parametrize("path", ["app.py", "a/b/c.html", ".env", "...", "a b.txt", "ä/ö.py", "-rf"])
def test_plain_paths_are_taken(path: str) -> None:
    assert str(paths.checked_path(path)) == path


@given(st.text(alphabet=st.sampled_from("./\\\0ab"), max_size=12))
def test_a_path_that_is_taken_stays_inside(path: str) -> None:
    try:
        checked = paths.checked_path(path)
    except paths.UnsafePath:
        return
    assert not checked.is_absolute()
    assert ".." not in checked.parts
    assert (Path("/base") / checked).is_relative_to("/base")
    assert str(checked) == path


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "-a", ".hidden", "a\0", "x" * 151, "ä"])
def test_ids_that_are_no_names_are_refused(name: str) -> None:
    with pytest.raises(paths.UnsafePath):
        paths.checked_name(name)


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3), st.data())
def test_other_files_are_another_folder(files: dict[str, str], data: st.DataObject) -> None:
    others = data.draw(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3))
    assert (folders.code_name("v", files) == folders.code_name("v", others)) == (files == others)


def test_code_is_written_whole(tmp_path: Path) -> None:
    folders.unpack({"app.py": "x = 'ä'\n", "static/a.css": "b"}, tmp_path / "code" / "v1")
    assert (tmp_path / "code" / "v1" / "app.py").read_text(encoding="utf-8") == "x = 'ä'\n"
    assert (tmp_path / "code" / "v1" / "static" / "a.css").read_text() == "b"
    assert [path.name for path in (tmp_path / "code").iterdir()] == ["v1"]


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"app.py": "x", "../y.py": "y"}, paths.UnsafePath),
        ({"a": "x", "a/b": "y"}, OSError),
        ({"app.py": "\ud800"}, UnicodeError),
    ],
    ids=["outside", "file and folder", "no text"],
)
def test_code_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, files: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        folders.unpack(files, tmp_path / "code" / "v1")
    assert not (tmp_path / "code").exists() or list((tmp_path / "code").iterdir()) == []


def test_a_file_is_replaced_or_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    folders.write_file(path, b"one", durable=True)
    folders.write_file(path, b"two", durable=False)
    assert path.read_bytes() == b"two"
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match="file"):
        folders.write_file(path, b"three", durable=False)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
