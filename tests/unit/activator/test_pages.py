"""Pages escape what they are told, are small, fetch nothing, run nothing but their own, and ask again only what is safe."""

import base64
import hashlib
import re

import msgspec
import pytest

from activator import notices, pages
from activator.answers import Answer
from activator.notices import Notice
from activator.request import Waiting, waiting

EVIL = "<script>alert('1')</script>\"&"
LINK = "http://localhost:8080/apps/todo/wakes"
ALL = [
    notices.waking(EVIL),
    notices.starting(),
    notices.late(EVIL),
    notices.asleep(EVIL),
    notices.busy(EVIL),
    notices.limited(0.1),
    notices.failed(EVIL, 8.2, LINK + EVIL),
    notices.broke_off(EVIL, LINK),
    notices.blocked(EVIL, "paused"),
    notices.blocked(EVIL, "over_limit"),
    notices.unknown(EVIL * 20),
]
each = pytest.mark.parametrize("notice", ALL, ids=[notice.title[-20:] for notice in ALL])


def request(method: str = "GET", accept: str = "text/html") -> Waiting:
    headers = {"x-forwarded-host": "a.localhost", "x-forwarded-method": method, "accept": accept}
    return waiting({name.encode(): value.encode() for name, value in headers.items()})


def header(answer: Answer, name: str) -> str:
    return dict(answer.headers).get(name, "")


@each
def test_a_page_is_small_fetches_nothing_and_suits_every_visitor(notice: Notice) -> None:
    answer = pages.page(notice)
    text = answer.body.decode()
    assert len(answer.body) < 6 * 1024
    assert re.findall(r"(?:src|href|url)[=(](?!#)", text) == ["href="] * bool(notice.link)
    assert "prefers-color-scheme:dark" in text
    assert "prefers-reduced-motion:reduce" in text
    assert header(answer, "Cache-Control") == "no-store"
    assert header(answer, "X-Robots-Tag") == "noindex"


@each
def test_a_page_escapes_what_it_is_told(notice: Notice) -> None:
    text = pages.page(notice).body.decode()
    assert "alert('1')" not in text
    assert text.count("<script>") == (notice.then != "nothing")


@each
def test_its_policy_lets_run_what_is_in_it_and_nothing_else(notice: Notice) -> None:
    """The browser compares the hash of each element's text with the policy's; so do we."""
    answer = pages.page(notice)
    policy = header(answer, "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    inline = re.findall(r"<(style|script)>(.*?)</\1>", answer.body.decode(), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for _, text in inline]
    assert hashes == re.findall(r"'sha256-([^']*)'", policy)
    assert " style=" not in answer.body.decode()
    assert not re.search(r"\son\w+=", answer.body.decode())


@each
def test_programs_get_a_problem_with_the_same_words(notice: Notice) -> None:
    answer = pages.tell(request(accept="application/json"), notice)
    body = msgspec.json.decode(answer.body)
    assert header(answer, "Content-Type") == "application/problem+json"
    assert (answer.status, body["status"], body["code"]) == (notice.status, notice.status, notice.code)
    assert (body["title"], body["detail"]) == (notice.title, notice.text)
    assert header(answer, "Retry-After") == ("" if notice.retry is None else str(notice.retry))
    assert (notice.link in body.get("hint", "")) is True


@each
def test_what_a_form_sent_is_not_sent_again_by_the_page(notice: Notice) -> None:
    text = pages.tell(request(method="POST"), notice).body.decode()
    assert "<script>" not in text
    assert "refresh" not in text


def test_a_page_that_tries_again_says_when_and_does_so_without_scripts_too() -> None:
    answer = pages.page(notices.failed("todo", 8.2, LINK))
    text = answer.body.decode()
    assert '<b id="s">9</b> s' in text
    assert 'http-equiv="refresh" content="9"' in text
    assert header(answer, "Retry-After") == "9"
    soon = pages.page(notices.failed("todo", 0.0, LINK)).body.decode()
    assert '<b id="s">5</b> s' in soon, "nobody can read a page that is gone after a second"
