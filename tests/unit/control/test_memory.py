"""Samples of an app's memory: the most and the last of each minute and hour, whatever their order and however often."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from control.domain.memory import MOST_BYTES, Memory, memory_by, merged

NOW = datetime(2026, 3, 1, 12, 30, 30, tzinfo=UTC)
SECONDS = st.integers(min_value=0, max_value=6 * 3600)


@given(
    st.lists(st.tuples(SECONDS, st.integers(min_value=1, max_value=2**40)), min_size=1, unique_by=lambda pair: pair[0])
)
def test_parts_say_what_all_samples_say(pairs: list[tuple[int, int]]) -> None:
    samples = [(NOW - timedelta(seconds=ago), used) for ago, used in pairs]
    newest = max(samples)
    whole = Memory(max(used for _, used in samples), newest[1], newest[0])
    for unit in ("minute", "hour"):
        mixed = samples * 2
        random.shuffle(mixed)
        found = memory_by(unit, mixed, NOW)
        assert merged(found.values()) == whole
        assert all(begin <= memory.at for begin, memory in found.items())


def test_what_no_runner_would_say_is_bounded_or_left_out() -> None:
    ahead, old = NOW + timedelta(days=3), NOW - timedelta(days=8)
    found = memory_by("minute", [(ahead, 2**60), (old, 5), (NOW, 0)], NOW)
    assert list(found.values()) == [Memory(MOST_BYTES, MOST_BYTES, NOW)]
    assert len(memory_by("hour", [(ahead, 7), (old, 5)], NOW)) == 2
    assert merged([]) is None
    assert merged([None, None]) is None
