"""The start deadline: an alarm that interrupts whatever the main thread is at, so that the traceback shows the line.

It rings again every second until it is taken off: code that swallows the first one hangs no longer than that. It cannot
interrupt a C function that never looks at signals; for that there is the node, which kills.
"""

import signal
import time
from types import FrameType

from .failure import StartTimeout


class Deadline:
    """`began` and the deadline are on the monotonic clock. The alarm is off until `arm`."""

    def __init__(self, began: float, seconds: float) -> None:
        self.seconds = seconds
        self.at = began + seconds

    def left(self) -> float:
        """Seconds until the deadline, at least a millisecond."""
        return max(self.at - time.monotonic(), 0.001)

    def arm(self, extra: float = 0.0) -> None:
        """Raise StartTimeout in the main thread at the deadline, or `extra` seconds after it."""
        signal.signal(signal.SIGALRM, _ring)
        signal.setitimer(signal.ITIMER_REAL, self.left() + extra, 1.0)

    def disarm(self) -> None:
        """No alarm any more."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _ring(_signum: int, _frame: FrameType | None) -> None:
    raise StartTimeout
