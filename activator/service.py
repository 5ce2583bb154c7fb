"""The activator put together, and its life: listen, follow the cluster, drain, end."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog

from activator.checkin import CheckIn
from activator.directory import Directory
from activator.doorbell import Doorbell
from activator.http import Listener
from activator.metrics import Metrics
from activator.operations import Operations
from activator.rooms import Rooms
from activator.routes import Routes
from activator.server import Server
from activator.settings import Settings
from activator.shipping import keep_nothing, shipping
from activator.sleeper import Sleeper
from activator.table import Table
from activator.wake import Wake
from activator.wakers import Wakers
from activator.wakes import Wakes
from cluster.base import Cluster

BACKLOG = 4096
LAST_SECONDS = 1.0
"""What callers get that have just connected and not yet said what they want."""

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """Ends the task group after the drain."""


async def serve(settings: Settings, cluster: Cluster, stop: asyncio.Event) -> None:
    """Run until `stop` is set and everything is drained; raises what makes a side task die."""
    try:
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
            metrics, rooms, directory = Metrics(), _rooms(settings), Directory(cluster)
            routes = _routes(settings, directory)
            now, shipper = time.monotonic, shipping(settings, metrics.wake_figures)
            wakes = Wakes(
                directory,
                metrics.wake_figures,
                keep_nothing if shipper is None else shipper.keep,
                now=now,
                wall=lambda: datetime.now(UTC),
                seconds=settings.hold_seconds,
            )
            rooms.listen(wakes.released)
            checkin = CheckIn(cluster, directory, wakes, tasks, slow_seconds=settings.slow_seconds)
            table = Table(directory)
            sleeper = Sleeper(cluster, directory, table, checkin, settings=settings, metrics=metrics, now=now)
            wakers = Wakers(cluster, directory, rooms, metrics, tasks, going_to_sleep=sleeper.busy, now=now)
            wakers.listen(wakes)
            wake = Wake(directory, rooms, wakers, settings=settings, metrics=metrics, now=now)
            server = Server(
                token=settings.internal_token,
                directory=directory,
                rooms=rooms,
                wake=wake,
                operations=Operations(
                    directory,
                    rooms,
                    wakers,
                    sleeper,
                    _doorbell(settings, directory),
                    hold_seconds=settings.hold_seconds,
                ),
                table=table,
                metrics=metrics,
            )
            listener = Listener(server.handle, tasks, settings.slow_seconds)
            doors = [
                await _listen(stack, settings, "checkin", checkin.connection),
                await _listen(stack, settings, "activator", listener.connection),
            ]
            for name, work in (
                ("follow", directory.follow()),
                ("sleeper", sleeper.run()),
                ("ping", table.ping()),
                ("sweep", listener.sweep()),
                ("wakes", wakes.run()),
                *(() if shipper is None else (("write records", shipper.write()), ("ship records", shipper.ship()))),
            ):
                tasks.create_task(work, name=name)
            if routes is not None:
                tasks.create_task(routes.run(), name="routes")
            log.info("activator ready", port=settings.activator_port, checkin_port=settings.checkin_port)
            await stop.wait()
            await _drain(doors, listener, rooms, checkin, settings.drain_seconds)
            raise Stopped
    except* Stopped:
        log.info("activator stopped")


def _routes(settings: Settings, directory: Directory) -> Routes | None:
    if settings.data_plane != "routes" or settings.cluster_kind == "kubernetes":
        return None  # where there is Kubernetes the cluster keeps the routes
    return Routes(Path(settings.routes_dir), directory)


def _doorbell(settings: Settings, directory: Directory) -> Doorbell | None:
    if settings.data_plane != "routes":
        return None
    return Doorbell(directory, settings.door_host, settings.door_port or settings.port)


def _rooms(settings: Settings) -> Rooms:
    return Rooms(settings.room_size, settings.rooms_size, settings.client_room_size)


async def _listen(
    stack: AsyncExitStack,
    settings: Settings,
    name: Literal["activator", "checkin"],
    protocol: Callable[[], asyncio.Protocol],
) -> asyncio.Server:
    """On the socket that was handed to us, which listens on while we are restarted; else on one of our own."""
    loop, descriptor = asyncio.get_running_loop(), getattr(settings, f"{name}_fd")
    if descriptor:
        door = await loop.create_server(protocol, sock=socket.socket(fileno=descriptor), backlog=BACKLOG)
    else:
        door = await loop.create_server(protocol, settings.bind, getattr(settings, f"{name}_port"), backlog=BACKLOG)
    stack.callback(door.close)
    return door


async def _drain(
    doors: list[asyncio.Server], listener: Listener, rooms: Rooms, checkin: CheckIn, seconds: float
) -> None:
    # The lame duck: whoever asks is answered until nobody waits for a wake. A caller that is turned away may not ask again:
    # Traefik's forwardAuth makes a 500 of it. Answers end their connections, so that callers move on to the next activator.
    listener.draining = True
    await rooms.emptied(seconds)
    log.info("drained", left=rooms.size)
    doors[1].close()
    await listener.drain(LAST_SECONDS)
    doors[0].close()
    listener.close()
    checkin.close()
