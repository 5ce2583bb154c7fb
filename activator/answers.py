"""Answers of the activator's HTTP server, and the problems among them (RFC 9457, the shape of the platform's API)."""

from typing import Any

import msgspec

from cluster.base import Failure


class Answer(msgspec.Struct, frozen=True):
    """Status, headers and body; `Content-Length` and `Connection` are the server's."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


NO_STORE = ("Cache-Control", "no-store")
RETRY_SOON = ("Retry-After", "1")


def json_answer(status: int, value: Any) -> Answer:
    """A JSON body."""
    return Answer(status, (("Content-Type", "application/json"), NO_STORE), msgspec.json.encode(value))


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    findings: list[dict[str, Any]] | None = None,
) -> Answer:
    """A problem body; `code` is one of the API's."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    if findings:
        body["findings"] = findings
    return Answer(status, (("Content-Type", "application/problem+json"), NO_STORE, *headers), msgspec.json.encode(body))


def finding(failure: Failure) -> dict[str, Any]:
    """A failure as visitors may see it: in the app's own words, where it stands, and no traceback."""
    return {
        "code": failure.code,
        "message": failure.message,
        "file": failure.file,
        "line": failure.line,
        "column": failure.column,
        "hint": failure.hint,
        "traceback": None,
    }
