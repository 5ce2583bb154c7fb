"""`.fp.yaml`, and the names apps get from folders."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fp import names
from fp.errors import ProjectError
from fp.project import Config, find_project, name_from, name_problem, read_config, write_config


def config_of(folder: Path, text: str) -> Config:
    path = folder / ".fp.yaml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_everything_is_optional(tmp_path: Path) -> None:
    """An empty file is a valid one, and no file is too."""
    assert config_of(tmp_path, "") == Config()
    assert config_of(tmp_path, "# nothing\n") == Config()
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / ".fp.yaml").unlink()
    assert find_project(empty).configured is False


def test_all_keys(tmp_path: Path) -> None:
    """Each key is read, also after a byte order mark."""
    text = "\ufeffname: todo\nentrypoint: src/main.py\nidle_minutes: 0\nsharing:\n  title: Notes\n  picture: /a.png\n"
    sharing = {"title": "Notes", "picture": "/a.png"}
    assert config_of(tmp_path, text) == Config("todo", "src/main.py", 0, sharing=sharing)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nmae: todo", "did you mean `name`"),
        ("colour: red", "`colour` is not a key"),
        ("name: To Do", "must be 1 to 40"),
        ("name: 5", "must be text"),
        ("name: admin", "reserved"),
        ("entrypoint: app.js", "Python file"),
        ("idle_minutes: soon", "whole number"),
        ("idle_minutes: -1", "whole number"),
        ("idle_minutes: true", "whole number"),
        ("sharing: yes", "`sharing` must be"),
        ("sharing: {colour: red}", "`title: text`, `description: text`, `picture: text`"),
        ("sharing: {title: [1]}", "`sharing` must be"),
        ("- a\n- b", "not a list of `key: value`"),
        ("name: [", "not YAML (line 1)"),
        ("nmae: x\nidle_minutes: no", "did you mean `name`?; `idle_minutes`"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    """Every mistake at once, in words, with a hint."""
    with pytest.raises(ProjectError) as caught:
        config_of(tmp_path, text)
    assert words in caught.value.message
    assert caught.value.hint


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes reading fail in another way than with ProjectError."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ".fp.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        try:
            assert isinstance(read_config(path), Config)
        except ProjectError as error:
            assert error.message


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """`write_config` leaves out defaults and keeps the rest."""
    config = Config("notes", "main.py", 5)
    write_config(tmp_path, config)
    assert read_config(tmp_path / ".fp.yaml") == config
    write_config(tmp_path, Config(name="notes"))
    assert (tmp_path / ".fp.yaml").read_text() == "name: notes\n"


def test_the_nearest_project_upwards(tmp_path: Path) -> None:
    """A command works in any folder below `.fp.yaml`."""
    (tmp_path / ".fp.yaml").write_text("name: todo")
    below = tmp_path / "src" / "web"
    below.mkdir(parents=True)
    assert find_project(below).folder == tmp_path.resolve()
    assert find_project(below).name == "todo"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("My App", "my-app"),
        ("todo_list.v2", "todo-list-v2"),
        ("2048", None),
        ("3d-viewer", "d-viewer"),
        ("über", "ber"),
        ("admin", None),
        ("-", None),
        ("x" * 60, "x" * 40),
    ],
)
def test_a_name_from_a_folder(folder: str, name: str | None) -> None:
    """What can be kept of a folder's name, or nothing."""
    assert name_from(folder) == name


@given(st.text())
def test_a_name_that_is_made_is_a_valid_one(text: str) -> None:
    """Never one that the platform would refuse."""
    name = name_from(text)
    assert name is None or (names.APP_NAME.fullmatch(name) and name not in names.RESERVED_APP_NAMES)


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "1a", "a\n", "a.b", "x" * 41])
def test_names_that_are_none(name: str) -> None:
    """Only DNS labels that start with a letter."""
    assert name_problem(name)
