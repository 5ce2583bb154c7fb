"""Whether the door leads to an app: asked again until it does, also where the cluster's news are behind the door's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from activator.directory import Directory
from activator.doorbell import DOOR_HEADER, Doorbell
from tests.support.activator_cluster import MemoryCluster, awake

SECONDS = 5.0


class Doorway:
    """Stands where Traefik would: names a version as the one its route leads to, or has no route."""

    def __init__(self) -> None:
        self.version: str | None = None
        self.asked = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Its port."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def until_asked(self) -> None:
        """Wait for another question."""
        before = self.asked
        while self.asked == before:
            await asyncio.sleep(0.005)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        mark = f"{DOOR_HEADER}: {self.version}\r\n" if self.version else ""
        writer.write(f"HTTP/1.1 404 Not Found\r\n{mark}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.mark.parametrize("first", ["the door", "the news"])
async def test_it_is_routed_once_door_and_news_name_the_same_version(first: str) -> None:
    """Whichever hears of a new version first; what was so when somebody asked does not count."""
    cluster, doorway = MemoryCluster(awake("a", version="v1")), Doorway()
    directory = Directory(cluster)
    doorway.version = "v2" if first == "the door" else None
    async with doorway.listening() as port:
        following = asyncio.create_task(directory.follow())
        await directory.synced.wait()
        routed = asyncio.create_task(Doorbell(directory, "127.0.0.1", port).routed("a", SECONDS))
        await doorway.until_asked()
        cluster.show(awake("a", version="v2"))
        doorway.version = "v2"
        assert await routed
        following.cancel()


async def test_it_is_not_routed_where_the_door_leads_elsewhere() -> None:
    cluster, doorway = MemoryCluster(awake("a", version="v1")), Doorway()
    directory = Directory(cluster)
    doorway.version = "another"
    async with doorway.listening() as port:
        following = asyncio.create_task(directory.follow())
        await directory.synced.wait()
        doorbell = Doorbell(directory, "127.0.0.1", port)
        assert not await doorbell.routed("a", 0.1)
        assert not await doorbell.routed("unknown", 0.1)
        following.cancel()
    assert doorway.asked > 1
