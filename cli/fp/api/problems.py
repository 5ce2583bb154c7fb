"""Errors on the wire: RFC 9457 problems with a closed list of codes, and findings that point into a user's files."""

from typing import Literal

import msgspec

ProblemCode = Literal[
    "bad_request",  # 400: the body or a parameter does not parse
    "invalid",  # 422: it parses and breaks a rule; `findings` or `detail` say which
    "not_logged_in",  # 401
    "forbidden",  # 403
    "csrf",  # 403: a browser's unsafe request without the CSRF token
    "not_found",  # 404
    "method_not_allowed",  # 405
    "conflict",  # 409: the state it needs is gone (a deploy is running, an app is not deployed yet)
    "name_taken",  # 409
    "draft_changed",  # 412: If-Match does not match; somebody else saved
    "too_large",  # 413
    "rate_limited",  # 429
    "signup_closed",  # 403
    "wrong_credentials",  # 401: name or password is wrong
    "authorization_pending",  # 400: nobody has decided yet about this log in by device (this and the next three: RFC 8628)
    "slow_down",  # 400: asked too often; wait five seconds more each time
    "access_denied",  # 400: somebody said no to this log in
    "expired_token",  # 400: the device code is unknown, used or too old; begin anew
    "app_failed",  # 502: the app could not be woken; `findings` say why
    "app_blocked",  # 503, at an app's own address: it is paused, or over its limit
    "unavailable",  # 503: a part of the platform is down or starting; try again
    "internal",  # 500: our fault; the request id finds it in the log
]


class Finding(msgspec.Struct, frozen=True, omit_defaults=False):
    """One thing that is wrong in an app's files.

    `file` is relative to the app's root, null when no file is to blame; `line` and `column` count from 1.
    `code` is stable and lower-case (`syntax_error`, `no_app`, `import_failed`, ...); `hint` says what to do next.
    """

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    traceback: str | None = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every answer of 400 and above, `application/problem+json`."""

    type: str
    title: str
    status: int
    code: ProblemCode
    detail: str = ""
    hint: str = ""
    findings: list[Finding] = []
    request_id: str = ""
