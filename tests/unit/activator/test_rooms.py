"""Waiting rooms are bounded, keep the order, and forget who left."""

import asyncio

import pytest

from activator.rooms import Awake, Outcome, RoomFull, Rooms

UP = Awake("127.0.0.1:1")


async def test_all_who_wait_are_told_in_the_order_of_their_arrival() -> None:
    rooms = Rooms(10, 10)
    told: list[int] = []

    def tell(number: int) -> None:
        rooms.enter("a").add_done_callback(lambda _: told.append(number))

    for number in range(5):
        tell(number)
    assert rooms.release("a", UP) == 5
    await asyncio.sleep(0)
    assert told == [0, 1, 2, 3, 4]
    assert rooms.size == 0


async def test_a_room_and_all_rooms_together_are_bounded() -> None:
    rooms = Rooms(2, 3)
    rooms.enter("a")
    rooms.enter("a")
    with pytest.raises(RoomFull):
        rooms.enter("a")
    rooms.enter("b")
    with pytest.raises(RoomFull):
        rooms.enter("c")
    rooms.release("a", UP)
    rooms.enter("c")
    assert (rooms.size, rooms.apps()) == (2, ["b", "c"])


async def test_who_leaves_makes_room_once_however_often_it_says_so() -> None:
    rooms = Rooms(1, 1)
    place = rooms.enter("a")
    for _ in range(2):
        rooms.leave("a", place)
    assert (rooms.size, rooms.waiting("a"), rooms.apps()) == (0, 0, [])
    place = rooms.enter("a")
    rooms.release("a", UP)
    rooms.leave("a", place)
    assert rooms.size == 0


async def test_what_became_of_a_wake_is_known_or_not_in_time() -> None:
    rooms = Rooms(2, 2)
    place = rooms.enter("a")
    assert await rooms.outcome(place, 0.001) is None
    rooms.release("a", UP)
    outcome: Outcome | None = await rooms.outcome(place, 1)
    assert outcome == UP


async def test_emptied_waits_for_the_last_who_waits_and_not_longer_than_told() -> None:
    rooms = Rooms(2, 2)
    place = rooms.enter("a")
    await rooms.emptied(0.001)
    assert rooms.size == 1
    waits = asyncio.create_task(rooms.emptied(5))
    await asyncio.sleep(0)
    rooms.leave("a", place)
    await waits
