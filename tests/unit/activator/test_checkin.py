"""What runners say, as the cluster hears it."""

import asyncio
from datetime import UTC, datetime

from activator import frames
from activator.checkin import CheckIn
from activator.directory import Directory
from activator.metrics import Metrics
from activator.wakes import Wakes
from cluster.base import Bundle, InstanceReport, Limits
from tests.support.activator_cluster import MemoryCluster, view


class SlowCluster(MemoryCluster):
    """Gives everybody who checks in the bundle of `a`; takes a report in once `taking` is set."""

    def __init__(self) -> None:
        super().__init__(view("a", replicas=1))
        self.taking = asyncio.Event()

    async def bundle(self, ticket: str, instance: str, peer: str = "") -> Bundle:
        return Bundle("a", "a", "v1", 1, instance, "app.py", {}, Limits())

    async def report(self, report: InstanceReport) -> None:
        await super().report(report)
        await self.taking.wait()


async def test_that_a_runner_is_lost_is_told_after_that_it_was_ready() -> None:
    cluster = SlowCluster()
    directory = Directory(cluster)
    wakes = Wakes(
        directory, Metrics().wake_figures, lambda *_: None, now=lambda: 0.0, wall=lambda: datetime.now(UTC), seconds=1.0
    )
    async with asyncio.TaskGroup() as tasks:
        checkin = CheckIn(cluster, directory, wakes, tasks, slow_seconds=5.0)
        server = await asyncio.get_running_loop().create_server(checkin.connection, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        hello = {"type": "hello", "protocol": 1, "ticket": "t", "instance": "i", "port": 9}
        writer.write(frames.encode(hello))
        await reader.readexactly(4)  # the bundle begins to arrive
        writer.write(frames.encode({"type": "ready"}))
        writer.close()
        async with asyncio.timeout(5):
            while checkin.holds("i") or not cluster.asked:
                await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        assert cluster.asked == ["report i ready"]
        cluster.taking.set()
        server.close()
    assert cluster.asked == ["report i ready", "report i lost"]
