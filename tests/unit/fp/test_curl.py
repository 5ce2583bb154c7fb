"""A request copied as curl: whatever was typed, the shell hands curl exactly that, and curl takes it for nothing else."""

import base64
import shlex
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fp.api.see import TestRequest as Wanted
from fp.curl import as_curl

URL = "http://todo.localhost:8080"
SHELL = 'curl() { printf "%s\\0" $# "$@"; if [ "$take" ]; then cat; fi; }\n'
HEADERS = st.dictionaries(
    st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,8}", fullmatch=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=126)),
)


def by_shell(line: str, piped: bool = False) -> tuple[list[str], bytes]:
    """The arguments that curl would get from a real shell, and what comes through its pipe."""
    script = f"take={1 if piped else ''}\n{SHELL}{line}\n"
    ran = subprocess.run(["sh"], input=script.encode(), capture_output=True, check=True)
    count, told = ran.stdout.split(b"\0", 1)
    *words, rest = told.split(b"\0", int(count))
    return [word.decode() for word in words], rest


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["GET", "POST", "put", "DELETE"]), st.text(max_size=30), HEADERS,
    st.none() | st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=60),
)  # fmt: skip
@example("GET", "", {"A": "| it's "}, None)
def test_the_shell_hands_over_what_was_typed(method: str, path: str, headers: dict[str, str], body: str | None) -> None:
    words, _ = by_shell(as_curl(URL, Wanted(method, f"/{path}", headers, body)))
    assert words == shlex.split(as_curl(URL, Wanted(method, f"/{path}", headers, body)))[1:]
    assert words[-1].startswith(f"{URL}/")
    assert not set(words[-1]) & set(" \r\n\t")
    for name, value in headers.items():
        assert (f"{name}: {value}" if value.strip() else f"{name};") in words
    if body is not None:
        assert words[words.index("--data-raw") + 1] == body


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=1, max_size=200).map(lambda data: b"\0" + data))
def test_bytes_that_are_no_text_go_through_a_pipe(data: bytes) -> None:
    request = Wanted("POST", "/", body=base64.b64encode(data).decode(), body_encoding="base64")
    words, piped = by_shell(as_curl(URL, request), piped=True)
    assert words[words.index("--data-binary") + 1] == "@-"
    assert piped == data


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (Wanted(), f"curl {URL}/"),
        (Wanted("HEAD"), f"curl --head {URL}/"),
        (Wanted("DELETE", "/todos/1#top"), f"curl -X DELETE {URL}/todos/1"),
        (Wanted(path="/a/../b[1]"), f"curl --globoff --path-as-is '{URL}/a/../b[1]'"),
        (Wanted("POST", "/", {"Content-Type": "a/b"}, "{}"), f"curl -H 'Content-Type: a/b' --data-raw '{{}}' {URL}/"),
        (Wanted("POST", "/", {}, "x"), f"curl -H Content-Type: --data-raw x {URL}/"),
        (Wanted("GET", "/", {}, "@/etc/passwd"), f"curl -X GET -H Content-Type: --data-raw @/etc/passwd {URL}/"),
    ],
)
def test_the_line_is_as_short_as_it_can_be(request_: Wanted, line: str) -> None:
    assert as_curl(URL, request_) == line


def test_a_body_longer_than_an_argument_may_be_goes_through_a_pipe() -> None:
    words, piped = by_shell(as_curl(URL, Wanted("POST", "/", {}, "it's " * 40_000)), piped=True)
    assert piped == b"it's " * 40_000
    assert max(map(len, words)) < 1000
