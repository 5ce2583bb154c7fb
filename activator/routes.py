"""The `routes` data plane: a file for each app in a folder that Traefik watches, and whether Traefik has read it.

A file says which hosts lead to which address, and nothing that changes with a sleep or a wake; so it is written when an app
comes, goes, or changes its hosts, and no other file with it. What all routes share (middlewares, the route for hosts that have
none yet) is in a file of the supervisor's in the same folder. Files are replaced as a whole, from a name that Traefik passes
over. Where the disk refuses, the file is tried again and everything else goes on.

Traefik takes a moment to read a file. Whoever must know asks `routed`, which asks at the door like any visitor, on the path
that the activator itself answers.
"""

import asyncio
import contextlib
import re
from pathlib import Path

import msgspec
import structlog

from activator.directory import Directory
from cluster.base import AppView

AGAIN_SECONDS = 1.0
LOOK_SECONDS = 0.02
ASK_SECONDS = 1.0
DOOR_HEADER = "X-Fp-Door"
"""On the activator's answer to a reserved path: the version of the app whose route led there."""
DOOR_PATH = "/.fp/door"
_PREFIX = "app-"
_HOST = re.compile(r"[a-z0-9.-]{1,253}")

log = structlog.get_logger(__name__)


class Routes:
    """`folder`: Traefik's; files that begin with `app-` are ours. `door_port`: where Traefik listens, on loopback."""

    def __init__(self, folder: Path, directory: Directory, door_port: int) -> None:
        self._folder = folder
        self._directory = directory
        self._door_port = door_port
        self._written: dict[str, bytes] = {}
        self._late: set[str] = set()
        self._behind = asyncio.Event()
        directory.listen(self._changed)

    async def run(self) -> None:
        """Make the folder match once the cluster's state is known; then write again what could not be written, for ever."""
        await self._directory.synced.wait()
        self._remove_strangers()
        while True:
            await self._behind.wait()
            await asyncio.sleep(AGAIN_SECONDS)
            self._behind.clear()
            late, self._late = self._late, set()
            for app in late:
                self._follow(app, self._directory.get(app))

    async def routed(self, app: str, seconds: float) -> bool:
        """Whether the door leads visitors of the app's first host to it, waiting for it that long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not await self._is_routed(app):  # noqa: ASYNC110 - Traefik tells nobody that it has read a file
                    await asyncio.sleep(LOOK_SECONDS)
                return True
        return False

    async def _is_routed(self, app: str) -> bool:
        view = self._directory.get(app)
        if view is None or not view.hosts:
            return False
        found = await self._at_the_door(view.hosts[0])
        # The app may have got another version while we asked, which the door then named.
        now = self._directory.get(app)
        return found is not None and found in {view.version, now.version if now else None}

    def _changed(self, before: AppView | None, after: AppView | None) -> None:
        view = after or before
        if view is not None:
            self._follow(view.app, after)

    def _follow(self, app: str, view: AppView | None) -> None:
        content = None if view is None else route(view)
        if content == self._written.get(app):
            return
        try:
            if content is None:
                self._path(app).unlink(missing_ok=True)
                self._written.pop(app, None)
            else:
                self._replace(self._path(app), content)
                self._written[app] = content
        except OSError as error:
            log.error("route not written, trying again", app=app, error=str(error))
            self._late.add(app)
            self._behind.set()

    def _path(self, app: str) -> Path:
        return self._folder / f"{_PREFIX}{app}.yaml"

    def _replace(self, path: Path, content: bytes) -> None:
        temporary = path.with_suffix(".new")
        temporary.write_bytes(content)
        temporary.replace(path)

    def _remove_strangers(self) -> None:
        known = {self._path(app).name for app in self._written}
        for path in self._folder.glob(f"{_PREFIX}*"):
            if path.name not in known:
                path.unlink(missing_ok=True)

    async def _at_the_door(self, host: str) -> str | None:
        """The version whose route leads to us; None when there is no route yet, or nobody at the door."""
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(ASK_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._door_port)
                writer.write(f"GET {DOOR_PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
            return None
        finally:
            if writer is not None:
                writer.close()
        found = re.search(rf"\r\n{DOOR_HEADER}: ([^\r]*)\r\n".encode(), head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else None


def route(view: AppView) -> bytes | None:
    """An app's file: its hosts, and the one address that it always has. None where it has none."""
    hosts = [host for host in view.hosts if _HOST.fullmatch(host)]
    if view.service is None or not hosts:
        return None
    name = f"app-{view.app}"
    router = {
        "rule": " || ".join(f"Host(`{host}`)" for host in hosts),
        "priority": 10,
        "middlewares": ["in-its-place", "wake", "again"],
        "service": name,
    }
    balancer = {"serversTransport": "apps", "servers": [{"url": f"http://{view.service}"}]}
    file = {"http": {"routers": {name: router}, "services": {name: {"loadBalancer": balancer}}}}
    # JSON is YAML, and this way nothing of an app's can be anything but a value.
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
