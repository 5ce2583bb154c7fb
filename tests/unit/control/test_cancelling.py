"""Tasks end when they are told to, those too that lose a cancellation."""

import asyncio

import pytest

from control.workers.cancelling import cancelled


async def test_a_task_that_lost_a_cancellation_is_cancelled_again() -> None:
    heard = 0

    async def deaf_at_first() -> None:
        nonlocal heard
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1
                if heard == 3:
                    raise

    task = asyncio.create_task(deaf_at_first())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await cancelled([task], 0.01)
    assert (task.cancelled(), heard) == (True, 3)


async def test_what_a_task_does_at_its_end_is_waited_for() -> None:
    done = []

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(5):
                await asyncio.sleep(0)
            done.append(1)

    task = asyncio.create_task(tidy())
    await asyncio.sleep(0)
    await cancelled([task])
    assert done == [1]


async def test_what_a_task_died_of_is_told() -> None:
    async def dies() -> None:
        raise ValueError("a bug")

    task = asyncio.create_task(dies())
    await asyncio.sleep(0)
    with pytest.raises(ValueError, match="a bug"):
        await cancelled([task])
