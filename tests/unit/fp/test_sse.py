"""Reading event streams line by line."""

from fp.sse import Event, read_events


def events(text: str) -> list[Event]:
    return list(read_events(text.split("\n")))


def test_one_event() -> None:
    """Id, kind and data; the space after a colon is not part of the value."""
    assert events("id: 7\nevent: deploy\ndata: {}\n\n") == [Event("7", "deploy", "{}")]


def test_data_in_several_lines_is_joined() -> None:
    """As the format says, with a line end between them."""
    assert events("data: a\ndata:b\ndata\n\n") == [Event("", "message", "a\nb\n")]


def test_comments_and_unknown_fields_are_nothing() -> None:
    """A keep-alive is no event, nor is a `retry` alone."""
    assert events(": keep-alive\n\nretry: 1000\n\n") == []


def test_an_event_that_is_cut_off_is_dropped() -> None:
    """Only an empty line finishes an event."""
    assert events("id: 1\ndata: a\n\nid: 2\ndata: b") == [Event("1", "message", "a")]


def test_an_id_stays_until_the_next() -> None:
    """An event without an id of its own carries the last one, so that a reader can resume after it."""
    assert events("id: 1\ndata: a\n\nevent: x\ndata: b\n\n") == [Event("1", "message", "a"), Event("1", "x", "b")]
