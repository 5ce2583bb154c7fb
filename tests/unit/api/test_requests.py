"""Reading bodies: no JSON is one problem, another shape is another, and both say where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.api.problems import ApiError
from control.api.requests import decode_body
from control.api.security import csrf_token
from fp.api.apps import AppSettingsPatch, DraftPut


def refused(raw: bytes, kind: Any = DraftPut) -> ApiError:
    with pytest.raises(ApiError) as error:
        decode_body(raw, kind)
    return error.value


@pytest.mark.parametrize("raw", [b"{", b"\xff", b'{"files": {"a": "\xff"}}', b"", b"[" * 10_000, b'"\\ud800"', b"NaN"])
def test_no_json_is_a_bad_request(raw: bytes) -> None:
    assert refused(raw, Any).code == "bad_request"


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b'{"files": {"a.py": 5}}', "files[...]"),
        (b'{"files": []}', "files"),
        (b'{"entrypoint": "app.py"}', "files"),
        (b'{"files": {}, "more": 1}', "more"),
        (b"[]", "object"),
    ],
)
def test_another_shape_is_invalid_and_says_where(raw: bytes, where: str) -> None:
    error = refused(raw)
    assert error.code == "invalid"
    assert where in error.detail


def test_types_are_taken_literally() -> None:
    for raw in (
        b'{"idle_minutes": "5"}',
        b'{"idle_minutes": 5.5}',
        b'{"idle_minutes": true}',
        b'{"idle_minutes": null}',
    ):
        assert refused(raw, AppSettingsPatch).code == "invalid"


@given(st.binary(max_size=300))
def test_no_bytes_reach_a_traceback(raw: bytes) -> None:
    try:
        decode_body(raw, DraftPut)
    except ApiError as error:
        assert error.code in {"bad_request", "invalid"}


def test_a_csrf_token_belongs_to_one_session_and_does_not_show_it() -> None:
    assert csrf_token("fp_one") != csrf_token("fp_two")
    assert "fp_one" not in csrf_token("fp_one")
