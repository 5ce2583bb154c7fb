"""Answers of the activator's HTTP server, and the problems among them (RFC 9457, the shape of the platform's API)."""

from typing import Any

import msgspec

Header = tuple[str, str]


class Answer(msgspec.Struct, frozen=True):
    """Status, headers and body; `Content-Length` and `Connection` are the server's."""

    status: int
    headers: tuple[Header, ...] = ()
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
    headers: tuple[Header, ...] = (),
    hint: str = "",
) -> Answer:
    """A problem body; `code` is one of the API's."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    if hint:
        body["hint"] = hint
    return Answer(status, (("Content-Type", "application/problem+json"), NO_STORE, *headers), msgspec.json.encode(body))
