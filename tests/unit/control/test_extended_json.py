"""Extended JSON: what a query may not say, wherever it says it; faults with their place; documents exact to the byte."""

import json
import math
from typing import Any

import bson
import pytest
from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.raw_bson import RawBSONDocument
from hypothesis import given
from hypothesis import strategies as st

from control.domain.errors import Invalid, TooLarge
from control.store import extended
from control.store.mapping import Document

FORBIDDEN = [
    "$where", "$function", "$accumulator", "$code", "$scope", "$lookup", "$graphLookup", "$unionWith", "$out", "$merge",
    "$_internalExprEq",
]  # fmt: skip
KEYS = st.text(max_size=8) | st.sampled_from(
    ["$and", "$expr", "$oid", "$date", "$regex", "$options", "$binary", "$numberLong", "$uuid", "$type", "$timestamp",
     "$numberDecimal", "$regularExpression", "$dbPointer", "$ref", "$id", "$undefined", "$symbol", "$numberInt",
     "$numberDouble", "$minKey", "a.b", "_id"]
)  # fmt: skip
ATOMS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=12)
    | st.sampled_from(["9" * 400, "1e9999", "2020-01-01T00:00:00Z", "12:99", "0" * 24, "NaN", "\ud800", "\0"])
)  # fmt: skip
JSON = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.sampled_from(FORBIDDEN), inner, max_size=4),
    max_leaves=15,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.builds(Int64, st.integers(-(2**63), 2**63 - 1))
    | st.builds(ObjectId, st.binary(min_size=12, max_size=12))
    | st.builds(DatetimeMS, st.integers(-(2**63), 2**63 - 1))
    | st.builds(Binary, st.binary(max_size=20), st.integers(0, 255))
    | st.builds(Timestamp, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
    | st.decimals(-(10**20), 10**20, allow_nan=False, places=5).map(str).map(Decimal128)
    | st.sampled_from([MinKey(), MaxKey(), Regex("^a", "im"), Decimal128("-0E+3"), Decimal128("NaN"), math.nan]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.from_regex(r"[a-zé.]{1,6}", fullmatch=True), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


def planted(inner: Any, path: list[int]) -> Any:
    """`inner` at a depth, inside arrays and objects by turns."""
    for step in path:
        inner = [1, inner] if step == 0 else {"$and": [inner]} if step == 1 else {"a": inner, "b": 1}
    return inner


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys_of(item) for item in value.values()))
    return set().union(*(keys_of(item) for item in value)) if isinstance(value, list) else set()


@given(st.sampled_from(FORBIDDEN), JSON, st.lists(st.integers(0, 2), max_size=20))
def test_what_is_forbidden_is_refused_at_any_depth(key: str, value: Any, path: list[int]) -> None:
    text = json.dumps({"x": planted({key: value}, path)})
    with pytest.raises(Invalid):
        extended.read(text, "filter")


@given(JSON)
def test_whatever_is_sent_is_refused_in_words_or_is_bson_without_javascript(value: Any) -> None:
    """What passes is exactly what MongoDB will be sent: it encodes, and no forbidden key or code is in it."""
    try:
        found = extended.read(json.dumps({"x": value}), "filter")
    except Invalid as error:
        assert error.message.startswith("filter")
        return
    decoded: Document = bson.decode(bson.encode(found))
    assert not keys_of(decoded) & set(FORBIDDEN)
    assert not isinstance(found["x"], Code)


@given(
    st.text(max_size=60)
    | st.sampled_from(["[" * 60_000, '{"a":' * 10_000, '{"a":' + "9" * 5000 + "}", "NaN", "{}x", "[]"])
)
def test_any_text_is_refused_in_words_or_read(text: str) -> None:
    try:
        assert isinstance(extended.read(text, "sort"), dict)
    except Invalid as error:
        assert error.message.startswith("sort: ")


@given(st.dictionaries(st.from_regex(r"[a-z.]{1,6}", fullmatch=True), VALUES, max_size=4))
def test_a_document_written_and_read_again_is_the_same_bytes(document: Document) -> None:
    raw = bson.encode(document)
    written = extended.write(RawBSONDocument(raw, extended.CODEC), canonical=True)
    assert bson.encode(extended.read(written.decode(), "document")) == raw


@given(st.dictionaries(st.from_regex(r"[a-z.]{1,6}", fullmatch=True), VALUES, max_size=4))
def test_relaxed_json_is_json_that_javascript_reads_exactly(document: Document) -> None:
    written = extended.write(RawBSONDocument(bson.encode(document), extended.CODEC), canonical=False)

    def check(number: str) -> int:
        assert abs(int(number)) < 2**53
        return int(number)

    json.loads(written, parse_int=check, parse_constant=pytest.fail)
    extended.read(written.decode(), "document")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "filter: line 1, column 1: Expecting value"),
        ('{"a": 1,\n "b" 2}', "filter: line 2, column 6: Expecting ':' delimiter"),
        ("[]", "filter: write a JSON object"),
        ('{"$oid": "0123456789abcdef01234567"}', "filter: write a JSON object"),
        ('{"a": {"b": [1, {"$oid": "zz"}]}}', "filter.a.b.1: 'zz' is not a valid ObjectId"),
        ('{"a": {"$where": "1"}}', "filter.a.$where: not allowed here: it runs JavaScript"),
        ('{"a": [{"$code": "1"}]}', "filter.a.0.$code: not allowed here: it is JavaScript"),
        ('{"a": 9223372036854775808}', "filter.a: an integer has at most 64 bits"),
        ('{"a": NaN}', "filter: NaN is no JSON"),
        ('{"a": {"$numberDecimal": "x"}}', "filter.a: "),
        ('{"a\\u0000": 1}', "filter: "),
        ('{"a": "\\ud800"}', "filter: "),
        ('{"a":' * 51 + "1" + "}" * 51, "nested too deeply, at most 50 levels"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        extended.read(text, "filter")
    assert said in caught.value.message


def test_too_much_is_too_large() -> None:
    """64 KB are counted as bytes."""
    fits = json.dumps({"a": "x" * (extended.MAX_QUERY_BYTES - 9)})
    assert len(fits) == extended.MAX_QUERY_BYTES
    extended.read(fits, "filter")
    for text in (fits + " ", json.dumps({"a": "é" * (extended.MAX_QUERY_BYTES // 2)}, ensure_ascii=False)):
        with pytest.raises(TooLarge, match="64 KB"):
            extended.read(text, "filter")


def test_fifty_levels_are_fine_and_regex_keeps_its_neighbours() -> None:
    extended.read('{"a":' * 49 + "[1]" + "}" * 49, "filter")
    query = {"name": {"$regex": "^a", "$options": "i", "$nin": ["ab"]}}
    assert extended.read(json.dumps(query), "filter") == query


def test_documents_that_a_driver_chokes_on_are_written_all_the_same() -> None:
    """Broken UTF-8, what only looks like a DBRef, a date after the year 9999, the deepest document there is."""
    broken = bson.encode({"a": "xxyy"}).replace(b"xxyy", b"x\xff\xfey")
    assert json.loads(extended.write(RawBSONDocument(broken, extended.CODEC), canonical=False))["a"].startswith("x")
    odd: Document = {"$ref": 5, "$id": [1]}
    late = DatetimeMS(2**60)
    deep: Document = {}
    for _ in range(199):
        deep = {"a": deep}
    document = RawBSONDocument(bson.encode({"odd": odd, "late": late, "deep": deep}), extended.CODEC)
    for canonical in (True, False):
        found = json.loads(extended.write(document, canonical=canonical))
        assert found["late"] == {"$date": {"$numberLong": str(2**60)}}
        assert list(found["odd"]) == ["$ref", "$id"]


def test_an_operators_place_in_a_query() -> None:
    query: Document = {"a": 1, "b": {"c": [{"$bad": 1}]}}
    assert extended.place_of(query, "$bad", "filter") == "filter.b.c.0.$bad"
    assert extended.place_of(query, "$none", "filter") is None
