"""What may be an app's name, a username or a file path, whatever people and scripts think of."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.domain.errors import Invalid, TooLarge
from control.domain.files import check_files
from control.domain.ids import ID_LENGTH, is_id, new_id
from control.domain.names import check_app_name, check_username, free_name
from fp.names import APP_NAME, MAX_FILE_BYTES, MAX_FILES, RESERVED_APP_NAMES
from fp.validation import DEFAULT_RULES
from fp.validation.paths import path_problem, shown

GOOD_PATHS = [
    "app.py",
    "static/css/site.css",
    "a/b/c/d/e/f/g/h/i/j",
    "ümlaut.md",
    "with space.txt",
    "x" * 200,
    "v1.2.txt",
]
BAD_PATHS = [
    "", "/etc/passwd", "../x.py", "a/../../x", "a/./b", "a//b", "a/", "a\\b", "C:\\x", "nul\0byte", ".git/config", "a/.env",
    "..", ".", "x" * 201, "a/b/c/d/e/f/g/h/i/j/k", "new\nline", " lead", "trail ", "dot.", "a /b", 'quo"te', "what?", "\x7f",
]  # fmt: skip


@pytest.mark.parametrize("path", GOOD_PATHS)
def test_a_good_path_passes(path: str) -> None:
    assert path_problem(path, DEFAULT_RULES) is None


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_bad_path_is_refused_with_a_finding_on_it(path: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_files({"app.py": "", path: ""}, "app.py")
    assert {(finding.code, finding.file) for finding in caught.value.findings} == {("bad_path", shown(path))}


@given(st.text(st.sampled_from("ab./\\ \0:~-"), max_size=12))
def test_a_path_that_passes_stays_inside_its_folder_and_shows(path: str) -> None:
    if path_problem(path, DEFAULT_RULES) is None:
        parts = PurePosixPath(path).parts
        assert "/".join(parts) == path
        assert not PurePosixPath(path).is_absolute()
        assert not any(part.startswith(".") for part in parts)


@given(st.dictionaries(st.text(max_size=8), st.text(st.characters(), max_size=20), max_size=5), st.text(max_size=8))
def test_files_either_pass_or_are_refused_by_name(files: dict[str, str], entrypoint: str) -> None:
    try:
        check_files(files, entrypoint)
    except Invalid as error:
        assert error.findings or not files
    else:
        assert entrypoint in files
        assert all(path_problem(path, DEFAULT_RULES) is None for path in files)
        "".join(files.values()).encode()


def test_limits_are_exact() -> None:
    check_files({"app.py": "x" * MAX_FILE_BYTES}, "app.py")
    with pytest.raises(TooLarge) as caught:
        check_files({"app.py": "x" * MAX_FILE_BYTES + "y"}, "app.py")
    assert [finding.file for finding in caught.value.findings] == ["app.py"]
    check_files({"app.py": ""} | {f"{n}.txt": "" for n in range(MAX_FILES - 1)}, "app.py")
    with pytest.raises(TooLarge):
        check_files({"app.py": ""} | {f"{n}.txt": "" for n in range(MAX_FILES)}, "app.py")
    with pytest.raises(TooLarge):
        check_files({f"{n}.py": "x" * MAX_FILE_BYTES for n in range(6)}, "0.py")


def test_sizes_count_bytes_not_characters() -> None:
    with pytest.raises(TooLarge):
        check_files({"app.py": "€" * (MAX_FILE_BYTES // 2)}, "app.py")


@pytest.mark.parametrize(
    ("files", "entrypoint", "code"),
    [
        ({"app.py": "", "APP.py": ""}, "app.py", "bad_path"),
        ({"app.py": "", "a.md": "", "a.md/b.txt": ""}, "app.py", "bad_path"),
        ({"app.py": "\ud800"}, "app.py", "not_text"),
        ({"other.py": ""}, "app.py", "no_entrypoint"),
        ({"app.txt": ""}, "app.txt", "bad_entrypoint"),
    ],
)
def test_files_that_cannot_be_kept_are_named(files: dict[str, str], entrypoint: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_files(files, entrypoint)
    assert [finding.code for finding in caught.value.findings] == [code]


@pytest.mark.parametrize("name", ["a", "todo", "my-app-2", "a" * 40])
def test_a_good_app_name_passes(name: str) -> None:
    assert check_app_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "A", "1a", "-a", "a-", "a_b", "a.b", "a" * 41, "ä", "a\n", *sorted(RESERVED_APP_NAMES)]
)
def test_a_bad_app_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        check_app_name(name)


@given(st.text(max_size=45))
def test_a_name_that_passes_is_a_dns_label(name: str) -> None:
    try:
        check_app_name(name)
    except Invalid:
        return
    assert name.isascii()
    assert name == name.lower()
    assert 1 <= len(name) <= 40
    assert not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_generated_names_are_valid_and_rarely_alike() -> None:
    names = [free_name() for _ in range(300)]
    assert all(APP_NAME.fullmatch(name) and name not in RESERVED_APP_NAMES for name in names)
    assert len(set(names)) > 280


@pytest.mark.parametrize("username", ["a", "-a", "A b", "a" * 33, "ä1", "", "a\n"])
def test_a_bad_username_is_refused(username: str) -> None:
    with pytest.raises(Invalid):
        check_username(username)


def test_ids_are_valid_names_and_never_alike() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert all(is_id(made) and len(made) == ID_LENGTH and APP_NAME.fullmatch(made) for made in ids)
    assert not is_id("quiet-river-42")
