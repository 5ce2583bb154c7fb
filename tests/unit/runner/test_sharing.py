"""Tags for chats: put into pages that want them, and everything else passes as the app said it, byte for byte."""

import asyncio
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.sharing import MAX_HELD, Sharing

Message = dict[str, Any]
TOLD = {"title": "My app", "description": "What it does", "picture": "/static/og.png"}
PAGE = b"<!doctype html><html><head><meta charset=utf-8><title>x</title></head><body>hello</body></html>"
OURS = re.compile(rb"<meta property=\"og:type\".*?<meta name=\"twitter:card\" content=\"\w+\">", re.DOTALL)
HTML = [(b"Content-Type", b"text/html; charset=utf-8")]


def ask(app_sends: list[Message], told: dict[str, str] = TOLD, **scope: Any) -> list[Message]:
    """What a server gets of an app that sends these messages."""
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in app_sends:
            await send(message)

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    asked = {
        "type": "http", "method": "GET", "path": "/notes/a b", "query_string": b"", "scheme": "https",
        "headers": [(b"host", b"todo.example.com:8443")], **scope,
    }  # fmt: skip
    asyncio.run(Sharing(app, told)(asked, receive, send))
    return sent


def answer(*parts: bytes, headers: list[tuple[bytes, bytes]] = HTML, status: int = 200) -> list[Message]:
    bodies = [
        {"type": "http.response.body", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ]
    return [{"type": "http.response.start", "status": status, "headers": headers}, *bodies]


def body_of(messages: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in messages)


class Metas(HTMLParser):
    """All that an HTML parser finds: tags and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.told = {d.get("property") or d.get("name"): d.get("content") for name, d in self.tags if name == "meta"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_page_gets_all_that_is_set() -> None:
    headers = [*HTML, (b"content-length", b"%d" % len(PAGE)), (b"ETag", b'"v1"'), (b"accept-ranges", b"bytes")]
    sent = ask(answer(PAGE, headers=headers))
    body = body_of(sent)
    assert OURS.sub(b"", body) == PAGE
    assert Metas(body.decode()).told | {None: None} == {
        None: None, "og:type": "website", "og:title": "My app", "og:description": "What it does",
        "og:url": "https://todo.example.com:8443/notes/a%20b",
        "og:image": "https://todo.example.com:8443/static/og.png", "twitter:card": "summary_large_image",
    }  # fmt: skip
    assert sent[0]["headers"] == [*HTML, (b"content-length", b"%d" % len(body)), (b"ETag", b'W/"v1"')]


def test_only_what_is_set_is_told() -> None:
    told = Metas(body_of(ask(answer(PAGE), {"title": "x", "picture": "https://cdn.example.com/a.png"})).decode()).told
    assert "og:description" not in told
    assert told["og:image"] == "https://cdn.example.com/a.png"
    assert Metas(body_of(ask(answer(PAGE), {"title": "x"})).decode()).told["twitter:card"] == "summary"


LEFT_ALONE = {
    "a fragment": answer(b"<p>hello</p>"),
    "its own title": answer(PAGE.replace(b"<title>", b'<meta property="og:title" content="mine"><title>')),
    "its own title, late": answer(PAGE.replace(b"</head>", b"<style></style><META content=a NAME='og:title'></head>")),
    "JSON": answer(b'{"a":1}', headers=[(b"content-type", b"application/json")]),
    "no type": answer(PAGE, headers=[]),
    "an error": answer(PAGE, status=500),
    "a redirect": answer(PAGE, status=302),
    "compressed": answer(PAGE, headers=[*HTML, (b"content-encoding", b"gzip")]),
    "a range": answer(PAGE, headers=[*HTML, (b"content-range", b"bytes 0-9/10")]),
    "a digest": answer(PAGE, headers=[*HTML, (b"Repr-Digest", b"sha-256=:x:")]),
    "UTF-16": answer(PAGE, headers=[(b"content-type", b"text/html; charset=UTF-16")]),
    "nothing": answer(b""),
    "other messages": [{"type": "http.response.debug", "info": {}}, *answer(b"x", headers=[])],
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_no_plain_page_is_left_alone(name: str) -> None:
    assert ask(LEFT_ALONE[name]) == LEFT_ALONE[name]


@pytest.mark.parametrize("scope", [{"method": "HEAD"}, {"method": "POST"}, {"type": "websocket"}])
def test_other_requests_are_left_alone(scope: Message) -> None:
    assert ask(answer(PAGE), **scope) == answer(PAGE)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places})
    return [data[begin:end] for begin, end in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(
    st.sampled_from([PAGE, b"<html><head>", b"<p>x", b"<!doctype html><title>y</title>", b"<html><head><!-- "]),
    st.binary(max_size=120) | st.text(alphabet="<>/!-\"'= headscriptog:title", max_size=120).map(str.encode),
    st.lists(st.integers(min_value=0, max_value=10_000), max_size=12),
)
def test_without_the_tags_it_is_what_the_app_sent(begin: bytes, rest: bytes, places: list[int]) -> None:
    parts = cut(begin + rest, places)
    sent = ask(answer(*parts))
    body = body_of(sent)
    assert OURS.sub(b"", body, count=1) == begin + rest
    assert [m["type"] for m in sent].count("http.response.start") == 1
    assert not sent[-1].get("more_body", False)


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=50))
def test_no_text_breaks_out_of_its_tag(title: str, description: str, host: str) -> None:
    told = {"title": f"x{title}", "description": f"x{description}", "picture": "/a.png"}
    sent = ask(answer(PAGE), told, headers=[(b"host", host.encode("latin-1", "replace"))])
    body = body_of(sent)
    assert OURS.sub(b"", body) == PAGE
    found = Metas(body.decode())
    assert {name for name, _ in found.tags} == {"html", "head", "meta", "title", "body"}
    assert all(set(attributes) <= {"property", "name", "content", "charset"} for _, attributes in found.tags)
    if title.isprintable():
        assert found.told["og:title"] == f"x{title}"


def test_a_page_that_streams_is_held_no_longer_than_its_head() -> None:
    parts = [b"<html><head>", b"<title>x</title>", b"</he", b"ad><body>1", b"2", b"3"]
    sent = ask(answer(*parts))
    assert [m.get("body") for m in sent][2:] == [b"ad><body>1", b"2", b"3"]
    assert sent[1]["body"].endswith(b"</he")
    endless = [b"<html><head><title>", *[b"x" * 1000] * 100]
    sent = ask(answer(*endless))
    assert max(len(message.get("body", b"")) for message in sent) < MAX_HELD + 2000
    assert OURS.sub(b"", body_of(sent)) == b"".join(endless)


def test_an_app_that_stops_half_way_has_sent_what_it_sent() -> None:
    begun = answer(b"<html><head>", b"<title>")[:2]
    assert ask(begun) == begun
    assert ask(begun[:1]) == begun[:1]
