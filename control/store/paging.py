"""Pages of lists: newest first, and an opaque cursor that survives inserts and deletes between two calls.

A cursor holds the sort values of the last item given out; the next page begins right after them. So nothing is
skipped or told twice, whatever happens to the list meanwhile.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo.errors import ExecutionTimeout

from control.domain.errors import BadCursor, TooBroad
from control.domain.pages import Page, clamp_limit
from control.store.errors import translated
from control.store.mapping import Collection, Document, S

_TIME = "t"
_PLAIN = "p"


async def read_page(
    collection: Collection[S],
    query: Document,
    *,
    order: Sequence[str],
    limit: int,
    cursor: str | None,
    ascending: bool = False,
    max_ms: int | None = None,
) -> Page[S]:
    """One page, by the fields of `order`, which together must be unique; descending unless told otherwise.

    Raises BadCursor, and TooBroad when MongoDB needs more than `max_ms` milliseconds.
    """
    way, beyond = (1, "$gt") if ascending else (-1, "$lt")
    conditions = [query] if cursor is None else [query, _after(order, decode(cursor, len(order)), beyond)]
    limit = clamp_limit(limit)
    found = collection.raw.find(
        {"$and": conditions}, collection.projection, sort=[(name, way) for name in order], limit=limit + 1
    )
    with translated():
        try:
            documents = await (found if max_ms is None else found.max_time_ms(max_ms)).to_list()
        except ExecutionTimeout:
            raise TooBroad from None
    more = len(documents) > limit
    documents = documents[:limit]
    following = encode([documents[-1][name] for name in order]) if more else None
    return Page([collection.load(document) for document in documents], following)


def encode(values: Sequence[Any]) -> str:
    """The sort values of one item as a cursor."""
    tagged = [[_TIME, v.isoformat()] if isinstance(v, datetime) else [_PLAIN, v] for v in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(tagged)).decode().rstrip("=")


def decode(cursor: str, size: int) -> list[Any]:
    """The sort values in a cursor of `size` fields. Raises BadCursor on anything that `encode` did not make."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        tagged = msgspec.json.decode(text, type=list[tuple[str, str | int | float]])
        values = [datetime.fromisoformat(str(value)) if tag == _TIME else value for tag, value in tagged]
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadCursor from error
    if len(values) != size:
        raise BadCursor
    return values


def _after(order: Sequence[str], values: Sequence[Any], beyond: str) -> Document:
    """Matches what comes after `values`: `beyond` in the first field, or equal there and so in the next."""
    branches: list[Document] = []
    for place, name in enumerate(order):
        equal = dict(zip(order[:place], values[:place], strict=True))
        branches.append(equal | {name: {beyond: values[place]}})
    return {"$or": branches}
