"""Several writes as one: all of them are there afterwards, or none, also when this process dies in the middle.

Transactions that meet at one document (two batches that count into one minute) do not wait for one another: the later one is
refused by the server, and tried again here. One whose end is unknown (the connection broke while it was committed) is an
outage to the caller, who does the same again; so what is done in here must be harmless to repeat.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import OperationFailure
from pymongo.write_concern import WriteConcern

from control.domain.errors import StoreUnavailable
from control.store.errors import translated

T = TypeVar("T")
_TRIES = 40
_QUICK = WriteConcern(w=1)
_AGAIN = "TransientTransactionError"


async def together(client: AsyncMongoClient[Any], step: Callable[[AsyncClientSession], Awaitable[T]]) -> T:
    """Runs `step`, which must pass the session to each of its calls; it may run more than once. Raises StoreUnavailable.

    Nobody waits for the disk: what a power cut takes, it takes whole.
    """
    async with client.start_session() as session:
        for attempt in range(_TRIES):
            try:
                with translated():
                    async with await session.start_transaction(write_concern=_QUICK):
                        return await step(session)
            except OperationFailure as error:
                if not error.has_error_label(_AGAIN):
                    raise
            await asyncio.sleep(random.random() * 0.002 * (attempt + 1))
    raise StoreUnavailable("too many processes count for one app at once")
