"""Waiting rooms are bounded, keep the order, and forget who left."""

import asyncio

import pytest

from activator.rooms import Awake, ClientFull, RoomFull, Rooms

UP = Awake("127.0.0.1:1")


async def test_all_who_wait_are_told_in_the_order_of_their_arrival() -> None:
    rooms = Rooms(10, 10, 10)
    told: list[int] = []

    async def wait(number: int) -> None:
        place = rooms.enter("a")
        await place
        told.append(number)

    async with asyncio.TaskGroup() as tasks:
        for number in range(5):
            tasks.create_task(wait(number))
        await asyncio.sleep(0)
        assert rooms.release("a", UP) == 5
    assert told == [0, 1, 2, 3, 4]
    assert rooms.waiting("a") == 0


async def test_a_room_is_bounded_and_another_app_has_its_own() -> None:
    rooms = Rooms(2, 10, 10)
    rooms.enter("a")
    rooms.enter("a")
    with pytest.raises(RoomFull):
        rooms.enter("a")
    rooms.enter("b")
    assert rooms.apps() == ["a", "b"]
    rooms.release("a", UP)
    rooms.enter("a")


async def test_who_leaves_makes_room_once_however_often_it_says_so() -> None:
    rooms = Rooms(1, 1, 1)
    place = rooms.enter("a")
    for _ in range(2):
        rooms.leave("a", place)
    assert (rooms.waiting("a"), rooms.apps()) == (0, [])
    place = rooms.enter("a")
    rooms.release("a", UP)
    other = rooms.enter("a")
    rooms.leave("a", place)
    assert rooms.waiting("a") == 1, "whoever was released took another's place with it"
    rooms.leave("a", other)


def test_all_who_wait_are_bounded_together_and_each_client_by_itself() -> None:
    rooms = Rooms(10, 3, 2)
    with rooms.admit("ada"), rooms.admit("ada"):
        with pytest.raises(ClientFull), rooms.admit("ada"):
            pass
        with rooms.admit(None):
            with pytest.raises(RoomFull), rooms.admit("bob"):
                pass
            assert rooms.size == 3
        with rooms.admit("bob"):
            pass
    with rooms.admit("ada"), rooms.admit("ada"):
        assert rooms.size == 2
    assert rooms.size == 0


def test_a_client_that_waits_for_nothing_is_forgotten() -> None:
    rooms = Rooms(10, 10, 2)
    for number in range(100):
        with rooms.admit(str(number)):
            assert len(rooms._clients) == 1
    assert rooms._clients == {}


async def test_emptied_waits_for_the_last_who_waits_and_not_longer_than_told() -> None:
    rooms = Rooms(2, 2, 2)
    leaves = asyncio.Event()

    async def wait() -> None:
        with rooms.admit("ada"):
            await leaves.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wait())
        await asyncio.sleep(0)
        await rooms.emptied(0.001)
        assert rooms.size == 1
        emptied = tasks.create_task(rooms.emptied(5))
        await asyncio.sleep(0)
        assert not emptied.done()
        leaves.set()
    assert rooms.size == 0
