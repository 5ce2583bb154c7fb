"""MongoDB Extended JSON v2, in and out: what a person may ask the explorer, and documents as they are answered.

Going in, every key is looked at before anything is made of it, at any depth and inside arrays: nothing that runs
JavaScript, reads another collection or writes gets any further. The explorer only ever runs `find` as the database's own
MongoDB user, so this is the first wall of two.

Going out, documents are written from their raw BSON, so that a date beyond the year 9999, broken UTF-8 or something that
only looks like a DBRef is no error. Relaxed JSON is what people read; but an integer that JavaScript cannot hold exactly is
written as `$numberLong` even there.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import bson
from bson import json_util
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.json_util import JSONMode, JSONOptions
from bson.raw_bson import RawBSONDocument

from control.domain.errors import Invalid, TooLarge
from control.store.mapping import Document

MAX_QUERY_BYTES = 64 * 1024
MAX_DEPTH = 50
_MAX_EXACT = 2**53
_MAX_PLACE_CHARS = 200
_FORBIDDEN = {
    "$where": "it runs JavaScript", "$function": "it runs JavaScript", "$accumulator": "it runs JavaScript",
    "$code": "it is JavaScript", "$scope": "it is JavaScript",
    "$lookup": "it reads another collection", "$graphLookup": "it reads another collection",
    "$unionWith": "it reads another collection", "$out": "it writes", "$merge": "it writes",
}  # fmt: skip
_INTERNAL = "$_"
_INPUT_ERRORS = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, BSONError)

CODEC: CodecOptions[RawBSONDocument] = CodecOptions(
    document_class=RawBSONDocument,
    tz_aware=True,
    uuid_representation=UuidRepresentation.UNSPECIFIED,
    unicode_decode_error_handler="replace",
    datetime_conversion=DatetimeConversion.DATETIME_MS,
)


def _options(mode: int) -> JSONOptions:
    return JSONOptions(
        json_mode=mode,
        uuid_representation=UuidRepresentation.UNSPECIFIED,
        datetime_conversion=DatetimeConversion.DATETIME_MS,
    )


_RELAXED, _CANONICAL = _options(JSONMode.RELAXED), _options(JSONMode.CANONICAL)


def read(text: str, name: str) -> Document:
    """The object in `text`, which the request calls `name`. Raises Invalid that says what is wrong where, TooLarge."""
    if len(text) > MAX_QUERY_BYTES or len(text.encode("utf-8", "replace")) > MAX_QUERY_BYTES:
        raise TooLarge(f"{name}: at most {MAX_QUERY_BYTES // 1024} KB")
    parsed = _parse(text, name)
    found = value_of(parsed, name)
    if not isinstance(parsed, dict) or not isinstance(found, dict):
        raise Invalid(f'{name}: write a JSON object, such as {{"city": "Rome"}}')
    try:
        bson.encode(found)
    except (*_INPUT_ERRORS, RecursionError) as error:
        raise Invalid(f"{name}: {_short(error)}") from error
    return found


def value_of(parsed: Any, place: str, depth: int = 1) -> Any:
    """Parsed JSON with its Extended JSON made into BSON types. Raises Invalid that names the place."""
    if depth > MAX_DEPTH and isinstance(parsed, dict | list):
        raise Invalid(f"{_at(place)}: nested too deeply, at most {MAX_DEPTH} levels")
    if isinstance(parsed, list):
        return [value_of(item, f"{place}.{number}", depth + 1) for number, item in enumerate(parsed)]
    if isinstance(parsed, dict):
        for key in parsed:
            _check_key(key, place)
        return _typed({key: value_of(item, f"{place}.{key}", depth + 1) for key, item in parsed.items()}, place)
    if isinstance(parsed, int) and not -(2**63) <= parsed < 2**63:
        raise Invalid(f"{_at(place)}: an integer has at most 64 bits")
    return parsed


def write(document: Mapping[str, Any], *, canonical: bool) -> bytes:
    """One line of Extended JSON."""
    value, options = (document, _CANONICAL) if canonical else (_exact(document), _RELAXED)
    return json_util.dumps(value, json_options=options, ensure_ascii=False, separators=(",", ":")).encode()


def place_of(query: Any, key: str, place: str) -> str | None:
    """Where in a query that key is: the path to its first occurrence, null where it is not."""
    inner = query.items() if isinstance(query, dict) else enumerate(query) if isinstance(query, list) else ()
    for name, value in inner:
        path = f"{place}.{name}"
        if name == key:
            return _at(path)
        if (found := place_of(value, key, path)) is not None:
            return found
    return None


def _parse(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Invalid(f"{name}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise Invalid(f"{name}: nested too deeply, at most {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise Invalid(f"{name}: {_short(error)}") from error


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f'{word} is no JSON; write {{"$numberDouble": "{word}"}}')


def _check_key(key: str, place: str) -> None:
    reason = "it is internal to MongoDB" if key.startswith(_INTERNAL) else _FORBIDDEN.get(key)
    if reason is not None:
        raise Invalid(f"{_at(f'{place}.{key}')}: not allowed here: {reason}")


def _typed(fields: Document, place: str) -> Any:
    # `$regex` is an operator of queries, too, and there it may have others beside it.
    if "$regex" in fields:
        return fields
    try:
        return json_util.object_hook(fields, _RELAXED)
    except _INPUT_ERRORS as error:
        raise Invalid(f"{_at(place)}: {_short(error)}") from error


def _exact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    if isinstance(value, int) and not -_MAX_EXACT < value < _MAX_EXACT:
        return {"$numberLong": str(value)}
    return value


def _at(place: str) -> str:
    return place if len(place) <= _MAX_PLACE_CHARS else f"{place[:_MAX_PLACE_CHARS]}..."


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:300]
