"""The last thing a deploy waits for: that the door leads visitors to the app.

The activator knows of an app a moment after the cluster does, and in the `routes` data plane Traefik a moment after that. A
visitor who comes in between would be told that there is no such app. A door that cannot be asked holds up no deploy.
"""

import structlog

from cluster.base import UnknownApp

log = structlog.get_logger("control.door")


class DoorCheck:
    """`await check(app)`. `host`, `port`: the activator's; `token`: the internal credential."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._host = host
        self._port = port
        self._token = token

    async def __call__(self, app: str) -> None:
        """Returns once the door leads to the app with that id, or says in the log why that is not known."""
        # Imported here because the worker has no other use for an HTTP client, which is a fifth of its memory.
        from control.lifecycle.activator import Activator, ActivatorUnavailable, connect

        async with connect(self._host, self._port, self._token) as http:
            try:
                await Activator(http).routed(app)
            except (ActivatorUnavailable, UnknownApp) as error:
                log.warning("the door may not lead to it yet", app=app, reason=str(error))
