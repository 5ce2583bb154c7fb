"""A machine that lacks something is told what, and how to get it, before anything is installed or started."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.platform import ROOT

EVERYDAY = ["sh", "dirname", "cat", "cksum", "rm", "mkdir", "env"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with the everyday tools of a POSIX system and nothing else."""
    for tool in EVERYDAY:
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    return tmp_path


def justw(machine: Path) -> str:
    """What `./justw up` says on that machine, which it must refuse."""
    environment = {"PATH": str(machine), "HOME": str(machine)}
    answer = subprocess.run(
        [ROOT / "justw", "up"], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert answer.returncode == 1, answer
    return answer.stderr


def program(machine: Path, name: str, script: str) -> None:
    (machine / name).write_text(f"#!/bin/sh\n{script}\n")
    (machine / name).chmod(0o755)


def test_no_python_is_told(machine: Path) -> None:
    """Nor one that is too old: the version is named with two ways to get it."""
    assert "Python 3.11 or newer" in justw(machine)
    program(machine, "python3", "exit 1")
    assert "FP_PYTHON" in justw(machine)


def test_no_node_or_an_old_one_is_told(machine: Path) -> None:
    """The version that is there is said, and the one that is needed."""
    (machine / "python3").symlink_to(sys.executable)
    assert "Node 20 or newer" in justw(machine)
    program(machine, "node", "echo v18.19.0")
    assert "this is v18.19.0" in justw(machine)


@pytest.mark.parametrize(("function", "words"), [("mongod", "FP_MONGO_URI"), ("traefik", "Traefik 3.7")])
def test_a_missing_server_is_told(tmp_path: Path, function: str, words: str) -> None:
    """Without the packages and without the program on PATH: the message names both ways out."""
    interpreter = tmp_path / "python"
    interpreter.symlink_to(Path(sys.executable).resolve())
    call = f"programs.{function}()"
    code = f"from fp.local import programs\ntry:\n    {call}\nexcept Exception as error:\n    print(error, error.hint)"
    environment = {"PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "cli")} | {
        name: value for name, value in os.environ.items() if name.startswith("LD_")
    }
    answer = subprocess.run(
        [interpreter, "-S", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert "No " in answer.stdout
    assert words in answer.stdout


@pytest.mark.parametrize(
    ("function", "words"), [("app_python", "packages for apps"), ("web_page", "web page is not built")]
)
def test_a_checkout_that_is_not_prepared_is_told(tmp_path: Path, function: str, words: str) -> None:
    """Started without the task that installs and builds: said, with that task's name."""
    from fp.local import programs
    from fp.local.errors import LocalError

    with pytest.raises(LocalError, match=words) as raised:
        getattr(programs, function)(tmp_path)
    assert "./justw up" in raised.value.hint


def test_apps_may_run_in_an_interpreter_of_ones_own(tmp_path: Path) -> None:
    """FP_RUNNER_PYTHON wins over the checkout's own, and a link stays a link: its place says which packages it has."""
    from fp.local import programs

    chosen = tmp_path / "python"
    chosen.symlink_to(sys.executable)
    assert programs.app_python(tmp_path / "nowhere", str(chosen)) == chosen


def test_a_chosen_interpreter_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The error quotes what was given and says what to name instead."""
    from fp.local import programs
    from fp.local.errors import LocalError

    with pytest.raises(LocalError, match="there is no interpreter at that path") as raised:
        programs.app_python(tmp_path, str(tmp_path / "python"))
    assert "requirements/apps.txt" in raised.value.hint
