"""The table tells every plugin the same, in epochs that grow, and waits for the word of those who are connected."""

import asyncio
from typing import Any

import msgspec

from activator.directory import Directory
from activator.table import Acknowledgement, Stream, Table
from cluster.base import AppGone, AppView
from tests.support.activator_cluster import MemoryCluster, awake, view


class Plugin:
    """Keeps a table the way the plugin does. `lines`: all it was told."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.awake: dict[str, str] = {}

    def hear(self, line: bytes) -> None:
        """One line of the stream."""
        told = msgspec.json.decode(line)
        assert not self.lines or told["epoch"] > self.lines[-1]["epoch"]
        self.lines.append(told)
        if told["type"] == "snapshot":
            self.awake = told["awake"]
        for host in told.get("hosts", ()):
            self.awake.pop(host, None)
            if told["type"] == "set":
                self.awake[host] = told["upstream"]


async def start(*views: AppView) -> tuple[Directory, Table, Plugin, Stream]:
    """A table with one plugin."""
    directory = Directory(MemoryCluster())
    directory.synced.set()
    table = Table(directory)
    for one in views:
        directory.apply(one)
    plugin = Plugin()
    return directory, table, plugin, await table.open("p", plugin.hear)


async def test_the_snapshot_waits_until_the_clusters_state_is_known() -> None:
    directory = Directory(MemoryCluster())
    table, plugin = Table(directory), Plugin()
    opening = asyncio.create_task(table.open("p", plugin.hear))
    await asyncio.sleep(0)
    assert plugin.lines == []
    directory.apply(awake("a", 1))
    directory.synced.set()
    await opening
    assert plugin.lines == [{"type": "snapshot", "epoch": 1, "awake": {"a.localhost": "127.0.0.1:1"}}]


async def test_a_plugin_knows_what_is_awake_whatever_happens_to_apps() -> None:
    directory, _, plugin, _ = await start(awake("a", 1), view("b"))
    assert plugin.awake == {"a.localhost": "127.0.0.1:1"}
    directory.apply(awake("b", 2))
    directory.apply(awake("a", 3))
    assert plugin.awake == {"a.localhost": "127.0.0.1:3", "b.localhost": "127.0.0.1:2"}
    directory.apply(awake("a", 3, closed=True))
    assert plugin.awake == {"b.localhost": "127.0.0.1:2"}
    directory.apply(awake("a", 3))
    directory.apply(awake("b", 2, hosts=["other.localhost"]))
    assert plugin.awake == {"a.localhost": "127.0.0.1:3", "other.localhost": "127.0.0.1:2"}
    directory.apply(AppGone("b"))
    directory.apply(view("a"))
    assert plugin.awake == {}


async def test_what_changes_nothing_is_not_told() -> None:
    directory, _, plugin, _ = await start(awake("a", 1))
    directory.apply(awake("a", 1, idle_minutes=3))
    directory.apply(view("b", replicas=1))
    assert len(plugin.lines) == 1


async def test_a_host_that_moves_to_another_app_is_not_taken_from_it() -> None:
    directory, _, plugin, _ = await start(awake("a", 1, hosts=["shared.localhost"]))
    directory.apply(awake("b", 2, hosts=["shared.localhost"]))
    directory.apply(view("a", hosts=[]))
    assert plugin.awake == {"shared.localhost": "127.0.0.1:2"}


async def test_unused_waits_for_every_connected_plugin_and_adds_up() -> None:
    directory, table, plugin, _ = await start(awake("a", 1))
    second = await table.open("q", Plugin().hear)
    directory.apply(awake("a", 1, closed=True))
    epoch = plugin.lines[-1]["epoch"]
    waits = asyncio.create_task(table.unused(["a.localhost"], 5))
    table.acknowledge(Acknowledgement("p", epoch, {"a.localhost": 2}))
    table.acknowledge(Acknowledgement("q", epoch - 1, {"a.localhost": 9}))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waits.done()
    table.acknowledge(Acknowledgement("q", epoch, {"a.localhost": 1}))
    assert await waits == 3
    table.close(second)
    assert await table.unused(["a.localhost"], 5) == 2


async def test_a_plugin_that_goes_or_says_nothing_holds_nobody_up() -> None:
    directory, table, _, stream = await start(awake("a", 1))
    directory.apply(view("a"))
    assert await table.unused(["a.localhost"], 0.001) == 0
    waits = asyncio.create_task(table.unused(["a.localhost"], 5))
    await asyncio.sleep(0)
    table.close(stream)
    assert await waits == 0


async def test_what_was_in_flight_at_an_earlier_unset_does_not_count_again() -> None:
    directory, table, plugin, _ = await start(awake("a", 1))
    directory.apply(awake("a", 1, closed=True))
    table.acknowledge(Acknowledgement("p", plugin.lines[-1]["epoch"], {"a.localhost": 4}))
    directory.apply(awake("a", 1))
    directory.apply(awake("a", 1, closed=True))
    table.acknowledge(Acknowledgement("p", plugin.lines[-1]["epoch"], {"a.localhost": 0}))
    assert await table.unused(["a.localhost"], 5) == 0
