"""What visitors are told in an app's place, in words: the same for a page and for a problem.

Visitors are the public: a notice names the app and what they can do, never a file, a line or a message of the app's, which may
hold secrets. The owner of a failing app gets a link to the platform's own page, where all of that is.
"""

import math
from typing import Literal

import msgspec

from cluster.base import Blocked

Next = Literal["nothing", "again", "opens"]
"""What the page does by itself: nothing, load again after `retry` seconds, or wait for the app and open it."""

SOON = 1
LEAST_PAGE_SECONDS = 5
"""Nobody can read a page that is gone after a second."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """`code`: one of the API's. `retry`: seconds until asking again makes sense, null where it does not.

    `late`: in place of `text` where a page that waits has waited long. `link`: where the app's owner finds more.
    """

    status: int
    code: str
    title: str
    text: str
    then: Next = "nothing"
    retry: int | None = None
    late: str = ""
    link: str = ""


def waking(name: str) -> Notice:
    """It is being woken: what a page load is told after a second."""
    return Notice(
        status=503,
        code="unavailable",
        title=f"{name} is waking up",
        text="It was asleep to save power. This page opens it as soon as it answers.",
        late="It takes longer than usual. This page still waits, and opens it as soon as it answers.",
        then="opens",
        retry=SOON,
    )


def starting() -> Notice:
    """Nobody knows yet which apps there are: the platform has just started."""
    return Notice(
        status=503,
        code="unavailable",
        title="One moment",
        text="The platform is starting. This page goes on as soon as it is up.",
        late="It takes longer than usual. This page still waits, and goes on as soon as the platform is up.",
        then="opens",
        retry=SOON,
    )


def late(name: str) -> Notice:
    """It did not wake within the time that a request is held."""
    return Notice(
        status=503,
        code="unavailable",
        title=f"{name} did not wake in time",
        text="It takes longer than a request can wait. Try again in a moment.",
        retry=SOON,
    )


def asleep(name: str) -> Notice:
    """For whoever only guesses that somebody may want it."""
    text = "It is asleep, and a prefetch does not wake it."
    return Notice(status=503, code="unavailable", title=f"{name} is asleep", text=text)


def busy(name: str) -> Notice:
    """Its waiting room, or all rooms together, are full."""
    return Notice(
        status=503,
        code="unavailable",
        title=f"Many are waiting for {name}",
        text="It is waking up, and no more requests can wait for it.",
        then="again",
        retry=SOON,
    )


def limited(seconds: float) -> Notice:
    """One client asks for more than one may."""
    return Notice(
        status=429,
        code="rate_limited",
        title="Too many requests",
        text="Too many requests for sleeping apps come from your network.",
        then="again",
        retry=max(math.ceil(seconds), SOON),
    )


def failed(name: str, seconds: float, link: str) -> Notice:
    """The wake failed, or the app rests for `seconds` more after several that did."""
    return Notice(
        status=502,
        code="app_failed",
        title=f"{name} does not start",
        text="It was woken, and failed before it could answer.",
        then="again",
        retry=max(math.ceil(seconds), SOON),
        link=link,
    )


def broke_off(name: str, link: str) -> Notice:
    """The app was asked, and there came no whole answer."""
    return Notice(
        status=502,
        code="app_failed",
        title=f"{name} did not answer",
        text="It was asked, and broke off or took too long. Try again in a moment.",
        link=link,
    )


def blocked(name: str, why: Blocked) -> Notice:
    """It may not run."""
    if why == "over_limit":
        title, text = f"{name} is over its limit", "It used up what it may use, and is back when its limit begins anew."
    else:
        title, text = f"{name} is paused", "Its owner paused it. It answers again once they resume it."
    return Notice(status=503, code="app_blocked", title=title, text=text)


def unknown(host: str) -> Notice:
    """No app has that host."""
    text = f"No app answers at {host[:253]}."
    return Notice(status=404, code="not_found", title="There is no app here", text=text)
