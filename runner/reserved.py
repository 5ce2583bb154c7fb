"""The reserved path `/.fp/...`: answered here, to callers that show the ticket; a 404 to everybody else.

It stands in front of the recorder: the platform's own questions are no requests of the app and keep it from nothing.
"""

import hmac
import json

from . import asgi
from .activity import Activity

PATH = "/.fp"
TICKET = b"x-fp-ticket"
JSON: asgi.Headers = [(b"content-type", b"application/json")]


class Reserved:
    """Wraps `app` (the recorder). `ready` is told on `/.fp/health`."""

    def __init__(self, app: asgi.App, activity: Activity, ticket: str) -> None:
        self._app = app
        self._activity = activity
        self._ticket = ticket.encode()
        self.ready = False

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        path = scope["path"]
        if not path.startswith(PATH) or path[len(PATH) :][:1] not in {"", "/"}:
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await asgi.refuse_socket(receive, send)
        status, body = self._answer(path[len(PATH) :]) if self._is_known(scope) else (404, {"detail": "Not Found"})
        return await asgi.answer(send, status, JSON, json.dumps(body).encode(), head=scope["method"] == "HEAD")

    def _is_known(self, scope: asgi.Scope) -> bool:
        shown = [value for name, value in scope["headers"] if name == TICKET]
        return len(shown) == 1 and hmac.compare_digest(shown[0], self._ticket)

    def _answer(self, path: str) -> tuple[int, dict[str, object]]:
        match path:
            case "/health":
                return 200, {"ready": self.ready}
            case "/activity":
                return 200, dict(self._activity.report())
            case _:
                return 404, {"detail": "Not Found"}
