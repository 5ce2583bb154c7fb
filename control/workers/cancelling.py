"""Ending tasks for certain.

One cancellation is not enough on Python 3.11: `asyncio.wait_for`, in which the MongoDB driver does its reading and
writing, drops one that arrives in the moment in which it completes (https://github.com/python/cpython/issues/86296),
and a loop that never ends would go on as if nobody had asked.
"""

import asyncio
from collections.abc import Collection

# Longer than the store looks for a primary: what a task does at its end, such as to give up a lease, is not cut short.
AGAIN_SECONDS = 6.0


async def cancelled(tasks: Collection[asyncio.Task[None]], again_seconds: float = AGAIN_SECONDS) -> None:
    """Cancels them, again each time so long passed, until all ended; raises what the first to fail died of."""
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=again_seconds)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
