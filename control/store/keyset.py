"""Paging through documents of any shape: an order that has no ties, and a cursor that holds the last one's place in it.

The order is the one asked for and then `_id`. MongoDB itself tells each document's sort key (`$meta: "sortKey"`), and the
next page is what comes after it: nothing is skipped or told twice, whatever is inserted or deleted meanwhile. The comparison
is an aggregation's (`$expr`), because a query's `$gt` stays within one type and an order does not. As in MongoDB's sort, an
array counts as its least element, its greatest when the order descends, and an empty one comes before null.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import bson
import msgspec

from control.domain.errors import BadCursor, Invalid
from control.store import extended
from control.store.mapping import Document

Order = Sequence[tuple[str, int]]
MAX_SORT_FIELDS = 8
MAX_CURSOR_CHARS = 6000
_UNDEFINED_TYPE = 0x06
_UNDEFINED_JSON = {"$undefined": True}


class Undefined:
    """The sort key of an empty array, which the driver cannot tell from null."""


UNDEFINED = Undefined()


def read_order(text: str) -> list[tuple[str, int]]:
    """The order in a `sort` such as `{"age": -1}`, ended by `_id`. Raises Invalid."""
    given = extended.read(text, "sort")
    if len(given) > MAX_SORT_FIELDS:
        raise Invalid(f"sort: at most {MAX_SORT_FIELDS} fields")
    for name, direction in given.items():
        if not name or name.startswith("$") or "\0" in name:
            raise Invalid(f"sort: {name[:100]!r} is no field to sort by")
        if isinstance(direction, bool) or direction not in (1, -1):
            raise Invalid(f"sort.{name[:100]}: 1 for ascending or -1 for descending")
    last = int(next(reversed(given.values()), 1))
    order = [(name, int(direction)) for name, direction in given.items()]
    return order if "_id" in given else [*order, ("_id", last)]


def key_in(raw: bytes, field: str, values: Sequence[Any]) -> list[Any]:
    """The sort key `values` of the field of a raw document, with UNDEFINED told from null.

    The field's name is a random one, so its bytes are nowhere else.
    """
    array = raw[raw.rindex(b"\x04" + field.encode() + b"\0") + len(field) + 2 :]
    keys = list(values)
    for place, value in enumerate(values):
        if value is None:
            before = bson.encode({str(number): values[number] for number in range(place)})
            keys[place] = UNDEFINED if array[len(before) - 1] == _UNDEFINED_TYPE else None
    return keys


def after(order: Order, keys: Sequence[Any]) -> Document:
    """A condition that matches what comes after the document with these keys."""
    branches: list[Document] = []
    for place, (_, direction) in enumerate(order):
        equal = [_compare("$eq", order[number], keys[number]) for number in range(place)]
        branches.append({"$and": [*equal, _compare("$gt" if direction > 0 else "$lt", order[place], keys[place])]})
    if len(branches) == 1:
        return {"$expr": branches[0]["$and"][0]}
    return {"$expr": {"$or": branches}}


def encode(collection: str, order: Order, keys: Sequence[Any]) -> str:
    """The cursor of a listing. Raises Invalid when a value is too long for one."""
    values = [_UNDEFINED_JSON if isinstance(key, Undefined) else _json_of(key) for key in keys]
    packed = msgspec.json.encode([_digest(collection, order), values])
    cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(cursor) > MAX_CURSOR_CHARS:
        raise Invalid("sort: the values of these fields are too long to page by; sort by others")
    return cursor


def decode(cursor: str, collection: str, order: Order) -> list[Any]:
    """The keys in a cursor. Raises BadCursor on what is not of a listing of that collection in that order."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, values = msgspec.json.decode(packed, type=tuple[str, list[Any]])
        keys = [UNDEFINED if value == _UNDEFINED_JSON else extended.value_of(value, "cursor") for value in values]
        bson.encode({"keys": [key for key in keys if not isinstance(key, Undefined)]})
    except (binascii.Error, ValueError, msgspec.MsgspecError, Invalid, RecursionError, bson.errors.BSONError) as error:
        raise BadCursor from error
    if digest != _digest(collection, order) or len(keys) != len(order):
        raise BadCursor
    return keys


def _compare(operator: str, field: tuple[str, int], key: Any) -> Document:
    return {operator: [_key_of(*field), "$$REMOVE" if isinstance(key, Undefined) else {"$literal": key}]}


def _key_of(name: str, direction: int) -> Any:
    """What a document is sorted by, as an expression. An `_id` is itself, and so its index can be used."""
    path = f"${name}"
    if name == "_id":
        return path
    least = {"$arrayElemAt": [{"$sortArray": {"input": path, "sortBy": direction}}, 0]}
    return {"$cond": [{"$isArray": [path]}, least, {"$ifNull": [path, None]}]}


def _json_of(key: Any) -> Any:
    written: Mapping[str, Any] = msgspec.json.decode(extended.write({"key": key}, canonical=True))
    return written["key"]


def _digest(collection: str, order: Order) -> str:
    return hashlib.sha256(msgspec.json.encode([collection, list(order)])).hexdigest()[:12]
