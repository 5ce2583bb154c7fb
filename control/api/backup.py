"""A backup of the whole platform, streamed to an administrator as it is made.

What goes wrong before the first byte is a problem as anywhere; later the connection is cut, and `fp.dump.check` says of
what has arrived that it is not whole.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from litestar import Router, get
from litestar.response import Stream

from control.api.lookup import WithServices
from control.api.security import admin_only
from control.api.streams import streamed

MEDIA_TYPE = "application/zip"


@get("/backup", media_type=MEDIA_TYPE, opt={"audit": True})
async def download_backup(services: WithServices) -> Stream:
    """All of the platform and of its users' databases as one zip file, of one moment; secrets in it stay sealed."""
    now = services.clock()
    pieces = services.store.backups.stream(now)
    first = await anext(pieces)
    name = f"fp-backup-{now:%Y%m%d-%H%M%S}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return streamed(_all(first, pieces), MEDIA_TYPE, headers)


async def _all(first: bytes, rest: Any) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            if piece:
                yield piece


ROUTER = Router("/admin", guards=[admin_only], route_handlers=[download_backup], tags=["admin"])
