"""What the wake call says about the request that waits at the door."""

from collections.abc import Mapping

import msgspec

RESERVED = "/.fp"


class Waiting(msgspec.Struct, frozen=True):
    """A request at the door. `host`: lower case, no port; `stale`: the address that just refused it, if one did.

    `unrouted`: it came by the route for hosts that have none of their own.
    """

    host: str
    method: str
    path: str
    accept: str
    agent: str
    mode: str
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
        """A browser opens a page."""
        return self.method == "GET" and self.mode == "navigate" and self.html


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
        stale=text(b"x-fp-stale") or None,
        unrouted=unrouted,
    )
