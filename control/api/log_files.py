"""A log as a file to keep: all stored lines that pass the filter, oldest first, written while they are read.

As text, one line of a file a line of the log, made for eyes and `grep`: the time, the level, the words. As JSON lines, what the
list would say of each. However many lines there are, the platform holds some thousand of them at a time.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC
from typing import Annotated, Final, Literal
from urllib.parse import quote

import msgspec
from litestar import Router, get
from litestar.di import Provide
from litestar.params import QueryParameter
from litestar.response import Stream

from control.api import filters
from control.api.lookup import WithApp, WithServices
from control.api.problems import ApiError
from control.api.services import Services
from control.api.streams import streamed
from fp.api.see import LogLine

MAX_FILES = 8
"""Written at the same time, by one process."""
TYPES: Final = {"txt": "text/plain; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
_Format = Annotated[
    Literal["txt", "jsonl"], QueryParameter(name="format", description="`txt`, or `jsonl` for a JSON object a line.")
]


class Writing:
    """How many files are being written."""

    count = 0


@get("/logs/download", dependencies={"only": Provide(filters.of_logs, sync_to_thread=False)}, media_type="text/plain")
async def download_logs(app: WithApp, services: WithServices, only: filters.Logs, format_: _Format = "txt") -> Stream:
    """The app's whole log, or what of it passes the filter, as a file, oldest lines first.

    When it is cut short the connection breaks: a file that ends in order is complete.
    """
    if Writing.count >= MAX_FILES:
        raise ApiError("rate_limited", f"{MAX_FILES} logs are being written.", hint="Try again when one has ended.")
    chunks = services.store.logs.whole(app.id, only)
    name = quote(f"{app.name}.log.{format_}" if format_ == "jsonl" else f"{app.name}.log.txt", safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    line = msgspec.json.encode if format_ == "jsonl" else as_text
    return streamed(_written(chunks, line, services), TYPES[format_], headers)


async def _written(
    chunks: AsyncGenerator[list[LogLine], None], line: Callable[[LogLine], bytes], services: Services
) -> AsyncGenerator[bytes, None]:
    """Raises when the process stops before the last line."""
    Writing.count += 1
    try:
        async with aclosing(chunks):
            async for chunk in chunks:
                if services.stopping.is_set():
                    raise ApiError("unavailable", "The platform is stopping.")
                yield b"".join(line(one) + b"\n" for one in chunk)
    finally:
        Writing.count -= 1


def as_text(line: LogLine) -> bytes:
    """`2026-01-31T12:00:00.123Z error    words`; a line's own further lines are indented by a tab."""
    time = line.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{time} {line.level:8} {line.text}".replace("\n", "\n\t").encode("utf-8", "replace")


ROUTER = Router(
    "/apps/{key:str}",
    route_handlers=[download_logs],
    dependencies={"times": Provide(filters.times, sync_to_thread=False)},
    tags=["see"],
)
