"""`fp login` with a browser's approval, and `fp tokens`: what each token may from the command line."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.integration.cli.conftest import PASSWORD, Fp
from tests.integration.cli.real_platform import RealPlatform
from tests.integration.cli.test_at_a_terminal import terminal
from tests.integration.cli.test_with_a_platform import HELLO, token_of
from tests.support.api_process import new_address


def decide(platform: RealPlatform, username: str, code: str, approve: bool) -> None:
    """What the page does for a person who is logged in there."""
    with httpx.Client(base_url=platform.url, trust_env=False, timeout=20) as page:
        page.headers.update({"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": new_address()})
        page.post("/api/auth/login", json={"username": username, "password": PASSWORD}).raise_for_status()
        page.headers["X-CSRF-Token"] = page.cookies["fp_csrf"]
        page.post(f"/api/auth/device/{code}", json={"approve": approve}).raise_for_status()


@pytest.mark.parametrize("approve", [True, False])
def test_a_browser_lets_the_command_line_in_or_not(
    home: Path, folder: Path, platform: RealPlatform, fp: Fp, ada: str, approve: bool
) -> None:
    """The code and the address are shown; approved, the session is kept; denied, nothing is and the exit code is 1."""
    fp("logout")
    with terminal(home, folder, "login", platform.url, DISPLAY="", WAYLAND_DISPLAY="") as screen:
        screen.until("Waiting until it is approved")
        code = re.search(r"[A-Z]{4}-[A-Z]{4}", screen.shown)
        assert code is not None
        assert f"/device?code={code[0]}" in screen.shown
        decide(platform, ada, code[0], approve)
        assert screen.end() == (0 if approve else 1), screen.shown
    assert fp("whoami", FP_HOST=platform.url).returncode == (0 if approve else 3)
    if approve:
        assert fp("whoami").stdout == f"{ada} at {platform.url}\n"
    else:
        assert "denied" in screen.shown


def test_ctrl_c_while_waiting(home: Path, folder: Path, platform: RealPlatform) -> None:
    with terminal(home, folder, "login", platform.url, DISPLAY="", WAYLAND_DISPLAY="") as screen:
        screen.until("Waiting until it is approved")
        assert screen.interrupt() == 130
    assert "Traceback" not in screen.shown


def test_tokens_are_made_listed_and_revoked(fp: Fp, platform: RealPlatform, ada: str) -> None:
    """The secret alone is on stdout; revoking goes by name or id, and a name that two have is told."""
    assert fp("tokens").stderr.startswith("You have no tokens")
    made = fp("tokens", "create", "ci", "--scope", "read", "--expires", "30")
    secret = made.stdout.strip()
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"fp_[\w-]{43}", secret)
    as_token = {"FP_TOKEN": secret, "FP_HOST": platform.url}
    assert fp("whoami", **as_token).stdout == f"{ada} at {platform.url}, with a token for `read`\n"
    assert json.loads(fp("whoami", "--json", **as_token).stdout)["scope"] == "read"
    second = json.loads(fp("tokens", "create", "ci", "--json").stdout)["token"]
    assert (second["scope"], second["expires_at"]) == ("deploy", None)
    listed = fp("tokens", "list").stdout
    assert secret not in listed
    assert [line.split()[1:3] for line in listed.splitlines()[1:]] == [["ci", "deploy"], ["ci", "read"]]
    twice = fp("tokens", "revoke", "ci")
    assert (twice.returncode, "2 tokens" in twice.stderr) == (1, True)
    assert fp("tokens", "revoke", second["id"]).returncode == 0
    assert fp("tokens", "revoke", "ci").returncode == 0
    assert fp("tokens", "revoke", "ci").returncode == 1
    assert fp("whoami", **as_token).returncode == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("create",),
        ("revoke",),
        ("list", "ci"),
        ("nonsense",),
        ("create", "x", "--scope", "root"),
        ("create", "x", "-e", "0"),
    ],
)
def test_tokens_called_wrongly(fp: Fp, arguments: tuple[str, ...]) -> None:
    """Exit code 2, before anything is sent."""
    assert fp("tokens", *arguments, FP_HOST="http://127.0.0.1:9", FP_TOKEN="t").returncode == 2


def test_a_token_in_the_environment_is_enough_for_every_command(
    fp: Fp, home: Path, folder: Path, platform: RealPlatform, ada: str
) -> None:
    """A `deploy` token does all that CI does, without a login; what it may not is told, and so is a `read` token's limit."""
    secrets = {scope: fp("tokens", "create", scope, "--scope", scope).stdout.strip() for scope in ("read", "deploy")}
    assert fp("logout").returncode == 0
    assert not json.loads((home / "config" / "fp" / "contexts.json").read_text())["contexts"]
    ci = {"FP_HOST": platform.url, "FP_TOKEN": secrets["deploy"]}
    (folder / "app.py").write_text(HELLO)
    (folder / ".fp.yaml").write_text(f"name: {ada}\nidle_minutes: 3\n")
    deployed = fp("deploy", **ci)
    assert deployed.returncode == 0, deployed.stderr
    for command in ("apps", "status", "logs", "sleep", "wake", "open"):
        answer = fp(command, **ci)
        assert answer.returncode == 0, (command, answer.stderr)
    for arguments in (("delete", "--yes"), ("tokens", "create", "x")):
        refused = fp(*arguments, **ci)
        assert refused.returncode == 1, arguments
        assert "`deploy`" in refused.stderr
    reading = {"FP_HOST": platform.url, "FP_TOKEN": secrets["read"]}
    assert fp("status", **reading).returncode == 0
    refused = fp("deploy", **reading)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "`read`" in refused.stderr
    kept = fp("login", platform.url, "--token", "-", stdin=f"{secrets['deploy']}\n")
    assert kept.returncode == 0
    assert token_of(home) == secrets["deploy"]
