"""Rate limits: a burst, then one at a time; memory stays bounded; a refund makes it as if nothing had been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.api.problems import ApiError
from control.api.throttle import Limit, Throttle

LIMIT = Limit("login", burst=3, seconds=10.0)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def allowed(throttle: Throttle, key: str = "ada") -> bool:
    try:
        throttle.spend(LIMIT, key)
    except ApiError as error:
        assert error.code == "rate_limited"
        assert int(error.headers["Retry-After"]) >= 1
        return False
    return True


def test_after_the_burst_one_attempt_every_ten_seconds() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert [allowed(throttle) for _ in range(4)] == [True, True, True, False]
    clock.now = 9.9
    assert not allowed(throttle)
    clock.now = 10.0
    assert [allowed(throttle), allowed(throttle)] == [True, False]


def test_the_wait_that_is_told_is_long_enough() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    while allowed(throttle):
        pass
    with pytest.raises(ApiError) as refused:
        throttle.spend(LIMIT, "ada")
    clock.now += int(refused.value.headers["Retry-After"])
    assert allowed(throttle)


def test_keys_do_not_share() -> None:
    throttle = Throttle(Clock())
    while allowed(throttle, "ada"):
        pass
    assert allowed(throttle, "bob")


def test_what_was_right_is_given_back() -> None:
    throttle = Throttle(Clock())
    for _ in range(50):
        assert allowed(throttle)
        throttle.refund(LIMIT, "ada")


def test_ten_thousand_names_cost_bounded_memory() -> None:
    throttle = Throttle(Clock(), max_keys=100)
    for number in range(10_000):
        throttle.spend(LIMIT, str(number))
    assert len(throttle._buckets) == 100


@given(st.lists(st.floats(0, 60), max_size=60))
def test_never_more_than_burst_and_rate_allow(pauses: list[float]) -> None:
    clock = Clock()
    throttle = Throttle(clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += allowed(throttle)
    assert passed <= LIMIT.burst + clock.now / LIMIT.seconds + 1e-6
