"""What a loop does when a part of the platform is away: says so once, tries again with growing pauses, says when it is back.

Only outages are survived like this. Any other exception is a bug and ends the process, which its supervisor starts again.
"""

from collections.abc import Awaitable, Callable

import structlog

from cluster.base import Unavailable
from control.domain.errors import StoreUnavailable
from control.lifecycle.signals import Backoff

log = structlog.get_logger("control.worker")


async def through_outages(name: str, turn: Callable[[], Awaitable[None]]) -> None:
    """Calls `turn` for ever. It is one turn of the loop `name`, and does its own waiting."""
    backoff = Backoff(0.2, 5.0)
    away = False
    while True:
        try:
            await turn()
        except (StoreUnavailable, Unavailable) as error:
            if not away:
                log.warning("a part of the platform is away, trying again", loop=name, reason=str(error))
            away = True
            await backoff.wait()
        else:
            if away:
                log.info("back again", loop=name)
            away = False
            backoff.reset()
