"""Answers in an app's place that Traefik asks for itself, in the `routes` data plane: `/error`.

Traefik comes here with a visitor's request in three cases. The app's address did not answer, or the app does not start (its
`errors` middleware: a GET without the body, whose status the visitor gets whatever we say). The wake call said that the visitor
gets an answer in the app's place that is no error. Or a host below the apps' domain has no route of its own yet, which lasts
some milliseconds after an app's first deploy. Nothing here wakes an app or tells more than the door does.
"""

from urllib.parse import urlsplit

from activator import pages
from activator.answers import NO_STORE, RETRY_SOON, Answer, finding, problem
from activator.directory import Directory
from activator.http import Request
from activator.request import Waiting, waiting
from cluster.base import Failure

IN_ITS_PLACE = 470
"""Status of the wake call's answer where Traefik must come to `/error` for what the visitor gets, with status 200."""
ROBOTS = b"User-agent: *\nAllow: /\n"


class StandIn:
    """Knows the apps from the directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def answer(self, request: Request) -> Answer:
        """A page for a browser that opens one, a problem for everybody else."""
        asked = waiting(_as_told(request))
        view = self._directory.at(asked.host)
        if view is None:
            return unknown(asked)
        status = request.argument("status")
        # Traefik tells the status that the visitor will get, which it has rewritten.
        if status == "200":
            return static_answer(urlsplit(request.argument("url")).path)
        if status and view.failure is not None and view.upstream is None:
            return does_not_start(asked, view.name, view.failure)
        return _did_not_answer(asked, view.name) if status else _moment(asked, view.name)


def does_not_start(request: Waiting, name: str, failure: Failure) -> Answer:
    """The app was to be woken and failed."""
    if request.html:
        return pages.failed(name, failure)
    return problem(502, "app_failed", "The app does not start", failure.message, findings=[finding(failure)])


def static_answer(path: str) -> Answer:
    """What probes and crawlers get of a sleeping app."""
    if path == "/robots.txt":
        return Answer(200, (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "max-age=3600")), ROBOTS)
    if path == "/favicon.ico":
        return Answer(204, (("Cache-Control", "max-age=60"),))
    return Answer(200, (("Content-Type", "text/plain; charset=utf-8"), NO_STORE), b"asleep\n")


def unknown(request: Waiting) -> Answer:
    """No app has that host."""
    if request.html:
        return pages.unknown(request.host)
    return problem(404, "not_found", "There is no app here", "No app has this host.")


def _did_not_answer(request: Waiting, name: str) -> Answer:
    if request.html:
        return pages.did_not_answer(name)
    detail = "The connection to the app broke before it answered, or it answered 502 or 504 itself."
    return problem(502, "app_failed", "The app did not answer", detail)


def _moment(request: Waiting, name: str) -> Answer:
    if request.navigation:
        return pages.waking(name)
    return problem(
        503, "unavailable", "One moment", "The app is about to be reachable. Try again.", headers=(RETRY_SOON,)
    )


def _as_told(request: Request) -> dict[bytes, bytes]:
    """The request itself in the form of a wake call."""
    host, method = request.headers.get(b"host", b""), request.method.encode("latin-1")
    return request.headers | {
        b"x-forwarded-host": host,
        b"x-forwarded-method": method,
        b"x-forwarded-uri": request.path.encode("latin-1"),
    }
