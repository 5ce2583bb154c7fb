"""A client may wake so many apps at once and so many a minute; whoever stops asking is forgotten."""

import pytest

from activator.wake_rate import TooManyWakes, WakeRate


class Clock:
    """Seconds that a test says."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def spend(rate: WakeRate, client: str, times: int) -> int:
    """Spend until it is refused or `times` is reached; answers how often it was allowed."""
    for number in range(times):
        try:
            rate.spend(client)
        except TooManyWakes:
            return number
    return times


def test_so_many_at_once_and_then_one_each_interval() -> None:
    clock = Clock()
    rate = WakeRate(30, clock)
    assert spend(rate, "ada", 100) == 30
    with pytest.raises(TooManyWakes) as refused:
        rate.spend("ada")
    assert refused.value.seconds == pytest.approx(2.0)
    clock.seconds += refused.value.seconds
    assert spend(rate, "ada", 100) == 1
    clock.seconds += 10
    assert spend(rate, "ada", 100) == 5


def test_a_refusal_costs_nothing() -> None:
    clock = Clock()
    rate = WakeRate(30, clock)
    spend(rate, "ada", 30)
    for _ in range(1000):
        with pytest.raises(TooManyWakes):
            rate.spend("ada")
    clock.seconds += 2.0
    assert spend(rate, "ada", 100) == 1


def test_clients_do_not_pay_for_each_other() -> None:
    rate = WakeRate(5, Clock())
    assert spend(rate, "ada", 100) == spend(rate, "bob", 100) == 5


def test_one_a_minute_is_one_a_minute() -> None:
    clock = Clock()
    rate = WakeRate(1, clock)
    assert spend(rate, "ada", 5) == 1
    clock.seconds += 59
    assert spend(rate, "ada", 5) == 0
    clock.seconds += 1.001
    assert spend(rate, "ada", 5) == 1


def test_whoever_is_as_good_as_new_is_forgotten() -> None:
    clock = Clock()
    rate = WakeRate(60, clock)
    for number in range(100):
        rate.spend(str(number))
    assert len(rate) == 100
    clock.seconds += 1.1
    rate.spend("ada")
    assert len(rate) == 1


def test_a_flood_from_many_addresses_takes_no_memory() -> None:
    rate = WakeRate(60, Clock(), most_clients=10)
    rate.spend("first")
    for number in range(1000):
        rate.spend(str(number))
        spend(rate, "steady", 1)
    assert len(rate) == 10
    assert spend(rate, "steady", 1) == 0, "who goes on asking is not forgotten for others"
