"""The live tail of an app's log, on the wire: what `WS /api/apps/{app}/logs/stream` sends, one JSON message a frame.

`cursor` goes into `after` of the next connection, which then begins right behind it. The client sends nothing.
A connection that the platform ends is closed with 4000 plus the problem's status, after a message of type `problem`.
"""

import msgspec

from fp.api.problems import Problem
from fp.api.see import LogLine


class TailLines(msgspec.Struct, frozen=True, tag_field="type", tag="lines"):
    """Lines in the order in which they arrived; their times may be out of order."""

    items: list[LogLine]
    cursor: str


class TailLive(msgspec.Struct, frozen=True, tag_field="type", tag="live"):
    """All that was stored has been told; from now on lines come as they arrive."""

    cursor: str


class TailDropped(msgspec.Struct, frozen=True, tag_field="type", tag="dropped"):
    """The reader was too slow: so many lines were passed over, whether they matched or not. The list still has them."""

    count: int
    cursor: str


class TailPing(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Nothing happened for a while."""

    cursor: str


class TailProblem(msgspec.Struct, frozen=True, tag_field="type", tag="problem"):
    """Why the connection is closed now."""

    problem: Problem


TailMessage = TailLines | TailLive | TailDropped | TailPing | TailProblem
MESSAGES = (TailLines, TailLive, TailDropped, TailPing, TailProblem)
