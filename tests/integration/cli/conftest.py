"""The command line as a shell runs it: a real process, in a folder of its own, with a configuration of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fp.client import Client
from tests.integration.cli.real_platform import RealPlatform, running
from tests.support.api_process import new_name

PASSWORD = "correct horse"
ROOT = Path(__file__).resolve().parents[3]
Fp = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path, **env: str) -> dict[str, str]:
    """What a fresh account's shell would hand to `fp`."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("FP_", "XDG_"))}
    folders = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}
    return {**clean, **folders, "PYTHONPATH": str(ROOT / "cli"), "PYTHONWARNINGS": "error", **env}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with nothing in it."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that commands run in."""
    made = tmp_path / "todo"
    made.mkdir()
    return made


@pytest.fixture
def fp(home: Path, folder: Path) -> Fp:
    """`fp("deploy", "--json", FP_TOKEN="x")` runs one command to its end."""

    def run(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "fp", *arguments],
            env=environment(home, **env),
            cwd=folder,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPlatform]:
    """One platform for all tests of this folder; they tell their accounts and apps apart by name."""
    with running(tmp_path_factory.mktemp("platform")) as started:
        with Client(started.url) as client:
            client.signup("admin", PASSWORD)
        yield started


@pytest.fixture
def ada(platform: RealPlatform, fp: Fp, folder: Path) -> str:
    """Log in with an account of the test's own, in a folder named like no other test's; answers the app's name."""
    name = new_name("ada")
    with Client(platform.url) as client:
        client.signup(name, PASSWORD)
    answer = fp("login", platform.url, "--username", name, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert answer.returncode == 0, answer.stderr
    (folder / ".fp.yaml").write_text(f"name: {name}\n")
    return name
