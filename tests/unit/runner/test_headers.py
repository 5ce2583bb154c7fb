"""What the record of a failed request tells of headers: no secret, nobody's address, and only so much."""

import json
from typing import Any

from runner import headers


def shown(*pairs: tuple[bytes, bytes]) -> list[Any]:
    told = json.loads(headers.told([], list(pairs)))
    assert told["request"] == []
    answer: list[Any] = told["answer"]
    return answer


def test_headers_are_told_in_their_order_with_those_that_come_twice() -> None:
    pairs = [(b"Accept", b"a"), (b"x-mine", b'say "hi" \xe9\x01'), (b"accept", b"b")]
    assert shown(*pairs) == [["accept", "a"], ["x-mine", 'say "hi" é\x01'], ["accept", "b"]]
    assert json.loads(headers.told(pairs[:1], []))["request"] == [["accept", "a"]]


def test_what_may_be_a_secret_is_named_without_its_value() -> None:
    names = [
        b"Cookie", b"set-cookie", b"Authorization", b"proxy-authorization", b"x-api-key", b"X-CSRF-Token", b"x-gitlab-token",
        b"x-session-id", b"x-client-secret", b"x-password", b"x-amz-credential",
    ]  # fmt: skip
    assert shown(*((name, b"hunter2") for name in names)) == [[name.decode().lower(), None] for name in names]


def test_what_tells_who_the_visitor_is_is_left_out() -> None:
    names = (
        b"X-Forwarded-For", b"x-forwarded-host", b"Forwarded", b"x-real-ip", b"cf-connecting-ip", b"true-client-ip",
        b"CF-Connecting-IPv6", b"x-original-forwarded-for", b"x-envoy-external-address", b"remote-addr", b"ip",
    )  # fmt: skip
    assert shown(*((name, b"203.0.113.7") for name in names), (b"x-tip", b"1")) == [["x-tip", "1"]]


def test_what_is_no_header_is_passed_over() -> None:
    """Whoever writes bare ASGI writes text where bytes belong, once."""
    wrong: Any = [("text", "1"), None, (b"alone",), (b"a", None), "ab", (b"fine", b"1")]
    assert shown(*wrong) == [["fine", "1"]]


def test_many_and_long_headers_are_cut() -> None:
    assert shown((b"long", b"x" * 10_000)) == [["long", "x" * headers.MAX_VALUE]]
    assert len(shown(*((b"a", b"1") for _ in range(1000)))) == headers.MAX_HEADERS
    whole = shown(*((b"n%d" % n, b"x" * 1000) for n in range(20)))
    assert [name for name, _ in whole] == ["n0", "n1", "n2", "n3"]
    (name, _), *_ = shown((b"n" * 2000, b"1"))
    assert len(name) == headers.MAX_VALUE
