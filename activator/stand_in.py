"""Answers in an app's place that Traefik asks for itself, in the `routes` data plane: `/error`.

Traefik comes here with a visitor's request in three cases. The app's address did not answer, or the app does not start (its
`errors` middleware: a GET without the body, whose status the visitor gets whatever we say). The wake call said that the visitor
gets an answer in the app's place that is no error. Or a host below the apps' domain has no route of its own yet, which lasts
some milliseconds after an app's first deploy. Nothing here wakes an app or tells more than the door does.
"""

from urllib.parse import urlsplit

from activator import notices, pages
from activator.answers import Answer
from activator.directory import Directory
from activator.http import Request
from activator.request import waiting
from activator.wake import Wake


class StandIn:
    """Knows the apps from the directory, and from `wake` what the door would say."""

    def __init__(self, directory: Directory, wake: Wake) -> None:
        self._directory = directory
        self._wake = wake

    def answer(self, request: Request) -> Answer:
        """A page for a browser that opens one, a problem for everybody else."""
        asked = waiting(_as_told(request))
        view = self._directory.at(asked.host)
        if view is None:
            return pages.tell(asked, notices.unknown(asked.host))
        status = request.argument("status")
        # Traefik tells the status that the visitor will get, which it has rewritten.
        if status == "200" and (answer := self._wake.in_its_place(asked, view)) is not None:
            return answer
        if status:
            failed = view.failure is not None and view.upstream is None
            return self._wake.failed(asked, view) if failed else self._wake.broke_off(asked, view)
        return pages.tell(asked, notices.waking(view.name))


def _as_told(request: Request) -> dict[bytes, bytes]:
    """The request itself in the form of a wake call."""
    return request.headers | {
        b"x-forwarded-host": request.headers.get(b"host", b""),
        b"x-forwarded-method": request.method.encode("latin-1"),
        b"x-forwarded-uri": urlsplit(request.argument("url")).path.encode("latin-1", "replace"),
    }
