"""The platform itself: what a page must know before log in, is it alive, is it ready, which version is it.

`ready` means that a deploy would work now: each part is asked, all at once, two seconds at most.
"""

import asyncio
from collections.abc import Awaitable

import msgspec
from litestar import Response, Router, get

from cluster.base import ClusterError
from control.api.lookup import WithServices
from control.api.problems import ApiError
from control.api.services import Services
from control.domain.addresses import app_url
from control.domain.errors import DomainError
from control.lifecycle.activator import ActivatorUnavailable
from fp import __version__
from fp.api.auth import Readiness, SystemInfo

_PROBE_SECONDS = 2.0
_WORKER_LEASE = "reconcile"
"""The lease that the leading worker keeps while it lives."""


class Health(msgspec.Struct, frozen=True):
    """Body of GET /api/health: this process answers."""

    status: str


class Version(msgspec.Struct, frozen=True):
    """Body of GET /api/version."""

    version: str


@get("/info")
async def info(services: WithServices) -> SystemInfo:
    """What a page must know before anyone is logged in."""
    settings = services.settings
    has_users = await services.store.users.any()
    return SystemInfo(
        version=__version__,
        signup_open=not has_users or (await services.store.settings.get()).signup_open,
        has_users=has_users,
        apps_url=app_url("{name}", settings.apps_domain, settings.port),
    )


@get("/health", sync_to_thread=False)
def health() -> Health:
    """Whether this process is alive; it asks nobody else."""
    return Health("ok")


@get("/ready", opt={"also": {503: "Something that a deploy needs is missing; `checks` says what."}})
async def ready(services: WithServices) -> Response[Readiness]:
    """Whether a deploy would work now: 200, or 503 with what is missing."""
    probes = {
        "mongodb": services.store.ping(),
        "node": _node(services),
        "activator": _activator(services),
        "door": _door(services),
        "worker": _worker(services),
    }
    found = await asyncio.gather(*(_check(probe) for probe in probes.values()))
    checks = dict(zip(probes, found, strict=True))
    fine = all(check == "ok" for check in checks.values())
    return Response(Readiness(ready=fine, checks=checks), status_code=200 if fine else 503)


@get("/version", sync_to_thread=False)
def version() -> Version:
    """The platform's version."""
    return Version(__version__)


async def _check(probe: Awaitable[None]) -> str:
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await probe
    except TimeoutError:
        return f"no answer within {_PROBE_SECONDS:g} s"
    except (DomainError, ClusterError, ActivatorUnavailable, ApiError) as error:
        return str(error) or type(error).__name__
    return "ok"


async def _node(services: Services) -> None:
    await services.cluster.stats()


async def _activator(services: Services) -> None:
    if not await services.activator.ready():
        raise ActivatorUnavailable("does not know the cluster's state yet")


async def _door(services: Services) -> None:
    status = await services.door.answers(services.settings.domain, "/api/health", _PROBE_SECONDS)
    if status != 200:
        raise ApiError("unavailable", f"the front door answers {status} for this API")


async def _worker(services: Services) -> None:
    if not await services.store.leases.held(_WORKER_LEASE):
        raise ApiError("unavailable", "no worker is running")


ROUTER = Router("/", route_handlers=[info, health, ready, version], tags=["system"])
