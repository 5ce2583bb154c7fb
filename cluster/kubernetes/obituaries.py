"""What there is to log of an instance that died, posted to control's ingest: the runner cannot say it any more.

The id of a line follows from the pod, so that several activators who notice the same death have it stored once.
"""

import asyncio
import time

import httpx
import msgspec
import structlog

from cluster.kubernetes import names, state
from cluster.kubernetes.kinds import Pod
from cluster.kubernetes.settings import KubernetesSettings

TRIES = 60
PAUSE_SECONDS = 1.0
POST_SECONDS = 5.0
MOST = 200

log = structlog.get_logger(__name__)


class Obituaries:
    """Posts in the background and gives up after a minute; records of the living do not come this way."""

    def __init__(self, settings: KubernetesSettings) -> None:
        self._settings = settings
        self._posts: set[asyncio.Task[None]] = set()

    def post(self, pod: Pod, text: str) -> None:
        """One line of level error about an instance of an app."""
        if len(self._posts) >= MOST:
            log.warning("too many deaths to tell", instance=pod.metadata.name)
            return
        line = {"kind": "log", "id": "node-0", "time": time.time(), "level": "error", "text": text, "request_id": None}
        query = {
            "app": state.app_of(pod),
            "version": pod.metadata.annotations.get(names.NUMBER, ""),
            "instance": pod.metadata.name,
        }
        task = asyncio.create_task(self._post(query, msgspec.json.encode(line) + b"\n"))
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)

    async def aclose(self) -> None:
        """What is not told by now is not told."""
        for task in self._posts:
            task.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)

    async def _post(self, query: dict[str, str], body: bytes) -> None:
        headers = {
            "Authorization": f"Bearer {self._settings.token}",
            "Content-Type": "application/x-ndjson",
        }
        async with httpx.AsyncClient(trust_env=False, verify=False) as http:
            for _ in range(TRIES):
                try:
                    answer = await http.post(
                        f"http://{self._settings.ingest}/ingest",
                        params=query,
                        content=body,
                        headers=headers,
                        timeout=POST_SECONDS,
                    )
                    if answer.status_code < 500 and answer.status_code != 401:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(PAUSE_SECONDS)
