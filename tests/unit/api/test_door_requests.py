"""What the test panel may send: the path as it was typed, no header that is the platform's, and nothing that splits a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.api.door import Door, _as_text
from control.domain.errors import Invalid, TooLarge
from fp.api.see import TestRequest as Wanted

HOST = "todo.localhost"


def built(wanted: Wanted) -> tuple[str, bytes, dict[str, str]]:
    request = Door(8080)._request(HOST, wanted)
    return request.method, request.url.raw_path, dict(request.headers)


def test_the_request_is_the_visitors_own() -> None:
    method, path, headers = built(Wanted("post", "/a b/ü?q=1%202&x=[y]#part", {"X-Mine": "1"}, "{}"))
    assert (method, path) == ("POST", b"/a%20b/%C3%BC?q=1%202&x=[y]")
    assert headers["host"] == "todo.localhost:8080"
    assert headers["x-mine"] == "1"
    assert headers["content-length"] == "2"


def test_a_path_with_two_slashes_stays_a_path() -> None:
    assert built(Wanted(path="//elsewhere.example/x"))[1] == b"//elsewhere.example/x"


@pytest.mark.parametrize(
    "name", ["Host", "connection", "Transfer-Encoding", "CONTENT-LENGTH", "X-Fp-Cold-Start", "upgrade", "fp-request-id"]
)
def test_headers_of_the_platform_are_refused_by_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        built(Wanted(headers={name: "x"}))
    assert name in refused.value.message


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(path="http://elsewhere.example/"),
        Wanted(path=""),
        Wanted(path="/a\r\nX: y"),
        Wanted(method="GET / HTTP/1.1\r\n"),
        Wanted(method="CONNECT"),
        Wanted(headers={"X": "a\r\nY: b"}),
        Wanted(headers={"X:": "a"}),
        Wanted(headers={"X": "\u2603"}),
        Wanted(headers={f"x-{number}": "1" for number in range(51)}),
        Wanted(body="no base64!", body_encoding="base64"),
        Wanted(body="ü", body_encoding="base64"),
    ],
)
def test_what_cannot_be_sent_is_invalid(wanted: Wanted) -> None:
    with pytest.raises(Invalid):
        built(wanted)


def test_a_body_is_what_its_base64_says_and_at_most_1_mb() -> None:
    sent = Door(8080)._request(HOST, Wanted("POST", body="AAH/", body_encoding="base64"))
    assert sent.content == b"\x00\x01\xff"
    with pytest.raises(TooLarge):
        built(Wanted("POST", body="x" * (1024 * 1024 + 1)))


@given(
    st.text(max_size=40), st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=3), st.text(max_size=8)
)
def test_nothing_splits_the_request(path: str, headers: dict[str, str], method: str) -> None:
    try:
        sent_method, sent_path, sent = built(Wanted(method or "GET", f"/{path}", headers))
    except Invalid:
        return
    assert not set(sent_path) & set(b"\r\n \x00")
    assert not any(set(value) & set("\r\n\x00") for value in [sent_method, *sent, *sent.values()])


def test_text_is_text_and_the_rest_is_not() -> None:
    assert _as_text("grün".encode(), truncated=False) == "grün"
    assert _as_text("grü".encode()[:-1], truncated=True) == "gr"
    assert _as_text("grü".encode()[:-1], truncated=False) is None
    assert _as_text(b"\x89PNG\x00", truncated=False) is None
