"""`fp call` through a real front door: what the app answers, byte for byte, and how it ends."""

import json
from pathlib import Path

from tests.e2e.test_cli_journey import fp
from tests.support.account import Account
from tests.support.platform import Platform

ECHO = """\
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    kind = dict(scope["headers"]).get(b"content-type", b"-")
    status = {"/missing": 404, "/away": 307}.get(scope["path"], 200)
    headers = [(b"content-type", b"text/plain")]
    if scope["path"] == "/away":
        headers.append((b"location", b"/there"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    line = scope["method"].encode() + b" " + scope["path"].encode() + b"?" + scope["query_string"] + b" " + kind + b" "
    await send({"type": "http.response.body", "body": b"\\xff\\x00" if scope["path"] == "/raw" else line + body})
"""


def test_a_request_from_the_command_line(platform: Platform, ada: Account, tmp_path: Path) -> None:
    """The body alone on stdout; a sleeping app wakes for it; `--fail` makes the app's status the exit code."""
    folder = tmp_path / "cli-call"
    folder.mkdir()
    (folder / "app.py").write_text(ECHO)

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        told = fp(platform, folder, "call", *arguments, stdin=stdin)
        return told.returncode, told.stdout, told.stderr

    fp(platform, folder, "login", "--token", ada.token)
    assert fp(platform, folder, "deploy").returncode == 0
    code, out, err = call("/items?a=1&b=%20")
    assert (code, out) == (0, "GET /items?a=1&b=%20 - "), err
    assert err.startswith("200 in ")
    assert call("cli-call", "/", "-d", '{"a": 1}')[1] == 'POST /? application/json {"a": 1}'
    assert call("/", "-X", "put", "-d", "@-", "-H", "Content-Type: x/y", stdin="from in")[1] == "PUT /? x/y from in"
    ada.api("POST", "/apps/cli-call/sleep")
    code, out, err = call("/missing")
    assert (code, out) == (0, "GET /missing? - ")
    assert "of it the wake" in err
    assert call("/missing", "--fail")[:2] == (1, "GET /missing? - ")
    assert "/there" in call("/away")[2]
    raw = json.loads(call("/raw", "--json")[1])
    assert (raw["status"], raw["encoding"], raw["body"]) == (200, "base64", "/wA=")
    assert call("nowhere", "/")[0] == 4
