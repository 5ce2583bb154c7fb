"""The directory follows the cluster, keeps what it knew while that is away, and believes a runner before the cluster does."""

import asyncio

from activator.directory import Directory
from cluster.base import AppGone, Failure, Synced, Unavailable
from tests.support.activator_cluster import MemoryCluster, awake, view


async def test_hosts_follow_their_app_when_it_changes_them_or_goes() -> None:
    directory = Directory(MemoryCluster())
    directory.apply(view("a", hosts=["one.localhost", "two.localhost"]))
    directory.apply(view("a", hosts=["two.localhost", "three.localhost"]))
    assert directory.at("one.localhost") is None
    assert directory.at("three.localhost") == directory.get("a")
    directory.apply(view("b", hosts=["two.localhost"]))
    directory.apply(AppGone("a"))
    assert directory.at("three.localhost") is None
    assert directory.at("two.localhost") == directory.get("b")


async def test_after_a_lost_watch_it_forgets_what_was_deleted_meanwhile_and_nothing_before() -> None:
    cluster = MemoryCluster(awake("a"), awake("b"))
    directory = Directory(cluster)
    follow = asyncio.create_task(directory.follow())
    await directory.synced.wait()
    del cluster.views["b"]
    cluster.away = True
    cluster.show(Unavailable("gone"))
    async with asyncio.timeout(5):
        while cluster.asked.count("watch") < 3:
            await asyncio.sleep(0)
    assert directory.get("b") is not None
    assert not directory.connected
    cluster.away = False
    assert await directory.until("b", lambda now: now is None, 5)
    assert directory.get("a") is not None
    follow.cancel()


async def test_an_announced_address_holds_against_older_views_until_it_is_settled() -> None:
    directory = Directory(MemoryCluster())
    waking = view("a", replicas=1)
    announcement = {"version": "v1", "instance": "i1", "ticket": "t", "address": "127.0.0.1:9"}
    directory.apply(view("a"))
    assert not directory.announce("a", **announcement), "nobody wakes it"
    directory.apply(waking)
    assert not directory.announce("a", **{**announcement, "version": "v2"}), "a deploy is not live yet"
    assert directory.announce("a", **announcement)
    directory.apply(waking)
    now = directory.get("a")
    assert now is not None
    assert (now.upstream, now.instance) == ("127.0.0.1:9", "i1")
    directory.apply(view("a", failure=Failure("exited", "it died")))
    now = directory.get("a")
    assert now is not None
    assert now.upstream is None
    directory.settle("a")
    directory.apply(waking)
    now = directory.get("a")
    assert now is not None
    assert now.upstream is None


async def test_until_says_whether_it_came_true_in_time() -> None:
    directory = Directory(MemoryCluster())
    assert not await directory.until("a", lambda now: now is not None, 0.001)
    waits = asyncio.create_task(directory.until("a", lambda now: now is not None, 5))
    await asyncio.sleep(0)
    directory.apply(view("a"))
    assert await waits


async def test_listeners_are_told_before_and_after() -> None:
    directory = Directory(MemoryCluster())
    told: list[tuple[str | None, str | None]] = []
    directory.listen(lambda old, new: told.append((old.upstream if old else None, new.upstream if new else None)))
    for event in (view("a"), awake("a", 7), Synced(), AppGone("a")):
        directory.apply(event)
    assert told == [(None, None), (None, "127.0.0.1:7"), ("127.0.0.1:7", None)]
