"""The folder `static/` of the app, served at `/static/` without a line of code.

An app that has a route or mount of its own at `/static` keeps it, and this is not used at all. Else GET and HEAD of a file
that exists are answered here, before the app: a catch-all route (`/{path:path}`) would otherwise swallow every style
sheet. Everything else goes to the app, also what does not exist in the folder.

Files are those of one version and small, so they are read whole; nothing outside the folder is ever read, also not
through a symbolic link.
"""

import mimetypes
import os
from email.utils import formatdate
from hashlib import blake2b
from pathlib import Path

from . import asgi

URL = "/static/"
MAX_BYTES = 32 * 1024 * 1024
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")


class Static:
    """Wraps `app`; `folder` is the app's static folder."""

    def __init__(self, app: asgi.App, folder: Path) -> None:
        self._app = app
        self._folder = os.path.realpath(folder)

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["path"].startswith(URL) and scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            found = self.find(scope["path"][len(URL) :])
            if found is not None:
                return await _answer(found, scope, send)
        return await self._app(scope, receive, send)

    def find(self, relative: str) -> str | None:
        """The file's real path, or None where there is none inside of the folder."""
        if "\0" in relative:
            return None
        path = os.path.realpath(os.path.join(self._folder, relative))  # noqa: PTH118 - a Path would drop a trailing slash
        inside = path.startswith(self._folder + os.sep) and not relative.endswith("/")
        return path if inside and os.path.isfile(path) and os.path.getsize(path) <= MAX_BYTES else None  # noqa: PTH113,PTH202


def wanted(app: object, root: Path) -> bool:
    """Whether the app has a static folder, and no route of its own for it."""
    if not (root / "static").is_dir():
        return False
    paths = [str(getattr(route, "path", "")) for route in getattr(app, "routes", None) or []]
    return not any(path.rstrip("/") == "/static" or path.startswith(URL) for path in paths)


async def _answer(path: str, scope: asgi.Scope, send: asgi.Send) -> None:
    body, headers = _read(path)
    if any(name == b"if-none-match" and headers[0][1] in value for name, value in scope["headers"]):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    headers += [(b"content-type", _content_type(path)), (b"x-content-type-options", b"nosniff")]
    await asgi.answer(send, 200, headers, body, head=scope["method"] == "HEAD")


def _read(path: str) -> tuple[bytes, asgi.Headers]:
    """The bytes of a file and the headers that name this state of it, its entity tag first."""
    file = Path(path)
    body = file.read_bytes()
    return body, [
        (b"etag", b'"%s"' % blake2b(body, digest_size=12).hexdigest().encode()),
        (b"last-modified", formatdate(file.stat().st_mtime, usegmt=True).encode()),
        (b"cache-control", b"no-cache"),
    ]


def _content_type(path: str) -> bytes:
    kind, encoding = mimetypes.guess_type(path)
    if kind is None or encoding:
        return b"application/octet-stream"
    return f"{kind}; charset=utf-8".encode() if kind.startswith(TEXT) else kind.encode()
