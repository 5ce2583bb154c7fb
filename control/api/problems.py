"""Errors become answers here and nowhere else: RFC 9457 problems with a code of the closed list in `fp.api.problems`.

Code below the API raises its own errors, which know nothing of HTTP; `_ANSWERS` says for each of their classes which
problem it is. The nearest class of the error's ancestry counts. What is not in the table is our fault: it is logged with
its traceback and answers `internal`, which shows nothing but the request id.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from cluster import base as cluster
from control.domain import errors
from control.lifecycle import activator
from fp.api.problems import Finding, Problem, ProblemCode

MEDIA_TYPE = "application/problem+json"
LOG = structlog.get_logger("control.api")

STATUS: Mapping[ProblemCode, int] = {
    "bad_request": 400,
    "invalid": 422,
    "not_logged_in": 401,
    "forbidden": 403,
    "csrf": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "name_taken": 409,
    "draft_changed": 412,
    "too_large": 413,
    "rate_limited": 429,
    "signup_closed": 403,
    "wrong_credentials": 401,
    "authorization_pending": 400,
    "slow_down": 400,
    "access_denied": 400,
    "expired_token": 400,
    "app_failed": 502,
    "app_blocked": 503,
    "unavailable": 503,
    "internal": 500,
}
TITLES: Mapping[ProblemCode, str] = {
    "bad_request": "The request cannot be read",
    "invalid": "The request breaks a rule",
    "not_logged_in": "Log in first",
    "forbidden": "Not allowed",
    "csrf": "The request did not come from the platform's own page",
    "not_found": "Not found",
    "method_not_allowed": "This address does not answer that method",
    "conflict": "Not possible in the present state",
    "name_taken": "The name is taken",
    "draft_changed": "Somebody else saved this draft",
    "too_large": "Too large",
    "rate_limited": "Too many attempts",
    "signup_closed": "Sign up is closed",
    "wrong_credentials": "Wrong username or password",
    "authorization_pending": "Nobody has decided yet",
    "slow_down": "Asked too often",
    "access_denied": "The log in was denied",
    "expired_token": "This log in is over",
    "app_failed": "The app does not start",
    "app_blocked": "The app may not run",
    "unavailable": "A part of the platform is not available",
    "internal": "Something went wrong on our side",
}
_FROM_STATUS: Mapping[int, ProblemCode] = {
    400: "bad_request", 401: "not_logged_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    413: "too_large", 415: "bad_request", 429: "rate_limited", 503: "unavailable",
}  # fmt: skip


class ApiError(Exception):
    """A problem that a handler or guard raises itself. `headers` go out with the answer."""

    def __init__(
        self,
        code: ProblemCode,
        detail: str = "",
        *,
        hint: str = "",
        findings: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.code: ProblemCode = code
        self.detail = detail
        self.hint = hint
        self.findings = list(findings)
        self.headers = dict(headers or {})


def finding_of(failure: cluster.Failure) -> Finding:
    """A cluster's failure as a finding on the wire; the two have the same fields."""
    return msgspec.convert(msgspec.structs.asdict(failure), Finding)


def _retry(detail: str) -> ApiError:
    return ApiError("unavailable", detail, hint="Try again in a moment.", headers={"Retry-After": "2"})


def _draft_changed(error: errors.DraftChanged) -> ApiError:
    return ApiError(
        "draft_changed",
        "The draft was saved by somebody else since you loaded it; nothing of yours was written.",
        hint="Load the draft again, merge your changes, and save with its new etag.",
        headers={"ETag": f'"{error.etag}"'},
    )


def _not_deployed(error: errors.NotDeployed) -> ApiError:
    return ApiError("conflict", f"{error.name} is not deployed yet.", hint="Deploy it first.")


def _app_failed(failure: cluster.Failure) -> ApiError:
    return ApiError("app_failed", failure.message, hint=failure.hint or "", findings=[finding_of(failure)])


def _internal(_: Exception) -> ApiError:
    return ApiError("internal", hint="Try again; if it stays, the request id finds the cause in the platform's log.")


def _deploy_over(error: errors.DeployOver) -> ApiError:
    back = "Roll back to the version before it." if error.status == "succeeded" else "Nothing of it serves."
    return ApiError("conflict", f"The deploy is over already: it {error.status}.", hint=back)


_ANSWERS: Mapping[type[Exception], Callable[..., ApiError]] = {
    ApiError: lambda error: error,
    errors.NotFound: lambda error: ApiError("not_found", f"There is no {error.kind} {error.key!r}."),
    errors.NameTaken: lambda error: ApiError("name_taken", f"{error.name!r} is taken.", hint="Choose another name."),
    errors.DraftChanged: _draft_changed,
    errors.NotDeployed: _not_deployed,
    errors.DeployOver: _deploy_over,
    errors.LostRace: lambda _: ApiError("conflict", "Somebody changed it at the same moment.", hint="Try again."),
    errors.LastAdmin: lambda error: ApiError("conflict", str(error), hint="Make somebody else an administrator first."),
    errors.Conflict: lambda error: ApiError("conflict", str(error)),
    errors.BadCursor: lambda error: ApiError("bad_request", f"cursor: {error.message}"),
    errors.TooLarge: lambda error: ApiError("too_large", error.message, findings=error.findings),
    errors.TooBroad: lambda error: ApiError("invalid", error.message, hint="Narrow it: `since` and `until` help most."),
    errors.Invalid: lambda error: ApiError("invalid", error.message, findings=error.findings),
    errors.StoreUnavailable: lambda _: _retry("The database does not answer."),
    errors.SecretUnreadable: _internal,
    errors.DomainError: _internal,
    cluster.UnknownApp: lambda _: ApiError("conflict", "The app is not deployed yet.", hint="Deploy it first."),
    cluster.Unavailable: lambda _: _retry("What runs the apps does not answer."),
    cluster.DeployFailed: lambda error: _app_failed(error.failure),
    cluster.AppBlocked: lambda _: ApiError("conflict", "The app is paused.", hint="Resume it first."),
    cluster.UnknownTicket: _internal,
    cluster.Busy: lambda _: ApiError(
        "rate_limited", "Too much is asked for at once.", hint="Try again in some seconds."
    ),
    cluster.ClusterError: _internal,
    activator.WakeFailed: lambda error: _app_failed(error.failure),
    activator.ActivatorUnavailable: lambda _: _retry("What wakes the apps does not answer."),
}


def answer_of(error: Exception) -> ApiError | None:
    """The problem that this error is, null when it is our own fault."""
    if isinstance(error, ValidationException):
        return _bad_parameters(error)
    if isinstance(error, HTTPException):
        code = _FROM_STATUS.get(error.status_code)
        return ApiError(code, _said(code), headers=error.headers) if code else None
    for ancestor in type(error).__mro__:
        if ancestor in _ANSWERS:
            found = _ANSWERS[ancestor](error)
            return None if found.code == "internal" else found
    return None


def _said(code: ProblemCode) -> str:
    return "There is nothing at this address." if code == "not_found" else ""


def _bad_parameters(error: ValidationException) -> ApiError:
    """Litestar's collected faults of path and query, and a body that is missing, as one sentence."""
    faults: list[Mapping[str, str]] = [fault for fault in error.extra or [] if isinstance(fault, dict)]
    if any(fault.get("key") == "data" for fault in faults):
        return ApiError("bad_request", "The request needs a JSON body.")
    detail = "; ".join(f"{fault.get('key', 'request')}: {fault.get('message', '')}" for fault in faults)
    return ApiError("bad_request", detail)


def problem(error: ApiError, request_id: str) -> Problem:
    """The body of the answer. `type` is an anchor in the API's own documentation."""
    return Problem(
        type=f"/api/docs#problem-{error.code}",
        title=TITLES[error.code],
        status=STATUS[error.code],
        code=error.code,
        detail=error.detail,
        hint=error.hint,
        findings=error.findings,
        request_id=request_id,
    )


def told(error: Exception, request_id: str) -> ApiError:
    """The problem to tell for any error; one that is our own fault is logged here."""
    answer = answer_of(error)
    if answer is None:
        LOG.error("request_failed", request_id=request_id, exc_info=error)
        answer = _internal(error)
    return answer


def to_answer(error: Exception, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for any error."""
    answer = told(error, request_id)
    headers = {**answer.headers, "Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
    return STATUS[answer.code], headers, msgspec.json.encode(problem(answer, request_id))


def handle(request: Request[object, object, object], error: Exception) -> Response[bytes]:  # type: ignore[type-var]
    """Litestar's exception handler for everything."""
    status, headers, body = to_answer(error, str(request.scope.get("fp_request_id", "")))
    media_type = headers.pop("Content-Type")
    return Response(body, status_code=status, headers=headers, media_type=media_type)
