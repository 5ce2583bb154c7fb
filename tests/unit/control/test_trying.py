"""Saved requests: each has a name of its own, whatever the template called them."""

from control.domain.trying import MAX_NAME_CHARS, check_names, named_examples
from fp.api.apps import ExampleRequest


def test_nameless_and_equal_names_become_different_ones() -> None:
    wanted = [
        ExampleRequest("GET", "/"),
        ExampleRequest("GET", "/", name="  "),
        ExampleRequest("POST", "/", name="Try"),
        ExampleRequest("PUT", "/", name="Try"),
    ]
    named = named_examples(wanted)
    assert [one.name for one in named] == ["GET /", "GET / 2", "Try", "Try 2"]
    assert [one.method for one in named] == ["GET", "GET", "POST", "PUT"]
    check_names(named)


def test_long_names_stay_within_what_may_be_saved() -> None:
    named = named_examples([ExampleRequest("GET", "/" + "x" * 500)] * 12)
    assert len({one.name for one in named}) == 12
    assert all(len(one.name) <= MAX_NAME_CHARS for one in named)
