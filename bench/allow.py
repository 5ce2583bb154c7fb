"""`python -m bench.allow PORT`: says yes to every request, as cheaply as can be: a protocol on uvloop.

It looks for the end of each request's head and for nothing else, so what forwardAuth costs beside it is forwardAuth's.
"""

import asyncio
import sys
from typing import Final, cast

import uvloop

YES: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Allow(asyncio.Protocol):
    """One connection; requests without a body, as forwardAuth makes them, one after the other."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        if heads and self._transport is not None:
            self._transport.write(YES * len(heads))


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Allow, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
