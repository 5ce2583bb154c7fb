"""What a pod's second process does: ship what the first one left behind, and wait to be removed.

The kubelet starts a container again that ended. In ours that must not bring the app back: its instance is dead, and the next
wake makes another. But /dev/shm is the pod's, so the records that the dead process had written and not shipped are still there.
"""

import signal
from pathlib import Path

from .settings import Settings
from .shipper import Shipper, left_behind

SECONDS = 25.0


def comes_after(settings: Settings) -> bool:
    """Whether another process lived in this pod before, and was given an app."""
    return left_behind(settings.spool) is not None


def ship(spool: Path) -> int:
    """Ship it, then wait for SIGTERM; the exit code."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    target = left_behind(spool)
    if target is not None:
        Shipper(spool, target).finish(SECONDS)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0
