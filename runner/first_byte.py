"""How long after `ready` the first answer began: told once, and no answer after it pays for it.

A wake is over for a visitor when the first byte arrives, and only the runner sees that byte leave. While nothing was answered
yet, what requests send goes through here; from then on the recorder's hook is empty again.
"""

import time
from collections.abc import Callable

from . import asgi
from .recorder import Recorder

BEGINNINGS = frozenset({"http.response.start", "websocket.accept", "websocket.close", "websocket.http.response.start"})


class FirstByte:
    """Made at `ready`; `tell` is called with milliseconds once the first answer of `recorder`'s has begun."""

    def __init__(self, recorder: Recorder, tell: Callable[[float], None]) -> None:
        self._recorder = recorder
        self._tell = tell
        self._ready = time.monotonic()
        recorder.first = self._watch

    def _watch(self, send: asgi.Send) -> asgi.Send:
        async def first(message: asgi.Message) -> None:
            await send(message)
            if self._recorder.first is not None and message["type"] in BEGINNINGS:
                self._recorder.first = None
                self._tell(round((time.monotonic() - self._ready) * 1000, 2))

        return first
