"""The first journey once more, through the command line, as a script runs it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.account import Account
from tests.support.platform import Platform, wait_for


def fp(platform: Platform, folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """One `fp` command in `folder`, with a configuration of this test's own."""
    env = platform.env | {"XDG_CONFIG_HOME": str(folder.parent / "config"), "FP_HOST": platform.url, "NO_COLOR": "1"}
    argv = [sys.executable, "-m", "fp", *arguments]
    return subprocess.run(
        argv, env=env, cwd=folder, input=stdin, capture_output=True, text=True, timeout=90, check=False
    )


def test_init_deploy_call_sleep_call_see(platform: Platform, ada: Account, tmp_path: Path) -> None:
    """Log in, start from a template, deploy, call, sleep, call again, and find the cold start in the requests."""
    folder = tmp_path / "cli-hello"
    folder.mkdir()
    assert fp(platform, folder, "status").returncode == 3
    assert fp(platform, folder, "login", "--token", ada.token).returncode == 0
    assert "ada" in fp(platform, folder, "whoami").stdout
    assert fp(platform, folder, "init", "hello").returncode == 0
    deployed = fp(platform, folder, "deploy")
    assert deployed.returncode == 0, deployed.stderr
    assert deployed.stdout.strip() == platform.app_url("cli-hello")
    assert ada.call("cli-hello").status_code == 200
    assert fp(platform, folder, "sleep").returncode == 0
    assert ada.call("cli-hello", "/?after=sleep").status_code == 200
    assert "running" in fp(platform, folder, "status").stdout

    def marked() -> list[dict[str, object]]:
        lines = fp(platform, folder, "requests", "--json").stdout
        return [one for one in json_items(lines) if one["query"] == "after=sleep" and one["cold_start_ms"]]

    wait_for(marked, 20, "the cold start in the requests")


def json_items(text: str) -> list[dict[str, object]]:
    """Records from a JSON list, an `{items}` object or one object a line."""
    try:
        value = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line]
    return (
        value["items"]
        if isinstance(value, dict) and "items" in value
        else value
        if isinstance(value, list)
        else [value]
    )


def test_a_broken_app_fails_with_the_line(platform: Platform, ada: Account, tmp_path: Path) -> None:
    """Exit code 1, file, line and hint on stderr, nothing on stdout."""
    folder = tmp_path / "cli-broken"
    folder.mkdir()
    (folder / "app.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\nlimit = int('many')\n")
    fp(platform, folder, "login", "--token", ada.token)
    deployed = fp(platform, folder, "deploy")
    assert deployed.returncode == 1
    assert deployed.stdout == ""
    assert "app.py:4" in deployed.stderr


def test_an_app_that_is_not_there(platform: Platform, ada: Account, tmp_path: Path) -> None:
    """Exit code 4 for an unknown app, 2 for a wrong option."""
    fp(platform, tmp_path, "login", "--token", ada.token)
    assert fp(platform, tmp_path, "status", "--app", "nowhere").returncode == 4
    assert fp(platform, tmp_path, "status", "--nonsense").returncode == 2
