"""Storing batches that may come twice: what is there already is left alone, the rest is stored."""

from collections.abc import Sequence

import msgspec
from pymongo.errors import BulkWriteError

from control.store.errors import DUPLICATE_KEY, translated
from control.store.mapping import Collection, S, to_document


async def insert_new(collection: Collection[S], app_id: str, items: Sequence[msgspec.Struct]) -> int:
    """Stores those of the items whose id is new, each with its app; answers how many that were."""
    if not items:
        return 0
    documents = [to_document(item) | {"app": app_id} for item in items]
    with translated():
        try:
            return len((await collection.raw.insert_many(documents, ordered=False)).inserted_ids)
        except BulkWriteError as error:
            details = error.details or {}
            if (
                any(failed["code"] != DUPLICATE_KEY for failed in details["writeErrors"])
                or details["writeConcernErrors"]
            ):
                raise
            return int(details["nInserted"])
