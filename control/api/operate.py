"""Operate: what an app is doing, wake it, put it to sleep, pause it and let it go on.

Waking and sleeping are the activator's work, because it holds the requests that wait. Pausing is a fact about the app
that the cluster is told: a paused app is put to sleep and nothing wakes it, whoever asks, until it is resumed. An
answer comes once it is so, and once this process sees it so too: a list read right afterwards says the same.
"""

import asyncio
from contextlib import suppress
from typing import Literal

import msgspec
from litestar import Router, get, post

from control.api.lookup import WithApp, WithServices
from control.api.present import present_state
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.routing import tell_cluster
from control.api.services import Services
from control.domain.apps import App
from control.domain.errors import NotDeployed
from fp.api.apps import AppState

_SEEN_SECONDS = 1.0


@get("/status")
async def get_status(app: WithApp, services: WithServices) -> AppState:
    """What the app is doing now."""
    return await present_state(services, app)


@post("/wake", status_code=200, opt={"scope": "deploy"})
async def wake(app: WithApp, request: ApiRequest, services: WithServices) -> AppState:
    """Start the app if it sleeps; answers once it takes requests."""
    _check_live(app)
    await services.activator.wake(app.id)
    await services.store.events.add("woken", app.id, by=request.user.user.username)
    return await _once(services, app, "running")


@post("/sleep", status_code=200, opt={"scope": "deploy"})
async def sleep(app: WithApp, request: ApiRequest, services: WithServices) -> AppState:
    """Stop the app until the next request; answers once it has stopped. Requests in flight end first."""
    _check_live(app)
    await services.activator.sleep(app.id)
    await services.store.events.add("put_to_sleep", app.id, by=request.user.user.username)
    return await _once(services, app, "sleeping")


@post("/restart", status_code=200, opt={"scope": "deploy"})
async def restart(app: WithApp, request: ApiRequest, services: WithServices) -> AppState:
    """Stop the app and start it anew, the same version; answers once it takes requests. Visitors wait meanwhile."""
    _check_live(app)
    await services.activator.sleep(app.id)
    await services.activator.wake(app.id)
    await services.store.events.add("restarted", app.id, by=request.user.user.username)
    return await _once(services, app, "running")


@post("/pause", status_code=200, opt={"scope": "deploy"})
async def pause(app: WithApp, request: ApiRequest, services: WithServices) -> AppState:
    """Stop the app and keep it stopped, whoever asks for it, until it is resumed. Requests in flight end first."""
    return await _set_paused(services, app, request.user.user.username, True)


@post("/resume", status_code=200, opt={"scope": "deploy"})
async def resume(app: WithApp, request: ApiRequest, services: WithServices) -> AppState:
    """Let a paused app wake again; the next request wakes it."""
    return await _set_paused(services, app, request.user.user.username, False)


async def _set_paused(services: Services, app: App, by: str, paused: bool) -> AppState:
    app = await services.store.apps.set_paused(app.id, paused, services.clock())
    await services.store.events.add("paused" if paused else "resumed", app.id, by=by)
    await tell_cluster(services, app)
    with suppress(TimeoutError):
        async with asyncio.timeout(_SEEN_SECONDS):
            await services.views.until(app.id, lambda view: view is None or bool(view.blocked) is paused)
    return await present_state(services, app)


def _check_live(app: App) -> None:
    if app.live is None:
        raise NotDeployed(app.name)
    if app.paused:
        raise ApiError("conflict", f"{app.name} is paused.", hint="Resume it first.")


async def _once(services: Services, app: App, status: Literal["running", "sleeping"]) -> AppState:
    awake = status == "running"
    with suppress(TimeoutError):
        async with asyncio.timeout(_SEEN_SECONDS):
            await services.views.until(app.id, lambda view: view is not None and (view.upstream is not None) is awake)
    return msgspec.structs.replace(await present_state(services, app), status=status, failure=None, findings=[])


ROUTER = Router("/apps/{key:str}", route_handlers=[get_status, wake, sleep, restart, pause, resume], tags=["operate"])
