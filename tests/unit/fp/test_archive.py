"""ZIPs: what goes in comes out, and nothing that is not an app's gets through."""

import io
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fp.archive import BadArchive, pack, unpack
from fp.project import Config

NAMES = st.from_regex(r"\A[a-z]{1,8}(/[a-z]{1,8})?\.(py|html|css)\Z")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).filter(
    lambda text: not text.startswith("\ufeff")
)


@settings(max_examples=60)
@given(st.dictionaries(NAMES, TEXTS, min_size=1, max_size=8))
def test_what_was_packed_comes_out_again(files: dict[str, str]) -> None:
    found = unpack(pack({**files, "app.py": ""}, {"name": "todo", "env": {"A": "1"}}))
    assert found.files == {**files, "app.py": ""}
    assert found.config == Config(name="todo", env={"A": "1"})
    assert found.skipped == []


@settings(max_examples=150)
@given(st.binary(max_size=400), st.integers(0, 300))
def test_any_bytes_get_an_answer(junk: bytes, place: int) -> None:
    """Whole junk, and an archive with some of its bytes changed."""
    good = pack({"app.py": "x = 1\n" * 20}, {})
    for data in (junk, good[:place] + junk[:4] + good[place + 4 :], good[:place]):
        try:
            unpack(data)
        except BadArchive as error:
            assert str(error)


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(name, data)
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize("name", ["../app.py", "/etc/x.py", "a/../../b.py", "..\\app.py", "\\app.py"])
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(BadArchive) as caught:
        unpack(archive(("app.py", b""), (name, b"")))
    assert [finding.code for finding in caught.value.findings] == ["bad_path"]


def test_links_are_refused() -> None:
    with pytest.raises(BadArchive) as caught:
        unpack(archive(("app.py", b""), (link("passwd.txt"), b"/etc/passwd")))
    assert [(finding.code, finding.file) for finding in caught.value.findings] == [("link", "passwd.txt")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused() -> None:
    with pytest.raises(BadArchive, match="twice"):
        unpack(archive(("app.py", b"one"), ("app.py", b"two")))


def test_sizes_are_counted_and_not_believed() -> None:
    with pytest.raises(BadArchive) as caught:
        unpack(archive(("app.py", b"#" * 10_000_000)))
    assert caught.value.too_large
    with pytest.raises(BadArchive) as caught:
        unpack(archive(*((f"m{number}.py", b"#" * 90_000) for number in range(6))))
    assert caught.value.too_large
    with pytest.raises(BadArchive) as caught:
        unpack(archive(*((f"m{number}.py", b"") for number in range(1001))))
    assert caught.value.too_large


def test_a_wrong_config_and_a_file_that_is_no_text_are_named() -> None:
    for entry, code in (((".fp.yaml", b"nmae: todo"), "bad_config"), (("x.txt", b"\xff\xfe"), "not_text")):
        with pytest.raises(BadArchive) as caught:
            unpack(archive(("app.py", b""), entry))
        assert [(finding.code, finding.file) for finding in caught.value.findings] == [(code, entry[0])]


@pytest.mark.parametrize("name", ["", "\0app.py"])
def test_a_file_without_a_name_is_told(name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), "x = 1")
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, "x = 1")
    with pytest.raises(BadArchive) as caught:
        unpack(made.getvalue())
    assert [finding.code for finding in caught.value.findings] == ["bad_path"]
