"""How busy an instance is, asked of the instance itself, on its reserved path: for those that check in elsewhere.

A few lines of HTTP/1.1, because a client library would cost the activator more memory than everything else in it.
"""

import asyncio

import msgspec

from activator.frames import Activity
from fp.names import HEADER_TICKET, RESERVED_PATH


class _Told(msgspec.Struct):
    in_flight: int
    idle_seconds: float
    served: int = 0


async def ask_directly(upstream: str, ticket: str, seconds: float) -> Activity | None:
    """What the runner at `upstream` (`host:port`) says; None when it does not within `seconds`."""
    host, _, port = upstream.rpartition(":")
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, int(port))
            lines = (
                f"GET {RESERVED_PATH}activity HTTP/1.1",
                f"Host: {host}",
                f"{HEADER_TICKET}: {ticket}",
                "Connection: close",
            )
            writer.write("\r\n".join((*lines, "", "")).encode())
            _, _, body = (await reader.read()).partition(b"\r\n\r\n")
            told = msgspec.json.decode(body, type=_Told)
    except (OSError, EOFError, TimeoutError, ValueError, msgspec.MsgspecError):
        return None
    finally:
        if writer is not None:
            writer.close()
    return Activity(0, told.in_flight, told.idle_seconds, told.served)
