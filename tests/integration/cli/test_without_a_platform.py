"""What `fp` does where nothing answers: help, init, validate, and errors with the right exit code on the right stream."""

import json
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fp.cli import COMMANDS
from tests.integration.cli.conftest import Fp, environment

BROKEN = "from fastapi import FastAPI\napp = FastAPI(\n"


def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_help_lists_every_command(fp: Fp) -> None:
    """Plain `fp` and `fp --help` say the same, on stdout."""
    plain, asked = fp(), fp("--help")
    assert plain.returncode == asked.returncode == 0
    assert plain.stdout == asked.stdout
    assert all(f"  {command.name} " in plain.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", [command.name for command in COMMANDS if command.name not in {"up", "down"}])
def test_every_command_explains_itself(fp: Fp, command: str) -> None:
    """`fp COMMAND --help` works without a platform."""
    answer = fp(command, "--help")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(f"Usage: fp {command}")


def test_help_is_quick(home: Path, folder: Path) -> None:
    """`fp --help` costs under 150 ms of processor time: it imports neither HTTP nor Typer."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "fp", "--help"], env=environment(home), cwd=folder, check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.15
    asked = "import sys, fp.cli; fp.cli.help_text(); print({'httpx', 'typer', 'rich', 'yaml'} & sys.modules.keys())"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], env=environment(home), check=True, capture_output=True, text=True
    )
    assert loaded.stdout.strip() == "set()"


def test_a_command_that_does_not_exist(fp: Fp) -> None:
    """Exit code 2, and the nearest one is named."""
    answer = fp("deplyo")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "fp deploy" in answer.stderr


@pytest.mark.parametrize(
    "arguments", [("status", "--nope"), ("logs", "-n", "0"), ("open", "a", "b"), ("logs", "-n", "x")]
)
def test_wrong_usage(fp: Fp, arguments: tuple[str, ...]) -> None:
    """Exit code 2, words on stderr, no data."""
    answer = fp(*arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "Traceback" not in answer.stderr


def test_init_makes_an_app_that_validates(fp: Fp, folder: Path) -> None:
    """`fp init` needs no platform, and what it writes passes `fp validate`."""
    assert fp("init").returncode == 0
    assert (folder / ".fp.yaml").read_text() == "name: todo\n"
    answer = fp("validate")
    assert (answer.returncode, answer.stdout) == (0, "")
    assert "fastapi" in answer.stderr
    told = {"ok": True, "framework": "fastapi", "findings": [], "loaded": None, "reason": None}
    assert json.loads(fp("validate", "--json").stdout) == told


def test_init_with_the_hello_template_needs_no_platform(fp: Fp, folder: Path) -> None:
    """Other templates do."""
    assert fp("init", "hello", FP_HOST=nobody(), FP_TOKEN="t").returncode == 0
    assert (folder / "app.py").exists()
    assert fp("init", "notes", FP_HOST=nobody(), FP_TOKEN="t").returncode == 1


def test_init_writes_over_nothing(fp: Fp, folder: Path) -> None:
    """An app that is there is kept and gets its `.fp.yaml`; a template that would replace a file is refused."""
    (folder / "app.py").write_text("mine")
    assert fp("init", "hello").returncode == 1
    assert not (folder / ".fp.yaml").exists()
    assert fp("init", "--name", "notes").returncode == 0
    assert (folder / "app.py").read_text() == "mine"
    assert (folder / ".fp.yaml").read_text() == "name: notes\n"
    assert fp("init").returncode == 1


def test_validate_tells_file_line_and_column(fp: Fp, folder: Path) -> None:
    """Findings are the data of this command: on stdout, with a hint, and as JSON; the exit code is 1."""
    (folder / "app.py").write_text(BROKEN)
    (folder / "big.txt").write_text("x" * 200_000)
    answer = fp("validate")
    assert answer.returncode == 1
    assert "app.py:2:14 '(' was never closed" in answer.stdout
    assert "big.txt The file is 195 KB" in answer.stdout
    found = json.loads(fp("validate", "--json").stdout)
    assert [(one["file"], one["line"], one["column"]) for one in found["findings"]] == [
        ("app.py", 2, 14),
        ("big.txt", None, None),
    ]


def test_a_wrong_configuration_is_told(fp: Fp, folder: Path) -> None:
    """A typo in `.fp.yaml` ends every command that reads it."""
    (folder / ".fp.yaml").write_text("nmae: todo\n")
    for command in ("validate", "deploy", "status"):
        answer = fp(command, FP_TOKEN="t", FP_HOST=nobody())
        assert (answer.returncode, answer.stdout) == (1, "")
        assert "did you mean `name`" in answer.stderr


@pytest.mark.parametrize(
    "command", ["apps", "status", "logs", "requests", "wakes", "wake", "sleep", "open", "whoami", "deploy"]
)
def test_without_a_login(fp: Fp, command: str) -> None:
    """Exit code 3 and what to do, before anything is sent; with --json the same as JSON on stderr."""
    answer = fp(command)
    assert (answer.returncode, answer.stdout) == (3, "")
    assert "fp login" in answer.stderr
    told = json.loads(fp(command, "--json").stderr)
    assert told["code"] == "not_logged_in"
    assert told["hint"]


def test_nothing_answers(fp: Fp) -> None:
    """Exit code 1, the address, and how to start one or choose another."""
    host = nobody()
    answer = fp("apps", FP_HOST=host, FP_TOKEN="t")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert host in answer.stderr
    assert "fp up" in answer.stderr


def test_an_address_that_is_none(fp: Fp) -> None:
    """Exit code 2."""
    assert fp("apps", "--host", "ftp://x", FP_TOKEN="t").returncode == 2


def test_nothing_is_asked_without_a_terminal(fp: Fp) -> None:
    """`fp login` and `fp delete` end as usage errors instead of waiting for an answer that cannot come."""
    answer = fp("login", FP_HOST=nobody())
    assert answer.returncode == 2
    assert "--token" in answer.stderr


def test_deploy_checks_before_it_sends(fp: Fp, folder: Path) -> None:
    """A broken app is told with nothing sent: the platform need not even be there."""
    (folder / "app.py").write_text(BROKEN)
    answer = fp("deploy", FP_HOST=nobody(), FP_TOKEN="t")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "app.py:2:14" in answer.stderr


def test_a_folder_whose_name_is_none(fp: Fp, folder: Path, tmp_path: Path) -> None:
    """Where no app name can be made of the folder's, the command says how to give one."""
    odd = tmp_path / "2048"
    folder.rename(odd)
    folder.symlink_to(odd, target_is_directory=True)
    answer = fp("status", FP_HOST=nobody(), FP_TOKEN="t")
    assert answer.returncode == 2
    assert ".fp.yaml" in answer.stderr


def test_a_reader_that_has_enough(home: Path, folder: Path) -> None:
    """`fp --help | head -1` ends quietly."""
    command = f"{sys.executable} -m fp --help | head -1; exit ${{PIPESTATUS[0]}}"
    answer = subprocess.run(
        ["bash", "-c", command], env=environment(home), cwd=folder, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")
