"""The activator put together, and its life: listen, follow the cluster, drain, end."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog

from activator.checkin import CheckIn
from activator.directory import Directory
from activator.http import Listener
from activator.metrics import Metrics
from activator.operations import Operations
from activator.rooms import Rooms
from activator.server import Server
from activator.settings import Settings
from activator.sleeper import Sleeper
from activator.table import Table
from activator.wake import Wake
from activator.wakers import Wakers
from cluster.base import Cluster

BACKLOG = 4096

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """Ends the task group after the drain."""


async def serve(settings: Settings, cluster: Cluster, stop: asyncio.Event) -> None:
    """Run until `stop` is set and everything is drained; raises what makes a side task die."""
    try:
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
            metrics, rooms, directory = Metrics(), Rooms(settings.room_size, settings.rooms_size), Directory(cluster)
            checkin, table = CheckIn(cluster, directory, tasks), Table(directory)
            now = time.monotonic
            sleeper = Sleeper(cluster, directory, table, checkin, settings=settings, metrics=metrics, now=now)
            wakers = Wakers(cluster, directory, rooms, metrics, tasks, going_to_sleep=sleeper.busy, now=now)
            wake = Wake(directory, rooms, wakers, settings=settings, metrics=metrics, now=now)
            server = Server(
                token=settings.internal_token,
                directory=directory,
                rooms=rooms,
                wake=wake,
                operations=Operations(directory, rooms, wakers, sleeper, hold_seconds=settings.hold_seconds),
                table=table,
                metrics=metrics,
            )
            listener = Listener(server.handle, tasks)
            doors = [
                await _listen(stack, settings.bind, settings.checkin_port, checkin.connection),
                await _listen(stack, settings.bind, settings.activator_port, listener.connection),
            ]
            for name, work in (
                ("follow", directory.follow()),
                ("sleeper", sleeper.run()),
                ("ping", table.ping()),
                ("sweep", listener.sweep()),
            ):
                tasks.create_task(work, name=name)
            log.info("activator ready", port=settings.activator_port, checkin_port=settings.checkin_port)
            await stop.wait()
            await _drain(doors, listener, rooms, checkin, settings.drain_seconds)
            raise Stopped
    except* Stopped:
        log.info("activator stopped")


async def _listen(
    stack: AsyncExitStack, host: str, port: int, protocol: Callable[[], asyncio.Protocol]
) -> asyncio.Server:
    door = await asyncio.get_running_loop().create_server(protocol, host, port, backlog=BACKLOG)
    stack.callback(door.close)
    return door


async def _drain(
    doors: list[asyncio.Server], listener: Listener, rooms: Rooms, checkin: CheckIn, seconds: float
) -> None:
    doors[1].close()
    listener.drain()
    await rooms.emptied(seconds)
    log.info("drained", left=rooms.size)
    doors[0].close()
    listener.close()
    checkin.close()
