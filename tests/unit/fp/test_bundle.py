"""Which files of a folder a deploy sends."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fp.bundle import collect
from fp.errors import ProjectError
from fp.ignore import walk


def make(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def found(folder: Path) -> list[str]:
    return sorted(entry.name for entry in walk(folder))


def test_some_things_are_never_sent(tmp_path: Path) -> None:
    """Secrets, history, environments and caches stay, even where an ignore file asks for them."""
    make(
        tmp_path,
        {
            "app.py": "",
            "static/style.css": "",
            ".fpignore": "!.env\n!.git\n!env/**\n",
            ".env": "SECRET=1",
            ".env.local": "SECRET=1",
            ".git/config": "",
            ".fp.yaml": "",
            "env/pyvenv.cfg": "",
            "env/lib/x.py": "",
            "venv/x.py": "",
            "node_modules/x.js": "",
            "__pycache__/x.py": "",
            "thing.egg-info/PKG.txt": "",
            "static/.hidden.css": "",
        },
    )
    assert found(tmp_path) == ["app.py", "static/style.css"]


def test_ignore_files(tmp_path: Path) -> None:
    """`.fpignore` adds to `.gitignore` and wins over it; a deeper file wins over a higher one."""
    make(
        tmp_path,
        {
            ".gitignore": "*.txt\nbuild/\n/only-here.py\n",
            ".fpignore": "tests\n!keep.txt\n",
            "app.py": "",
            "notes.txt": "",
            "keep.txt": "",
            "build/x.py": "",
            "build/keep.txt": "",
            "tests/test_a.py": "",
            "only-here.py": "",
            "pkg/only-here.py": "",
            "pkg/.gitignore": "!notes.txt\nlocal.py\n",
            "pkg/notes.txt": "",
            "pkg/local.py": "",
        },
    )
    assert found(tmp_path) == ["app.py", "keep.txt", "pkg/notes.txt", "pkg/only-here.py"]


lines = st.sampled_from(
    [
        "*.py",
        "!a.py",
        "/a.py",
        "d/",
        "d/*",
        "!d/b.py",
        "**/b.py",
        "d/**",
        "!d/",
        "e",
        "!e/d",
        "# c",
        "",
        "a*",
        "!*",
        "*",
        "!",
        "d",
        "!d",
        "e/d",
        "**",
        "!e/**",
        "/e/",
        "\\\\",
        "a.py ",
        "[ab].py",
        "e/*/b.py",
    ]
)
places = [f"{folder}{name}" for folder in ("", "d/", "e/", "e/d/") for name in ("a.py", "b.py")]


@given(st.lists(lines, max_size=5), st.lists(lines, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ignore_rules_are_those_of_git(tmp_path: Path, top: list[str], below: list[str]) -> None:
    """For any ignore files, the files that are left are those that git would add."""
    make(tmp_path, dict.fromkeys(places, ""))
    make(tmp_path, {".gitignore": "\n".join(top), "e/.gitignore": "\n".join(below)})
    if not (tmp_path / ".git").exists():
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    asked = ["git", "ls-files", "--others", "--exclude-standard", "-z", "*.py"]
    told = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert found(tmp_path) == sorted(filter(None, told.split("\0")))


def test_links(tmp_path: Path) -> None:
    """A link inside the folder is read; one that leads out is refused; one to a folder is not followed."""
    outside = make(tmp_path / "outside", {"secret.txt": "s"})
    folder = make(tmp_path / "app", {"app.py": "x = 1"})
    (folder / "same.py").symlink_to("app.py")
    (folder / "secret.txt").symlink_to(outside / "secret.txt")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "gone.py").symlink_to("nowhere.py")
    bundle = collect(folder)
    assert bundle.files == {"app.py": "x = 1", "same.py": "x = 1"}
    assert [(one.code, one.file) for one in bundle.findings] == [("outside", "secret.txt")]


def test_what_cannot_be_sent_is_named(tmp_path: Path) -> None:
    """Other kinds of files are listed, files that are too large or not text are findings, the rest is sent as it is."""
    text = "# é\r\nx = 1\n"
    make(tmp_path, {"app.py": b"\xef\xbb\xbf" + text.encode(), "logo.png": b"\x89PNG", "Dockerfile": "FROM x"})
    make(tmp_path, {"big.csv": "x" * 102_401, "odd.txt": b"ab\xff"})
    bundle = collect(tmp_path)
    assert bundle.files == {"app.py": text}
    assert bundle.skipped == ["Dockerfile", "logo.png"]
    assert [(one.code, one.file) for one in bundle.findings] == [("file_too_large", "big.csv"), ("not_text", "odd.txt")]
    assert "byte 3" in bundle.findings[1].message


def test_a_folder_that_is_no_app(tmp_path: Path) -> None:
    """Hundreds of files: stop, and say that it is the wrong folder."""
    make(tmp_path, {f"n{number}.txt": "" for number in range(201)})
    with pytest.raises(ProjectError) as caught:
        collect(tmp_path)
    assert ".fpignore" in caught.value.hint


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(ProjectError) as caught:
        collect(tmp_path / "nowhere")
    assert "nowhere" in caught.value.message
