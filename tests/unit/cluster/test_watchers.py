"""List then follow, and a watcher that is slow."""

from contextlib import aclosing

from cluster.base import AppGone, AppView, Synced
from cluster.watchers import Watchers


def _view(app: str, number: int = 1) -> AppView:
    return AppView(app, app, f"v{number}", number, "d", [], 15, 1)


async def test_what_was_there_then_synced_then_changes() -> None:
    watchers = Watchers()
    async with aclosing(watchers.follow([_view("a"), _view("b")])) as events:
        assert [await anext(events) for _ in range(3)] == [_view("a"), _view("b"), Synced()]
        watchers.publish(_view("c"))
        watchers.publish(AppGone("a"))
        assert [await anext(events) for _ in range(2)] == [_view("c"), AppGone("a")]


async def test_a_slow_watcher_is_told_the_latest_of_each_app() -> None:
    watchers = Watchers()
    async with aclosing(watchers.follow([])) as events:
        assert await anext(events) == Synced()
        for number in range(1000):
            watchers.publish(_view("a", number))
            watchers.publish(_view("b", number))
        assert [await anext(events) for _ in range(2)] == [_view("a", 999), _view("b", 999)]
        watchers.publish(AppGone("b"))
        assert await anext(events) == AppGone("b")


async def test_a_watcher_that_left_is_forgotten_and_others_are_told() -> None:
    watchers = Watchers()
    async with aclosing(watchers.follow([])) as stays:
        await anext(stays)
        async with aclosing(watchers.follow([])) as leaves:
            await anext(leaves)
        watchers.publish(_view("a"))
        assert await anext(stays) == _view("a")
