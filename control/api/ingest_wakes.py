"""Reading what the activator ships: records of wakes, one JSON object a line (docs/protocols.md).

A line that cannot be read, or holds what the store could not, is counted and left out; the others are stored.
"""

import msgspec

from control.domain.clock import whole_ms
from fp.api.see import WakeRecord

_LARGEST = 2**31 - 1


class _Line(msgspec.Struct, tag_field="kind", frozen=True):
    pass


class _Wake(_Line, tag="wake", frozen=True):
    app: str
    wake: WakeRecord


class _Dropped(_Line, tag="dropped", frozen=True):
    count: int


_DECODER: msgspec.json.Decoder[_Wake | _Dropped] = msgspec.json.Decoder(_Wake | _Dropped)


class WakeBatch(msgspec.Struct):
    """What one call brought: each record with its app's id. `dropped`: that the activator had to give up before."""

    records: list[tuple[str, WakeRecord]] = []
    dropped: int = 0
    bad: int = 0


def read_wakes(body: bytes) -> WakeBatch:
    """The records of a body, in their order."""
    batch = WakeBatch()
    for raw in body.split(b"\n"):
        if not raw.strip():
            continue
        try:
            line = _DECODER.decode(raw)
            if isinstance(line, _Dropped):
                batch.dropped += line.count
            else:
                batch.records.append((line.app, _storable(line.wake)))
        except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError, ValueError):
            batch.bad += 1
    return batch


def _storable(record: WakeRecord) -> WakeRecord:
    """The record with its time as the store keeps it. Raises ValueError, OverflowError where it is beyond any store."""
    failure = record.failure
    if failure is not None and max(abs(failure.line or 0), abs(failure.column or 0)) > _LARGEST:
        raise ValueError("no file has so many lines")
    return msgspec.structs.replace(record, time=whole_ms(record.time))
