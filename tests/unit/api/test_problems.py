"""Every error has its answer: the codes are the closed list, and nothing that we raise on purpose answers 500."""

import json
from typing import get_args

import pytest

from cluster import base as cluster
from control.api import problems
from control.domain import errors
from control.lifecycle import activator
from fp.api.problems import Finding, ProblemCode

CODES = set(get_args(ProblemCode))
OURS = {errors.SecretUnreadable, errors.DomainError, cluster.UnknownTicket, cluster.ClusterError}
"""Errors that are the platform's own fault when they reach a visitor."""
FAILURE = cluster.Failure(code="import_failed", message="no module named x", file="app.py", line=3, hint="check it")


def descendants(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(descendants(child) for child in kind.__subclasses__()))


def made(kind: type[Exception]) -> Exception:
    """An instance, whatever the class wants to know."""
    wanted: dict[type[Exception], Exception] = {
        errors.NotFound: errors.NotFound("app", "todo"),
        errors.NameTaken: errors.NameTaken("todo"),
        errors.DraftChanged: errors.DraftChanged("abc"),
        errors.NotDeployed: errors.NotDeployed("todo"),
        errors.LastAdmin: errors.LastAdmin(),
        errors.Invalid: errors.Invalid("no", [Finding("bad_path", "no", "x")]),
        errors.TooLarge: errors.TooLarge("big"),
        errors.BadCursor: errors.BadCursor(),
        errors.TooBroad: errors.TooBroad(),
        cluster.DeployFailed: cluster.DeployFailed(FAILURE),
        activator.WakeFailed: activator.WakeFailed(FAILURE),
    }
    return wanted.get(kind) or kind("x")


# The store's own Duplicate never leaves the store; it is a DomainError only so that nothing is lost on the way.
RAISED = sorted(
    (
        kind
        for root in (errors.DomainError, cluster.ClusterError)
        for kind in descendants(root)
        if kind.__module__ in {errors.__name__, cluster.__name__}
    ),
    key=lambda kind: kind.__name__,
)


def test_each_code_has_a_status_and_a_title() -> None:
    assert set(problems.STATUS) == CODES == set(problems.TITLES)


@pytest.mark.parametrize("kind", [*RAISED, activator.WakeFailed, activator.ActivatorUnavailable])
def test_every_error_class_is_in_the_table_itself(kind: type[Exception]) -> None:
    assert kind in problems._ANSWERS


@pytest.mark.parametrize("kind", [kind for kind in RAISED if kind not in OURS])
def test_what_a_visitor_can_cause_is_never_internal(kind: type[Exception]) -> None:
    answer = problems.answer_of(made(kind))
    assert answer is not None
    assert 400 <= problems.STATUS[answer.code] <= 503
    assert answer.code != "internal"


@pytest.mark.parametrize("kind", sorted(OURS, key=str))
def test_our_own_faults_show_nothing(kind: type[Exception]) -> None:
    status, _, body = problems.to_answer(kind("the key is hunter2"), "req-1")
    assert status == 500
    assert b"hunter2" not in body
    assert json.loads(body)["request_id"] == "req-1"


def test_a_subclass_answers_as_its_nearest_ancestor() -> None:
    class Newer(errors.NotDeployed):
        pass

    answer = problems.answer_of(Newer("todo"))
    assert answer is not None
    assert (answer.code, answer.hint) == ("conflict", "Deploy it first.")


def test_a_failed_wake_carries_the_finding() -> None:
    status, _, body = problems.to_answer(activator.WakeFailed(FAILURE), "r")
    told = json.loads(body)
    assert (status, told["code"], told["hint"]) == (502, "app_failed", "check it")
    assert told["findings"][0]["line"] == 3
    assert told["findings"][0]["file"] == "app.py"


def test_an_unknown_exception_is_internal() -> None:
    status, headers, body = problems.to_answer(ZeroDivisionError("secret"), "r")
    assert status == 500
    assert headers["Content-Type"] == problems.MEDIA_TYPE
    assert b"secret" not in body
