"""Server-sent events: the part of the format that the platform uses, read line by line."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Event(NamedTuple):
    """One event. `id` is empty where the server gave none; `data` joins the event's data lines."""

    id: str
    kind: str
    data: str


def read_events(lines: Iterable[str]) -> Iterator[Event]:
    """Yield each finished event. One that is cut off before its empty line is dropped, as the format demands."""
    event_id, kind = "", "message"
    data: list[str] = []
    for line in lines:
        if not line:
            if data:
                yield Event(event_id, kind, "\n".join(data))
            kind, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            kind = value
        elif field == "id" and "\0" not in value:
            event_id = value
