"""`fp call`: one request to an app, sent by the platform through its front door like any visitor's, and what came back.

The body goes to stdout as it is, whatever the status; status, time and cold start go to stderr. The app's address need not
resolve on this machine.
"""

import base64
import sys
from pathlib import Path
from typing import Annotated

import typer

from fp.api.see import TestRequest, TestResponse
from fp.commands import _options as options
from fp.commands._output import clean, json_document, line, milliseconds, note
from fp.commands._session import app_name, connect
from fp.errors import UsageError

_FAILED = 400

Words = Annotated[
    list[str], typer.Argument(metavar="[APP] PATH", help="Such as `/items?limit=3`, or `todo /`.", show_default=False)
]
Method = Annotated[
    str, typer.Option("--method", "-X", metavar="METHOD", help="Default: GET, with a body POST.", show_default=False)
]
Headers = Annotated[
    list[str], typer.Option("--header", "-H", metavar="HEADER", help="`Name: value`, as often as needed.")
]
Data = Annotated[
    str | None,
    typer.Option("--data", "-d", metavar="BODY", help="The body; `@FILE` is a file's, `@-` what comes on stdin."),
]
Fail = Annotated[bool, typer.Option("--fail", help="Exit code 1 when the app answers 400 or above.")]


def run(
    words: Words,
    *,
    method: Method = "",
    header: Headers = [],  # noqa: B006 - Typer reads it as the option's default, and nobody changes it
    data: Data = None,
    fail: Fail = False,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Send an app a request and print the body of its answer."""
    *named, path = words
    if len(named) > 1 or not path.startswith("/"):
        raise UsageError(f"`{path}` is no path of an app", "Write `fp call /path`, or `fp call APP /path`.")
    request = _request(path, method, header, data)
    with connect(host) as client:
        answer = client.send(app_name(*named), request)
    if as_json:
        json_document(answer)
    else:
        _show(answer)
    if fail and answer.status >= _FAILED:
        raise typer.Exit(1)


def _request(path: str, method: str, header: list[str], data: str | None) -> TestRequest:
    headers = dict(_header(text) for text in header)
    body = None if data is None else _body(data)
    chosen = (method or ("GET" if body is None else "POST")).upper()
    if body is None:
        return TestRequest(chosen, path, headers)
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json" if body.lstrip()[:1] in (b"{", b"[") else "text/plain"
    return TestRequest(chosen, path, headers, base64.b64encode(body).decode(), "base64")


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"`{text}` is no header", "Write it like `Accept: text/html`.")
    return name.strip(), value.strip()


def _body(data: str) -> bytes:
    """The bytes to send. Raises UsageError for a file that cannot be read."""
    if data == "@-":
        return sys.stdin.buffer.read()
    if not data.startswith("@"):
        return data.encode("utf-8", "surrogateescape")
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise UsageError(f"{data[1:]} cannot be read: {error.strerror}", "`@` stands before a file's name.") from error


def _show(answer: TestResponse) -> None:
    """The body as it is to a pipe; to a terminal, text without what could move its cursor."""
    body = base64.b64decode(answer.body) if answer.encoding == "base64" else answer.body.encode()
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    elif answer.encoding == "base64":
        note(f"{len(body)} bytes that are no text; send them to a file with `> file`.")
    else:
        line(clean(answer.body))
    woken = "" if answer.cold_start_ms is None else f", {milliseconds(answer.cold_start_ms)} of it the wake"
    note(f"{answer.status} in {milliseconds(answer.ms)}{woken}")
    if answer.truncated:
        note("The answer is longer than 1 MB, or did not end; this is its beginning.")
    if answer.redirect:
        note(clean(f"It sends visitors on to {answer.redirect}"))
