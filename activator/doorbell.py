"""Whether the door leads visitors to an app: asked at the door like any visitor, on the path that the activator itself answers.

Only where apps have routes of their own, which Traefik takes a moment to take in; it tells nobody that it has.
"""

import asyncio
import contextlib
import re

from activator.directory import Directory

LOOK_SECONDS = 0.02
ASK_SECONDS = 1.0
DOOR_HEADER = "X-Fp-Door"
"""On the activator's answer to a reserved path: the version of the app whose route led there."""
DOOR_PATH = "/.fp/door"


class Doorbell:
    """`host`, `port`: where Traefik listens."""

    def __init__(self, directory: Directory, host: str, port: int) -> None:
        self._directory = directory
        self._host = host
        self._port = port

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

    async def _at_the_door(self, host: str) -> str | None:
        """The version whose route leads to us; None when there is no route yet, or nobody at the door."""
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(ASK_SECONDS):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                writer.write(f"GET {DOOR_PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
            return None
        finally:
            if writer is not None:
                writer.close()
        found = re.search(rf"\r\n{DOOR_HEADER}: ([^\r]*)\r\n".encode(), head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else None
