"""An app's settings. What routing needs is told to the cluster at once."""

import msgspec
from litestar import Router, get, patch
from litestar.params import JSONBody

from control.api.lookup import WithApp, WithServices
from control.api.present import present_settings
from control.api.problems import ApiError
from control.api.routing import tell_cluster
from control.api.services import Services
from control.domain.apps import App
from fp.api.apps import AppSettings, AppSettingsPatch

MAX_IDLE_MINUTES = 7 * 24 * 60


@get("/settings")
async def get_settings(app: WithApp, services: WithServices) -> AppSettings:
    """The app's settings."""
    return await present_settings(services, app)


@patch("/settings")
async def change_settings(data: JSONBody[AppSettingsPatch], app: WithApp, services: WithServices) -> AppSettings:
    """Change what is given, leave the rest."""
    if data.idle_minutes is not msgspec.UNSET:
        app = await _set_idle_minutes(services, app, data.idle_minutes)
    return await present_settings(services, app)


async def _set_idle_minutes(services: Services, app: App, minutes: int) -> App:
    if not 0 <= minutes <= MAX_IDLE_MINUTES:
        raise ApiError("invalid", f"idle_minutes: 1 to {MAX_IDLE_MINUTES}, or 0 for never.")
    app = await services.store.apps.set_idle_minutes(app.id, minutes, services.clock())
    await tell_cluster(services, app)
    return app


ROUTER = Router("/apps/{key:str}", route_handlers=[get_settings, change_settings], tags=["settings"])
