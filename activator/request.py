"""What the wake call says about the request that waits at the door, and what follows from it alone."""

from collections.abc import Mapping

import msgspec

RESERVED = "/.fp"
WAKE_PATH = "/.fp/wake"
"""Asked by the loading page, of any app host: 204 once the app is awake, or what the app's visitors would be told.

It is below the runner's reserved path, so that an awake app neither sees nor records it: the runner's 404 says as much as 204.
"""


class Waiting(msgspec.Struct, frozen=True):
    """A request at the door. `host`: lower case, no port; `stale`: the address that just refused it, if one did.

    `unrouted`: it came by the route for hosts that have none of their own.
    `forwarded_for`: the addresses it came over, as `activator.clients` reads them.
    """

    host: str
    method: str
    path: str
    accept: str
    agent: str
    mode: str
    purpose: str
    upgrade_insecure: bool
    forwarded_for: str
    stale: str | None
    unrouted: bool = False

    @property
    def reserved(self) -> bool:
        """The path is the platform's own, whatever the app."""
        return self.path == RESERVED or self.path.startswith(f"{RESERVED}/")

    @property
    def html(self) -> bool:
        """The client would rather see a page than a problem."""
        return "text/html" in self.accept

    @property
    def navigation(self) -> bool:
        """A browser opens a page. Over plain HTTP browsers do not send the mode, but what only page loads have."""
        opens = self.mode == "navigate" or (not self.mode and self.upgrade_insecure)
        return self.method == "GET" and opens and self.html

    @property
    def prefetch(self) -> bool:
        """A browser guesses that somebody may want it soon."""
        return "prefetch" in self.purpose


def waiting(headers: Mapping[bytes, bytes], *, unrouted: bool = False) -> Waiting:
    """Read out of the headers of the wake call, whose names are in lower case."""

    def text(name: bytes) -> str:
        return headers.get(name, b"").decode("latin-1")

    return Waiting(
        host=text(b"x-forwarded-host").partition(":")[0].lower(),
        method=text(b"x-forwarded-method") or "GET",
        path=text(b"x-forwarded-uri").partition("?")[0],
        accept=text(b"accept"),
        agent=text(b"user-agent").lower(),
        mode=text(b"sec-fetch-mode"),
        purpose=text(b"sec-purpose") or text(b"purpose"),
        upgrade_insecure=text(b"upgrade-insecure-requests") == "1",
        forwarded_for=text(b"x-forwarded-for"),
        stale=text(b"x-fp-stale") or None,
        unrouted=unrouted,
    )
