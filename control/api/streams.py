"""Answers that are sent as they are made, and stop being made when nobody reads on."""

from collections.abc import AsyncGenerator, Mapping

from litestar.background_tasks import BackgroundTask
from litestar.response import Stream


def streamed(chunks: AsyncGenerator[bytes, None], media_type: str, headers: Mapping[str, str]) -> Stream:
    """An answer of these chunks, which are closed as soon as it is over, also when the reader left in the middle.

    Litestar drops a generator whose reader has left; what it holds (a cursor, a snapshot, a place among the few that may run)
    would be given back whenever Python collects it, and in a process with little to do that is much later.
    """

    async def close() -> None:
        await chunks.aclose()

    return Stream(chunks, media_type=media_type, headers=dict(headers), background=BackgroundTask(close))
