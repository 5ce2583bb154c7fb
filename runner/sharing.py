"""Puts what chats show of a shared address (OpenGraph tags) into the head of the app's pages. Only there where it is set.

A page is an answer of 200 to GET in text/html, whole and not compressed. Its first bytes are held back until its head is over
(`head.py`), MAX_HELD bytes or MAX_PARTS messages at most, so that a page that streams still does. A page that has an `og:title`
of its own, or no head that can be told for sure, passes as it is, byte for byte.

A page that was changed is another representation than the one that the app knows: its entity tag becomes a weak one and it
offers no ranges, since a range of the app's own bytes would not fit. Answers that bear a digest of their bytes are left alone.
"""

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from . import asgi
from .head import MORE, NOWHERE, place

TITLE, DESCRIPTION, PICTURE = "title", "description", "picture"
MAX_HELD = 32 * 1024
MAX_PARTS = 32
_OWN_TITLE = re.compile(rb"(?:property|name)\s*=\s*[\"']?\s*og:title", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(?:utf-?(?:16|32|7)|ucs|iso-2022|hz)", re.IGNORECASE)
_HANDS_OFF = frozenset(
    {b"content-encoding", b"content-range", b"content-digest", b"repr-digest", b"digest", b"content-md5"}
)


class Sharing:
    """Wraps `app`. `told`: title, description and picture, those that are set."""

    def __init__(self, app: asgi.App, told: Mapping[str, str]) -> None:
        self._app = app
        self._told = told

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        page = Page(self._told, scope, send)
        await self._app(scope, receive, page.send)
        await page.let_go()


class Page:
    """One answer on its way. `_start` is held back while the answer may still be changed."""

    __slots__ = ("_held", "_parts", "_passing", "_scope", "_send", "_start", "_told")

    def __init__(self, told: Mapping[str, str], scope: asgi.Scope, send: asgi.Send) -> None:
        self._told, self._scope, self._send = told, scope, send
        self._start: asgi.Message | None = None
        self._held = b""
        self._parts = 0
        self._passing = False

    async def send(self, message: asgi.Message) -> None:
        """In place of the server's own."""
        if self._passing:
            return await self._send(message)
        if self._start is None:
            if message["type"] == "http.response.start" and is_page(message):
                self._start = message
                return None
        elif message["type"] == "http.response.body":
            return await self._look(message.get("body", b""), more=message.get("more_body", False))
        await self.let_go()
        return await self._send(message)

    async def _look(self, body: bytes, *, more: bool) -> None:
        self._held += body
        self._parts += 1
        over = not more or len(self._held) >= MAX_HELD or self._parts >= MAX_PARTS
        where = place(self._held, over=over)
        if where == MORE:
            return
        if where != NOWHERE and not _OWN_TITLE.search(self._held):
            self._insert(where)
        await self.let_go(more=more)

    def _insert(self, where: int) -> None:
        assert self._start is not None
        added = tags(self._told, self._scope)
        self._held = self._held[:where] + added + self._held[where:]
        self._start = {**self._start, "headers": changed(self._start.get("headers", ()), len(added))}

    async def let_go(self, *, more: bool = True) -> None:
        """Send what is held back, and from now on everything at once."""
        self._passing = True
        start, self._start = self._start, None
        if start is not None:
            await self._send(start)
            if self._parts:
                await self._send({"type": "http.response.body", "body": self._held, "more_body": more})
                self._held = b""


def is_page(start: asgi.Message) -> bool:
    """Whether the answer that begins so is a page that may get tags."""
    if start["status"] != 200 or start.get("trailers"):
        return False
    kind = b""
    for name, value in start.get("headers", ()):
        lower = name.lower()
        if lower in _HANDS_OFF:
            return False
        if lower == b"content-type":
            kind = value
    return kind.partition(b";")[0].strip().lower() == b"text/html" and not _CHARSET.search(kind)


def changed(headers: asgi.Headers, more: int) -> asgi.Headers:
    """The headers of a page that has become `more` bytes longer."""
    found: asgi.Headers = []
    for name, value in headers:
        lower = name.lower()
        if lower == b"content-length" and value.strip().isdigit():
            found.append((name, str(int(value) + more).encode()))
        elif lower == b"etag" and not value.startswith(b"W/"):
            found.append((name, b"W/" + value))
        elif lower != b"accept-ranges":
            found.append((name, value))
    return found


def tags(told: Mapping[str, str], scope: asgi.Scope) -> bytes:
    """The tags for this page; ASCII, so they are right in whatever the page is written in."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    origin = f"{scope.get('scheme', 'http')}://{host}" if host else ""
    picture = told.get(PICTURE, "")
    found = {
        "og:type": "website",
        "og:title": told.get(TITLE, ""),
        "og:description": told.get(DESCRIPTION, ""),
        "og:url": origin + quote(scope["path"], safe="/~!$&'()*+,;=:@") if origin else "",
        "og:image": origin + picture if picture.startswith("/") else picture,
    }
    lines = [f'<meta property="{name}" content="{escape(value)}">' for name, value in found.items() if value]
    lines.append(f'<meta name="twitter:card" content="{"summary_large_image" if picture else "summary"}">')
    return "".join(lines).encode("ascii", "xmlcharrefreplace")
