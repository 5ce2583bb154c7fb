"""Change streams: who waits for a document to change is told by MongoDB, within milliseconds.

`follow` tells ids, not documents: the reader fetches what it then wants, so a burst of changes costs one read and a
reader can never act on a stale copy. Where a stream cannot be had or breaks, it falls back to asking every second
(null each time: "look again") and tries for a new stream meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from control.store.mapping import Document

FALLBACK_SECONDS = 1.0


async def follow(collection: AsyncCollection[Document], match: Document) -> AsyncIterator[Any]:
    """Null once at the start, then the `_id` of each document that changes, for ever; null when some may be missed."""
    pipeline: list[Document] = [{"$match": match}, {"$project": {"documentKey": 1}}]
    while True:
        try:
            async with await collection.watch(pipeline) as stream:
                # Told only after the stream stands, so that no change falls between the first look and the stream.
                yield None
                async for change in stream:
                    yield change["documentKey"]["_id"]
        except PyMongoError:
            yield None
            await asyncio.sleep(FALLBACK_SECONDS)
