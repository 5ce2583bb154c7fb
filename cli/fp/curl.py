"""A request as the `curl` line that sends it: what the test panel offers to copy.

Everything goes through `shlex.quote`, so the line means the same to every POSIX shell, whatever was typed. What curl itself would
read as more than text is switched off: `@file` in a body, `[1-9]` and `/../` in an address, a Content-Type of its own. A body
that a command line cannot carry (a zero byte, or more than one argument may hold) goes through a pipe instead.
"""

import base64
import shlex
from typing import Final
from urllib.parse import quote

from fp.api.see import TestRequest

_SAFE_IN_PATH: Final = "/?:@!$&'()*+,;=-._~%[]|"
_MAX_ARGUMENT_BYTES: Final = 100_000
"""Linux takes 128 KB in one argument."""


def request_target(path: str) -> str:
    """What stands in the request's first line for a path as it was typed, query included; its `#part` is not sent."""
    return quote(path.partition("#")[0], safe=_SAFE_IN_PATH)


def body_bytes(request: TestRequest) -> bytes | None:
    """The body that the request carries, null for none. Raises ValueError when it says base64 and is not."""
    if request.body is None:
        return None
    if request.body_encoding == "base64":
        return base64.b64decode(request.body, validate=True)
    return request.body.encode()


def as_curl(url: str, request: TestRequest) -> str:
    """One shell command that sends `request` to the app at `url` (no slash at its end).

    A header's characters beyond ASCII are sent as UTF-8, in which curl passes them on. Raises ValueError on a body that is no
    base64 although it says so.
    """
    target, body = request_target(request.path), body_bytes(request)
    words = ["curl", *_method(request.method.upper(), body is not None)]
    if "[" in target:
        words.append("--globoff")
    if "/." in target:
        words.append("--path-as-is")
    for name, value in request.headers.items():
        words += ["-H", f"{name}: {value}" if value.strip() else f"{name};"]
    piped = ""
    if body is not None:
        if not any(name.lower() == "content-type" for name in request.headers):
            words += ["-H", "Content-Type:"]
        piped, given = _data(body)
        words += given
    return piped + shlex.join([*words, url + target])


def _method(method: str, has_body: bool) -> list[str]:
    if method == "HEAD":
        return ["--head"] if not has_body else ["-X", "HEAD"]
    return [] if method == ("POST" if has_body else "GET") else ["-X", method]


def _data(body: bytes) -> tuple[str, list[str]]:
    """What stands before curl in the line, and curl's own arguments for the body."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return f"printf %s {base64.b64encode(body).decode()} | base64 -d | ", ["--data-binary", "@-"]
    if len(body) > _MAX_ARGUMENT_BYTES:
        return f"printf %s {shlex.quote(text)} | ", ["--data-binary", "@-"]
    return "", ["--data-raw", text]
