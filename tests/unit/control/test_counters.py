"""Buckets, counts and ranges: quantiles lie in the exact one's bucket, counts add up, no chart has more than 200 points."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.domain.asleep import asleep_seconds, share
from control.domain.buckets import LAST, added, bucket_of, lower_ms, quantile, upper_ms
from control.domain.counters import Counts, count_requests, count_wakes, start_of, total
from control.domain.errors import Invalid
from control.domain.ranges import MAX_POINTS, RANGES, named_window, window_between
from fp.api.metrics import RangeName
from fp.api.see import RequestRecord, WakeOutcome, WakeRecord

NOW = datetime(2026, 5, 4, 12, 30, 15, tzinfo=UTC)
TIMES = st.floats(min_value=0, max_value=upper_ms(LAST))


def record(at: datetime = NOW, *, status: int = 200, ms: float = 3.0, cold: float | None = None) -> RequestRecord:
    return RequestRecord(
        id="r", time=at, method="GET", path="/", query="", status=status, ms=ms, cold_start_ms=cold, bytes_in=5,
        bytes_out=7, version=1,
    )  # fmt: skip


@given(TIMES)
def test_a_time_lies_in_its_bucket(ms: float) -> None:
    bucket = bucket_of(ms)
    assert lower_ms(bucket) < ms <= upper_ms(bucket) or (bucket == 0 and ms == 0)


@given(st.integers(0, LAST))
def test_a_bound_belongs_to_the_bucket_below_it(bucket: int) -> None:
    assert bucket_of(upper_ms(bucket)) == bucket
    assert bucket_of(math.nextafter(upper_ms(bucket), math.inf)) == min(bucket + 1, LAST)


@pytest.mark.parametrize("ms", [-1.0, -math.inf, math.nan])
def test_what_is_no_time_is_in_the_first_bucket(ms: float) -> None:
    assert bucket_of(ms) == 0


def test_what_is_endless_is_in_the_last_bucket() -> None:
    assert bucket_of(math.inf) == bucket_of(1e300) == LAST


@given(st.lists(st.lists(TIMES, max_size=40), min_size=1, max_size=6), st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0]))
def test_a_quantile_of_summed_buckets_lies_in_the_bucket_of_the_exact_one(batches: list[list[float]], q: float) -> None:
    histograms: list[dict[int, int]] = []
    for batch in batches:
        histograms.append({})
        for ms in batch:
            histograms[-1][bucket_of(ms)] = histograms[-1].get(bucket_of(ms), 0) + 1
    times = sorted(ms for batch in batches for ms in batch)
    found = quantile(added(histograms), q)
    if not times:
        assert found is None
        return
    exact = times[max(1, math.ceil(q * len(times))) - 1]
    assert found is not None
    # Three decimals are told, which may round over a bound.
    assert lower_ms(bucket_of(exact)) - 0.001 <= found <= upper_ms(bucket_of(exact)) + 0.001


def test_requests_count_by_minute_and_by_class() -> None:
    before = NOW - timedelta(minutes=1)
    records = [record(), record(status=503, ms=90, cold=40.0), record(before, status=404), record(status=999)]
    counts = count_requests("a", records, NOW)
    this = counts["a", start_of(NOW, 60)]
    assert (this.requests, this.s2, this.s5, this.errors, this.cold) == (3, 1, 1, 1, 1)
    assert (this.bytes_in, this.bytes_out, sum(this.ms.values()), sum(this.cold_ms.values())) == (15, 21, 3, 1)
    assert counts["a", start_of(before, 60)].s4 == 1
    whole = total(counts.values())
    assert (whole.requests, sum(whole.ms.values())) == (4, 4)


def test_what_an_app_says_cannot_overflow_or_count_in_a_time_to_come() -> None:
    wild = RequestRecord(
        id="r", time=NOW + timedelta(days=900), method="GET", path="/", query="", status=-5, ms=-1e308, cold_start_ms=1e308,
        bytes_in=-(2**62), bytes_out=2**63, version=1,
    )  # fmt: skip
    old = record(NOW - timedelta(days=31))
    counts = count_requests("a", [wild, old], NOW)
    assert list(counts) == [("a", start_of(NOW, 60))]
    [found] = counts.values()
    assert (found.requests, found.bytes_in, found.bytes_out) == (1, 0, 2**40)


def test_wakes_count_by_outcome() -> None:
    outcomes: tuple[WakeOutcome, ...] = ("ready", "failed", "timeout", "gone")
    wakes = [("a", WakeRecord(id=o, time=NOW, cause="request", outcome=o, ms=50.0, held=1)) for o in outcomes]
    [found] = count_wakes(wakes, NOW).values()
    assert (found.wakes, found.wakes_failed, sum(found.wake_ms.values())) == (4, 2, 1)


@pytest.mark.parametrize("name", RANGES)
def test_a_named_range_ends_now_and_covers_all_of_itself(name: RangeName) -> None:
    window = named_window(name, NOW)
    assert window.since <= NOW - RANGES[name]
    assert 10 <= len(window.starts) <= MAX_POINTS
    assert window.starts[-1] < NOW <= window.starts[-1] + timedelta(seconds=window.step)


@given(st.floats(0.001, 29.99 * 86400), st.floats(0.001, 29.99 * 86400))
def test_no_range_has_more_than_200_points_and_minutes_are_asked_for_only_while_they_are_kept(
    a: float, b: float
) -> None:
    since, until = NOW - timedelta(seconds=max(a, b)), NOW - timedelta(seconds=min(a, b) / 2)
    window = window_between(since, until, NOW)
    assert 1 <= len(window.starts) <= MAX_POINTS
    assert window.since <= since
    if window.unit == "minute":
        assert NOW - since <= timedelta(days=7)
    else:
        assert window.step % 3600 == 0


@pytest.mark.parametrize(("since", "until"), [(0, -1), (0, 0), (5, 10), (-31 * 24 * 60, 0)])
def test_ranges_where_nothing_can_be_are_refused(since: int, until: int) -> None:
    with pytest.raises(Invalid, match="since"):
        window_between(NOW + timedelta(minutes=since), NOW + timedelta(minutes=until), NOW)


def test_asleep_is_what_was_watched_since_the_app_went_live_and_not_awake() -> None:
    hour = start_of(NOW, 3600)
    watched = {hour - timedelta(hours=1): 3600.0, hour: 1800.0}
    early, late = NOW - timedelta(days=9), hour + timedelta(minutes=30)
    assert asleep_seconds(watched, 3600, early, 400.0) == 5000.0
    assert asleep_seconds(watched, 3600, late, 400.0) == 500.0
    assert asleep_seconds(watched, 3600, late, 4000.0) == 0.0
    assert asleep_seconds(watched, 3600, None, 0.0) is None
    assert asleep_seconds({}, 3600, early, 0.0) is None
    assert (share(300.0, 100.0), share(None, 5.0), share(0.0, 0.0)) == (0.75, None, None)


def test_counts_of_nothing_are_nothing() -> None:
    assert total([]) == Counts()
    assert quantile({}, 0.5) is None


def test_a_short_range_of_long_ago_is_made_of_hours_because_its_minutes_are_gone() -> None:
    for days, unit in ((6, "minute"), (8, "hour")):
        since = NOW - timedelta(days=days)
        assert window_between(since, since + timedelta(hours=1), NOW).unit == unit
