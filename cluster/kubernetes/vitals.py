"""Whether an instance lives: somebody listens at its address, or nobody does."""

import asyncio

SECONDS = 0.5
TRIES = 2


async def answers(address: str) -> bool:
    """Whether a connection to `host:port` is taken; asked twice, because a packet may be lost."""
    host, _, port = address.rpartition(":")
    for _ in range(TRIES):
        try:
            async with asyncio.timeout(SECONDS):
                _, writer = await asyncio.open_connection(host, int(port))
        except (OSError, TimeoutError, ValueError):
            continue
        writer.close()
        return True
    return False
