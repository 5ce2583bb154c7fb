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

from control.domain.errors import BadCursor
from control.domain.pages import Page, clamp_limit
from control.store.errors import translated
from control.store.mapping import Collection, Document, S

_TIME = "t"
_PLAIN = "p"


async def read_page(
    collection: Collection[S], query: Document, *, order: Sequence[str], limit: int, cursor: str | None
) -> Page[S]:
    """One page, descending by the fields of `order`, which together must be unique. Raises BadCursor."""
    conditions = [query] if cursor is None else [query, _after(order, decode(cursor, len(order)))]
    limit = clamp_limit(limit)
    with translated():
        found = collection.raw.find(
            {"$and": conditions}, collection.projection, sort=[(name, -1) for name in order], limit=limit + 1
        )
        documents = await found.to_list()
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


def _after(order: Sequence[str], values: Sequence[Any]) -> Document:
    """Matches what comes after `values`: smaller in the first field, or equal there and smaller in the next."""
    branches: list[Document] = []
    for place, name in enumerate(order):
        equal = dict(zip(order[:place], values[:place], strict=True))
        branches.append(equal | {name: {"$lt": values[place]}})
    return {"$or": branches}
