"""Headers as the record of a failed request tells them: no secrets, nothing that says who the visitor is, and not too many.

Only failures are worth their room, and so the path of every other request pays nothing for this (decision 23).
"""

import re
from collections.abc import Iterable
from json import dumps
from typing import Any

from . import asgi

MAX_HEADERS = 50
MAX_VALUE = 1024
MAX_TOTAL = 4 * 1024
# What our own Traefik adds, or a proxy before it: addresses of visitors among it, and nothing that the client sent.
_OF_PROXIES = re.compile(rb"forwarded|(^|-)ip(v[46])?$|-addr(ess)?$")
_SECRET = re.compile(rb"cookie|auth|token|secret|key|password|session|credential")


def told(request: asgi.Headers, answer: asgi.Headers) -> str:
    """JSON: `request` and `answer`, lists of `[name, value]` in their order; the value of one that may be a secret is null."""
    return dumps({"request": _shown(request), "answer": _shown(answer)}, ensure_ascii=False, separators=(",", ":"))


def _shown(headers: Iterable[Any]) -> list[tuple[str, str | None]]:
    shown: list[tuple[str, str | None]] = []
    room = MAX_TOTAL
    for pair in headers:
        # An app may have put anything here; its request is recorded all the same.
        if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and all(isinstance(part, bytes) for part in pair)):
            continue
        name, content = pair[0].lower(), pair[1]
        if _OF_PROXIES.search(name):
            continue
        value = None if _SECRET.search(name) else content[:MAX_VALUE].decode("latin-1")
        room -= len(name) + len(value or "")
        if room < 0 or len(shown) == MAX_HEADERS:
            break
        shown.append((name[:MAX_VALUE].decode("latin-1"), value))
    return shown
