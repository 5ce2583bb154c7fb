"""Every command against a real platform: what it prints, where, and how it ends."""

import json
from pathlib import Path
from typing import Any

from fp.client import Client
from tests.integration.cli.conftest import PASSWORD, Fp
from tests.integration.cli.real_platform import RealPlatform
from tests.support.api_process import new_name
from tests.support.platform import wait_for

HELLO = """from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index(say: str = "hi") -> str:
    print("said", say)
    return say
"""
FAILS = "from fastapi import FastAPI\n\napp = FastAPI()\nlimit = int('many')\n"


def token_of(home: Path) -> str:
    """The token that `fp login` kept."""
    kept = json.loads((home / "config" / "fp" / "contexts.json").read_text())
    return str(kept["contexts"][kept["current"]]["token"])


def test_from_nothing_to_a_url_and_back(fp: Fp, folder: Path, platform: RealPlatform, ada: str) -> None:
    """Deploy, call, sleep, call again, look, delete: stdout has the data alone."""
    (folder / "app.py").write_text(HELLO)
    deployed = fp("deploy")
    assert deployed.returncode == 0, deployed.stderr
    assert deployed.stdout == f"http://{ada}.localhost:{platform.door_port}\n"
    assert [word in deployed.stderr for word in ("Uploading", "Validating", "Starting")] == [True] * 3
    assert platform.visit(ada, "/?say=one").json() == "one"
    assert fp("sleep").stdout == "sleeping\n"
    assert platform.visit(ada, "/?say=two").json() == "two"
    assert "running" in fp("status").stdout
    assert fp("open").stdout == deployed.stdout
    assert ada in fp("apps").stdout

    def records() -> list[dict[str, Any]]:
        found = json.loads(fp("requests", "--json").stdout)
        return found if len(found) == 2 else []

    warm, cold = wait_for(records, 20, "both requests")
    assert (warm["query"], warm["cold_start_ms"], cold["query"]) == ("say=one", None, "say=two")
    assert cold["cold_start_ms"] > 0
    assert "GET /?say=two" in fp("requests").stdout
    (wake,) = wait_for(lambda: json.loads(fp("wakes", "--json").stdout), 20, "the wake")
    assert (wake["outcome"], wake["method"], wake["path"], wake["held"]) == ("ready", "GET", "/", 1)
    told = fp("wakes").stdout
    assert any(f"{phase} " in told for phase in ("runtime", "imports", "startup", "first byte"))
    assert told.rstrip().endswith("ready")
    assert fp("wakes", "--outcome", "failed", "--json").stdout == "[]\n"
    assert fp("wakes", "--outcome", "good").returncode == 2
    assert fp("wake").stdout == "running\n"
    assert fp("delete", "--yes").returncode == 0
    assert fp("status").returncode == 4


def test_log_lines(fp: Fp, folder: Path, platform: RealPlatform, ada: str) -> None:
    """Oldest first, the newest `-n` of them, searched by the platform."""
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    for word in ("one", "two", "three"):
        platform.visit(ada, f"/?say={word}")

    def said(*arguments: str) -> list[str]:
        return [line["text"] for line in json.loads(fp("logs", "--json", *arguments).stdout)]

    wait_for(lambda: len(said("--search", "said")) == 3, 20, "three log lines")
    assert said("--search", "said") == ["said one", "said two", "said three"]
    assert said("--search", "said", "-n", "1") == ["said three"]
    assert fp("logs", "--search", "said two").stdout.rstrip().endswith("said two")
    assert said("--search", "nothing has this") == []


def test_a_deploy_that_fails(fp: Fp, folder: Path, platform: RealPlatform, ada: str) -> None:
    """Exit code 1, file and line on stderr, nothing on stdout; what ran before goes on; mending it needs no `--force`."""
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    (folder / "app.py").write_text(FAILS)
    failed = fp("deploy")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "app.py:4" in failed.stderr
    assert "invalid literal" in failed.stderr
    assert platform.visit(ada).json() == "hi"
    (folder / "app.py").write_text(HELLO + "# mended\n")
    assert fp("deploy").returncode == 0


def test_a_deploy_as_json(fp: Fp, folder: Path, ada: str) -> None:
    """One deploy a line; the last one has ended. A failure's findings are JSON on stderr."""
    (folder / "app.py").write_text(HELLO)
    steps = [json.loads(line) for line in fp("deploy", "--json").stdout.splitlines()]
    assert [step["status"] for step in steps] == ["running"] * (len(steps) - 1) + ["succeeded"]
    assert steps[-1]["version"] == 1
    (folder / "app.py").write_text(FAILS)
    failed = fp("deploy", "--json")
    assert json.loads(failed.stdout.splitlines()[-1])["status"] == "failed"
    assert json.loads(failed.stderr.splitlines()[-1])["findings"][0]["line"] == 4


def test_changes_made_elsewhere_are_not_written_over(
    fp: Fp, folder: Path, home: Path, platform: RealPlatform, ada: str
) -> None:
    """A draft that was edited in the browser stops the deploy until `--force`; one that was deployed there does not."""
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    with Client(platform.url, token_of(home)) as browser:
        edited = browser.save_draft(ada, {"app.py": HELLO + "# theirs\n"}, "app.py", None)
        (folder / "app.py").write_text(HELLO + "# mine\n")
        refused = fp("deploy")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "--force" in refused.stderr
        assert browser.draft(ada).etag == edited.etag
        assert fp("deploy", "--force").returncode == 0
        assert browser.draft(ada).files == {"app.py": HELLO + "# mine\n"}
        browser.save_draft(ada, {"app.py": HELLO + "# theirs again\n"}, "app.py", None)
        list(browser.follow_deploy(browser.deploy(ada).id))
        assert fp("deploy").returncode == 0


def test_settings_of_the_project_file(fp: Fp, folder: Path, ada: str) -> None:
    """`idle_minutes` and `entrypoint` of `.fp.yaml` are the app's after a deploy."""
    (folder / ".fp.yaml").write_text(f"name: {ada}\nentrypoint: web/main.py\nidle_minutes: 3\n")
    (folder / "web").mkdir()
    (folder / "web" / "main.py").write_text(HELLO)
    (folder / "logo.png").write_bytes(b"\x89PNG")
    deployed = fp("deploy")
    assert deployed.returncode == 0, deployed.stderr
    assert "logo.png" in deployed.stderr
    assert json.loads(fp("status", "--json").stdout)["idle_minutes"] == 3
    assert "after 3 min" in fp("status").stdout


def test_variables_versions_and_going_back(fp: Fp, folder: Path, ada: str) -> None:
    (folder / "app.py").write_text(HELLO)
    (folder / ".fp.yaml").write_text(f"name: {ada}\nenv:\n  FROM_FILE: true\n")
    assert fp("deploy").returncode == 0
    assert fp("env", "set", "DEBUG=1", "FROM_FILE=no").returncode == 0
    assert fp("env", "set", "KEY", "--secret", stdin="hush\n").returncode == 0
    listed = fp("env")
    assert "hush" not in listed.stdout
    assert [line.split() for line in listed.stdout.splitlines()[1:]] == [
        ["DEBUG", "1"], ["FROM_FILE", "no"], ["KEY", "(secret)"],
    ]  # fmt: skip
    assert "env.DEBUG" in listed.stderr
    assert fp("deploy").returncode == 0
    settings = json.loads(fp("env", "unset", "DEBUG", "KEY", "--json").stdout)
    assert (settings["env"], settings["secrets"]) == ({"FROM_FILE": "true"}, [])
    back = fp("rollback")
    assert back.returncode == 0, back.stderr
    assert [line.split()[0] for line in fp("versions").stdout.splitlines()[1:]] == ["v1", "v2", "v3"]
    assert "live, rollback of v1" in fp("versions").stdout
    assert fp("rollback", "9").returncode == 4
    assert fp("env", "set", "DEBUG").returncode == 2
    assert fp("env", "set", "1A=x").returncode == 1
    assert fp("restart").stdout.split() == ["running"]


def test_templates(fp: Fp, folder: Path, ada: str) -> None:
    """They are listed, and one becomes an app that validates."""
    (folder / ".fp.yaml").unlink()
    listed = json.loads(fp("init", "--list", "--json").stdout)
    assert {"hello", "notes"} <= {template["id"] for template in listed}
    assert fp("init", "notes", "--name", ada).returncode == 0
    assert (folder / "static" / "style.css").exists()
    assert fp("validate").returncode == 0
    assert fp("init", "nothing").returncode == 4


def test_logging_in_and_out(fp: Fp, home: Path, platform: RealPlatform, ada: str) -> None:
    """The token works until logging out, on the platform as well as here; a wrong password is exit code 3."""
    token = token_of(home)
    assert fp("whoami").stdout == f"{ada} at {platform.url}\n"
    assert json.loads(fp("whoami", "--json").stdout)["username"] == ada
    assert fp("logout").returncode == 0
    assert fp("whoami").returncode == 3
    ended = fp("whoami", FP_TOKEN=token, FP_HOST=platform.url)
    assert ended.returncode == 3
    assert "fp login" in ended.stderr
    wrong = fp("login", platform.url, "-u", ada, "--password-stdin", stdin="wrong horse\n")
    assert (wrong.returncode, wrong.stdout) == (3, "")
    assert fp("login", platform.url, "--token", "nonsense").returncode == 3
    assert fp("whoami", "--host", platform.url).returncode == 3


def test_several_platforms(fp: Fp, home: Path, platform: RealPlatform, ada: str) -> None:
    """Contexts have names; the same platform under another address is another one."""
    other = platform.url.replace("127.0.0.1", "localhost")
    secret = token_of(home)
    assert fp("login", other, "--token", "-", "--name", "second", stdin=f"{secret}\n").returncode == 0
    assert f"at {other}" in fp("whoami").stdout
    first = platform.url.partition("://")[2]
    assert f"at {platform.url}" in fp("whoami", "--host", first).stdout
    assert f"at {other}" in fp("whoami", FP_HOST="second").stdout


def test_a_new_account(fp: Fp, platform: RealPlatform) -> None:
    """`--signup` makes it; a name that is taken is exit code 1."""
    made = ("login", platform.url, "--signup", "-u", new_name("grace"), "--password-stdin")
    assert fp(*made, stdin=f"{PASSWORD}\n").returncode == 0
    again = fp(*made, stdin=f"{PASSWORD}\n")
    assert again.returncode == 1
    assert "taken" in again.stderr


def test_what_is_not_there(fp: Fp, ada: str) -> None:
    """Exit code 4, for one's own apps and for those of others alike."""
    for command in ("status", "logs", "requests", "wakes", "wake", "sleep", "open"):
        answer = fp(command, "--app", "nowhere")
        assert (answer.returncode, answer.stdout) == (4, ""), command
    assert fp("delete", "nowhere", "--yes").returncode == 4


def test_delete_needs_a_yes(fp: Fp, folder: Path, ada: str) -> None:
    """Without a terminal and without `--yes` nothing is deleted, and that is a usage error."""
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    assert fp("delete").returncode == 2
    assert fp("status").returncode == 0


def test_loading_where_it_runs(fp: Fp, folder: Path, ada: str) -> None:
    """`fp validate --load` tells what the platform's packages, rules and the app's variables make of the code."""
    (folder / "app.py").write_text(HELLO)
    fine = fp("validate", "--load")
    assert (fine.returncode, fine.stdout) == (0, "")
    assert "and it loads" in fine.stderr
    assert "it loads" not in fp("validate").stderr
    (folder / "app.py").write_text(FAILS)
    assert fp("validate").returncode == 0
    failed = fp("validate", "--load")
    assert failed.returncode == 1
    assert "app.py:4" in failed.stdout
    (folder / "app.py").write_text(HELLO + "import pandas\n")
    assert "unknown_package" in fp("validate", "--load").stdout
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    (folder / "app.py").write_text(f"{HELLO}import os\nassert os.environ['MODE'] == 'x'\n")
    assert fp("validate", "--load").returncode == 1
    assert fp("env", "set", "MODE=x").returncode == 0
    assert json.loads(fp("validate", "--load", "--json").stdout)["loaded"] is True
    (folder / "app.py").write_text(f"{HELLO}import httpx\nhttpx.get('http://localhost:1')\n")
    unsure = fp("validate", "--load")
    assert (unsure.returncode, unsure.stdout) == (0, "")
    assert "open a connection" in unsure.stderr
