"""An app's log as it is printed: the platform's live tail, taken up again behind the last line when it breaks.

Where it cannot be had (something between here and the platform that lets no WebSocket through), the caller asks in turns.
"""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fp.api.tail import TailDropped, TailLines, TailMessage, TailProblem
from fp.errors import BadAnswer, from_problem
from fp.websocket import SocketBroken

if TYPE_CHECKING:
    from fp.client import Client

_TRIES = 6
_PAUSE_SECONDS = 0.25
_PASSING = frozenset({"unavailable", "internal"})
_DECODER: msgspec.json.Decoder[TailMessage] = msgspec.json.Decoder(TailMessage)


def live(
    client: "Client", app: str, lines: int, *, level: str | None = None, search: str | None = None
) -> Iterator[TailLines | TailDropped]:
    """The newest `lines` lines, then each new one. Ends when the tail cannot be had. Raises ApiError."""
    after: str | None = None
    failures = 0
    while failures < _TRIES:
        try:
            for data in client.tail(app, after=after, lines=lines, level=level, q=search):
                message = _decoded(data)
                if isinstance(message, TailProblem):
                    if message.problem.code not in _PASSING:
                        raise from_problem(message.problem)
                    break
                after, failures = message.cursor, 0
                if isinstance(message, TailLines | TailDropped):
                    yield message
        except SocketBroken:
            pass
        failures += 1
        time.sleep(_PAUSE_SECONDS * failures)


def _decoded(data: bytes) -> TailMessage:
    try:
        return _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise BadAnswer(f"A message of the log cannot be read ({error})") from error
