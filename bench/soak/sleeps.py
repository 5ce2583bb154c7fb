"""Puts each app to sleep again and again, asking the activator as control does; its visitors wake it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.support.platform import Platform

PAUSE_SECONDS: Final = 0.05


@dataclass
class Sleeps:
    """`cycles`: times that an app was put to sleep so far, all apps together; `goal`: how many are wanted."""

    platform: Platform
    apps: dict[str, str]
    goal: int
    cycles: int = 0

    async def run(self) -> None:
        """Until there were enough."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as http, asyncio.TaskGroup() as tasks:
            for app in self.apps.values():
                tasks.create_task(self._put_to_sleep(http, app), name=f"sleeps of {app}")

    async def _put_to_sleep(self, http: httpx.AsyncClient, app: str) -> None:
        while self.cycles < self.goal:
            # A node or an activator that is being started again cannot do it now; the next time counts.
            with suppress(httpx.HTTPError, OSError, KeyError):
                port = self.platform.named_ports()["activator"]
                answer = await http.post(
                    f"http://127.0.0.1:{port}/apps/{app}/sleep", headers={"Authorization": f"Bearer {self._token()}"}
                )
                self.cycles += answer.status_code == 200
            await asyncio.sleep(PAUSE_SECONDS)

    def _token(self) -> str:
        environment = Path(f"/proc/{self.platform.processes()['activator']}/environ").read_bytes().split(b"\0")
        found = dict(line.split(b"=", 1) for line in environment if b"=" in line)
        return found[b"FP_INTERNAL_TOKEN"].decode()
