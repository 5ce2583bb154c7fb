"""What apps report is read line by line: a bad line costs itself only, whatever it is made of."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from control.api.ingest import CHUNK_LINES, Batch, read_batches

REQUEST: dict[str, Any] = {
    "kind": "request", "id": "k3v9", "time": 1764000000.123, "type": "http", "method": "GET", "path": "/x", "query": "a=1",
    "status": 200, "ms": 1.23, "bytes_in": 0, "bytes_out": 12, "cold_start_ms": None, "client": "9f2c", "htmx": False,
    "error": None,
}  # fmt: skip
LOG: dict[str, Any] = {
    "kind": "log", "id": "1f", "time": 1764000000.124, "level": "info", "text": "hello", "request_id": None
}  # fmt: skip


def lines(*items: dict[str, Any] | bytes) -> bytes:
    return b"\n".join(item if isinstance(item, bytes) else msgspec.json.encode(item) for item in items) + b"\n"


def read_one(body: bytes, instance: str, version: int | None) -> Batch:
    """All of a body that is no longer than one chunk."""
    found = list(read_batches(body, instance, version))
    assert len(found) < 2
    return found[0] if found else Batch()


def test_a_long_body_is_read_in_chunks_in_its_order() -> None:
    body = lines(*(LOG | {"id": f"{number:x}"} for number in range(2 * CHUNK_LINES + 1)))
    found = [batch.logs for batch in read_batches(b"\n\n" + body, "i", 1)]
    assert [len(logs) for logs in found] == [CHUNK_LINES, CHUNK_LINES, 1]
    assert [line.id for logs in found for line in logs] == [f"i-{number:x}" for number in range(2 * CHUNK_LINES + 1)]


def test_memory_is_a_sample_of_its_time() -> None:
    batch = read_one(lines({"kind": "memory", "id": "1", "time": 1764000000.5, "bytes": 7}), "i", 1)
    assert batch.memory == [(datetime(2025, 11, 24, 16, 0, 0, 500_000, tzinfo=UTC), 7)]


def test_a_request_becomes_a_record_in_utc_named_by_its_instance() -> None:
    batch = read_one(lines(REQUEST), "inst", 3)
    (record,) = batch.requests
    assert record.id == "inst-k3v9"
    assert record.time == datetime(2025, 11, 24, 16, 0, 0, 123000, tzinfo=UTC)
    assert (record.kind, record.version, record.cold_start_ms, record.client) == ("http", 3, None, "9f2c")


def test_a_log_line_and_what_was_dropped_become_log_lines() -> None:
    batch = read_one(lines(LOG, {"kind": "dropped", "id": "20", "time": 1764000000, "count": 12}), "i", None)
    assert [(line.id, line.level) for line in batch.logs] == [("i-1f", "info"), ("i-20", "warning")]
    assert "12 records" in batch.logs[1].text


def test_bad_lines_are_counted_and_the_others_kept() -> None:
    wrong: list[dict[str, Any] | bytes] = [
        b"{",
        b'{"kind":"nope"}',
        b"\xff\xfe",
        b"[" * 5000,
        LOG | {"level": "shout"},
        REQUEST | {"time": 1e300},
        *(
            REQUEST | {"headers": {"request": headers, "answer": []}}
            for headers in ([["a"]], [["a", "x" * 1025]], [["a", "b"]] * 51)
        ),
    ]
    wrong.append(LOG | {"time": "now"})
    batch = read_one(lines(REQUEST, *wrong, LOG), "i", 1)
    assert (len(batch.requests), len(batch.logs), batch.bad) == (1, 1, len(wrong))


def test_fields_that_a_newer_runner_adds_are_ignored() -> None:
    assert read_one(lines(REQUEST | {"later": [1, 2]}), "i", 1).bad == 0


@given(st.binary(max_size=400))
def test_no_bytes_reach_a_traceback(body: bytes) -> None:
    batch = read_one(body, "i", 1)
    assert len(batch.requests) + len(batch.logs) + batch.bad <= body.count(b"\n") + 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_time_is_kept_or_counted(time: float) -> None:
    batch = read_one(lines(LOG | {"time": time}), "i", 1)
    assert len(batch.logs) + batch.bad == 1
