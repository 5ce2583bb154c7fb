"""What control asks of the activator: wake an app and hold until it is up, put one to sleep, is it reachable, are you ready.

The activator owns both movements, because it holds the requests that wait; control only asks (docs/protocols.md). The
client has no state but its connections, so it recovers by itself when the activator was away.

Errors:
    WakeFailed              the app did not start; carries the Failure
    ActivatorUnavailable    nobody answers, or the answer is that it cannot be done now
"""

from typing import Literal

import httpx
import msgspec

from cluster.base import AppBlocked, Failure, UnknownApp

_HOLD_SECONDS = 40.0
_SLEEP_SECONDS = 45.0
"""In-flight requests end before an app sleeps, so it may take as long as the longest of them."""
_PROBE_SECONDS = 2.0
_ROUTE_SECONDS = 6.0


class WakeFailed(Exception):
    """The app did not start."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class ActivatorUnavailable(Exception):
    """The activator cannot be reached, or cannot do it now; the same call may be tried again."""


class _Refusal(msgspec.Struct):
    failure: Failure


def connect(host: str, port: int, token: str) -> httpx.AsyncClient:
    """A client of the activator, to be closed by the caller."""
    return httpx.AsyncClient(
        base_url=f"http://{host}:{port}",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        verify=False,  # plain HTTP: no need to load the world's certificates
    )


class Activator:
    """`http` has the activator's address as its base and shows the internal token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def wake(self, app: str) -> None:
        """Returns once the app with that id is ready. Raises WakeFailed, ActivatorUnavailable, UnknownApp, AppBlocked."""
        await self._move(app, "wake", _HOLD_SECONDS)

    async def sleep(self, app: str) -> None:
        """Returns once its instance is gone; what was in flight ended first. Raises ActivatorUnavailable, UnknownApp."""
        await self._move(app, "sleep", _SLEEP_SECONDS)

    async def routed(self, app: str) -> None:
        """Returns once the door leads visitors to the app with that id. Raises ActivatorUnavailable, UnknownApp."""
        try:
            answer = await self._http.get(f"/apps/{app}/route", timeout=httpx.Timeout(_ROUTE_SECONDS, connect=2.0))
        except httpx.HTTPError as error:
            raise ActivatorUnavailable(str(error)) from error
        if answer.status_code == 404:
            raise UnknownApp(app)
        if answer.status_code != 200:
            raise ActivatorUnavailable(f"route answered {answer.status_code}")

    async def ready(self) -> bool:
        """Whether it knows the whole state of the cluster. Raises ActivatorUnavailable."""
        try:
            answer = await self._http.get("/readyz", timeout=_PROBE_SECONDS)
        except httpx.HTTPError as error:
            raise ActivatorUnavailable(str(error)) from error
        return answer.status_code == 200

    async def _move(self, app: str, verb: Literal["wake", "sleep"], seconds: float) -> None:
        try:
            answer = await self._http.post(f"/apps/{app}/{verb}", timeout=httpx.Timeout(seconds, connect=2.0))
        except httpx.HTTPError as error:
            raise ActivatorUnavailable(str(error)) from error
        if answer.status_code == 404:
            raise UnknownApp(app)
        if answer.status_code == 409:
            raise AppBlocked(app)
        if answer.status_code == 502 and (failure := _failure(answer.content)):
            raise WakeFailed(failure)
        if answer.status_code != 200:
            raise ActivatorUnavailable(f"{verb} answered {answer.status_code}")


def _failure(body: bytes) -> Failure | None:
    try:
        return msgspec.json.decode(body, type=_Refusal).failure
    except msgspec.MsgspecError:
        return None
