"""The web page: the files of a Vite build, and `index.html` for every address that only the page's own router knows.

Files below `assets/` carry a hash in their names, so browsers may keep them for ever; everything else is asked for anew.
A file that the build also left compressed (`name.br`: the linter's WebAssembly of eleven megabytes) is sent so to whoever
takes it; nothing that large is compressed anew for each visitor. The policy lets nothing in that is not ours. `style-src`
needs 'unsafe-inline' because CodeMirror writes its themes into <style> elements; 'wasm-unsafe-eval' lets the linter's
WebAssembly compile, and nothing else be evaluated.
"""

import asyncio
import hashlib
import mimetypes
from pathlib import Path
from typing import Any

from litestar.types import Receive, Send

from control.api.problems import ApiError

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_FOR_EVER = "public, max-age=31536000, immutable"
_ALWAYS_ASK = "no-cache"
_BROTLI = ".br"
# The types that matter must not depend on the machine's own table.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".map": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>fp</title>
<h1>The API is running; the web page is not built</h1>
<p>Build it once with <code>npm ci &amp;&amp; npm run build</code> in <code>frontend/</code> and load this page again.</p>
<p>The API's documentation is at <a href="/api/docs">/api/docs</a>.</p></html>
"""


class WebPage:
    """An ASGI application over the folder of a build; `folder` null or missing answers how to build it."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answers GET. Raises ApiError `not_found` or `method_not_allowed`."""
        if scope["method"] != "GET":
            raise ApiError("method_not_allowed", headers={"Allow": "GET, HEAD"})
        asked = dict(scope["headers"])
        status, path, content = await asyncio.to_thread(self._find, scope["path"])
        packed = await asyncio.to_thread(self._read, path + _BROTLI) if status == 200 and _takes_brotli(asked) else None
        headers = [
            (b"content-type", _type_of(path).encode()),
            (b"cache-control", _caching(path, status).encode()),
            (b"content-security-policy", POLICY.encode()),
        ]
        if packed is not None:
            content = packed
            headers += [(b"content-encoding", b"br"), (b"vary", b"accept-encoding")]
        if status == 200:
            tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'.encode()
            headers.append((b"etag", tag))
            if asked.get(b"if-none-match") == tag:
                status, content = 304, b""
        if status != 304:
            headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content, "more_body": False})

    def _find(self, address: str) -> tuple[int, str, bytes]:
        """Status, path within the build, and content for an address."""
        relative = address.lstrip("/") or "index.html"
        content = self._read(relative)
        if content is not None:
            return 200, relative, content
        if relative != "index.html" and (relative.startswith("assets/") or "." in relative.rpartition("/")[2]):
            raise ApiError("not_found", "There is no such file in the web page.")
        content = self._read("index.html")
        return (503, "index.html", _NOT_BUILT.encode()) if content is None else (200, "index.html", content)

    def _read(self, relative: str) -> bytes | None:
        """A file's content; null when there is none, or it lies outside the folder."""
        if self._folder is None or "\x00" in relative:
            return None
        try:
            path = (self._folder / relative).resolve()
            return path.read_bytes() if path.is_relative_to(self._folder) and path.is_file() else None
        except (OSError, ValueError):
            return None


def _takes_brotli(asked: dict[bytes, bytes]) -> bool:
    """Whether a client says so. One that takes it with q=0 does not, but none is known to say that."""
    return any(part.split(b";")[0].strip() == b"br" for part in asked.get(b"accept-encoding", b"").split(b","))


def _type_of(path: str) -> str:
    suffix = Path(path).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _caching(path: str, status: int) -> str:
    if status != 200:
        return "no-store"
    return _FOR_EVER if path.startswith("assets/") else _ALWAYS_ASK
