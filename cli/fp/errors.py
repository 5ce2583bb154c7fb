"""Everything that can go wrong between a person and a platform, as one tree.

    FpError
    ├── ProjectError     `.fp.yaml` or a file of the project is wrong; `findings` may say where
    ├── Unreachable      nobody answers at the platform's address
    ├── BadAnswer        somebody answers, and not in the words of this version
    └── ApiError         the platform said no; `problem` is what it said
        ├── NotLoggedIn
        ├── NotFound
        ├── NameTaken
        └── DraftChanged

Each error knows the exit code of the command it ends, and a hint: what to do next.
"""

from typing import ClassVar

from fp.api.problems import Finding, Problem


class FpError(Exception):
    """Base of all errors of this package. `message` is one sentence; `hint` says what to do next, or is empty."""

    exit_code: ClassVar[int] = 1
    code: str = "failed"

    def __init__(self, message: str, hint: str = "", findings: list[Finding] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.findings = findings or []


class UsageError(FpError):
    """The command was called in a way that cannot work."""

    exit_code = 2
    code = "usage"


class ProjectError(FpError):
    """`.fp.yaml` or the project's files cannot be used as they are."""

    code = "project"


class Unreachable(FpError):
    """Nobody answered at the platform's address, or the connection was lost and did not come back."""

    code = "unreachable"


class BadAnswer(FpError):
    """What answered is not an fp platform, or one of another version."""

    code = "bad_answer"


class ApiError(FpError):
    """The platform refused. `problem` is its answer; `code` is the problem's code."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title, problem.hint, problem.findings)
        self.problem = problem
        self.code = problem.code


class NotLoggedIn(ApiError):
    """There is no token, it is not valid any more, or the name or password is wrong."""

    exit_code = 3

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        if problem.code == "not_logged_in":
            self.message = problem.detail or "The platform does not know this token, or not any more"
            self.hint = "Run `fp login`, or set FP_TOKEN."


class NotFound(ApiError):
    """There is no such app, deploy or version, or it belongs to somebody else."""

    exit_code = 4


class NameTaken(ApiError):
    """Another app has that name."""


class DraftChanged(ApiError):
    """Somebody else saved the draft since it was read."""


_BY_CODE: dict[str, type[ApiError]] = {
    "not_logged_in": NotLoggedIn,
    "wrong_credentials": NotLoggedIn,
    "not_found": NotFound,
    "name_taken": NameTaken,
    "draft_changed": DraftChanged,
}


def from_problem(problem: Problem) -> ApiError:
    """The error that stands for a problem of the platform."""
    return _BY_CODE.get(problem.code, ApiError)(problem)


def not_logged_in(host: str) -> NotLoggedIn:
    """The error for a platform that no token is known for."""
    detail = f"You are not logged in to {host}"
    return NotLoggedIn(Problem("about:blank", "Not logged in", 401, "not_logged_in", detail))
