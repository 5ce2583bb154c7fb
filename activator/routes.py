"""The `routes` data plane: a file for each app in a folder that Traefik watches.

A file says which hosts lead to which address, and nothing that changes with a sleep or a wake; so it is written when an app
comes, goes, or changes its hosts, and no other file with it. What all routes share (middlewares, the route for hosts that have
none yet) is in a file of the supervisor's in the same folder. Files are replaced as a whole, from a name that Traefik passes
over. Where the disk refuses, the file is tried again and everything else goes on.

Traefik takes a moment to read a file; `doorbell` knows when it has.
"""

import asyncio
import re
from pathlib import Path

import msgspec
import structlog

from activator.directory import Directory
from cluster.base import AppView

AGAIN_SECONDS = 1.0
_PREFIX = "app-"
WITH_BODY = "HeaderRegexp(`Content-Length`, `[1-9]`)"
"""Requests after whose answer the connection is closed (docs/data-plane.md says why)."""
_HOST = re.compile(r"[a-z0-9.-]{1,253}")

log = structlog.get_logger(__name__)


class Routes:
    """`folder`: Traefik's; files that begin with `app-` are ours."""

    def __init__(self, folder: Path, directory: Directory) -> None:
        self._folder = folder
        self._directory = directory
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


def route(view: AppView) -> bytes | None:
    """An app's file: its hosts, and the one address that it always has. None where it has none."""
    hosts = [host for host in view.hosts if _HOST.fullmatch(host)]
    if view.service is None or not hosts:
        return None
    name = f"app-{view.app}"
    rule = " || ".join(f"Host(`{host}`)" for host in hosts)
    way = ["in-its-place", "wake", "again"]
    routers = {
        name: {"rule": rule, "priority": 10, "middlewares": way, "service": name},
        f"{name}-body": {
            "rule": f"({rule}) && {WITH_BODY}", "priority": 11, "middlewares": [*way, "hang-up"], "service": name,
        },
    }  # fmt: skip
    balancer = {"serversTransport": "apps", "servers": [{"url": f"http://{view.service}"}]}
    file = {"http": {"routers": routers, "services": {name: {"loadBalancer": balancer}}}}
    # JSON is YAML, and this way nothing of an app's can be anything but a value.
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
