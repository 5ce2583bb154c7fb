"""An app's settings. What routing needs is told to the cluster at once; what an instance becomes waits for the next deploy.

Two who change settings at the same moment both get what they asked for: each change is made over the newest config.
"""

from typing import Any

import msgspec
from litestar import Router, get, patch
from litestar.params import JSONBody

from cluster.base import Limits
from control.api.lookup import WithApp, WithServices
from control.api.present import present_settings
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.routing import tell_cluster
from control.api.services import Services
from control.domain import config as rules
from control.domain.apps import App
from control.domain.config import Config
from control.domain.databases import Database
from control.domain.errors import LostRace, NotFound
from control.domain.sharing import Sharing, check_sharing
from fp.api.apps import AppSettings, AppSettingsPatch, SharingPatch

MAX_IDLE_MINUTES = 7 * 24 * 60
MAX_BODY_BYTES = 2 * 1024 * 1024
"""All variables at their longest, each character written as the longest escape JSON knows."""
_TRIES = 10


@get("/settings")
async def get_settings(app: WithApp, services: WithServices) -> AppSettings:
    """The app's settings."""
    return await present_settings(services, app)


@patch("/settings", request_max_body_size=MAX_BODY_BYTES, opt={"scope": "deploy"})
async def change_settings(
    data: JSONBody[AppSettingsPatch], app: WithApp, request: ApiRequest, services: WithServices
) -> AppSettings:
    """Change what is given, leave the rest. All of it is checked before any of it is written, and it is one write."""
    _check(data, await _most(services))
    also: dict[str, Any] = {} if data.idle_minutes is msgspec.UNSET else {"idle_minutes": data.idle_minutes}
    if data.database is not msgspec.UNSET:
        also["database"] = (await _database(services, app, data.database)).id
    if names := [name for name in data.__struct_fields__ if getattr(data, name) is not msgspec.UNSET]:
        app = await _write(services, app, data, also)
    if "idle_minutes" in also:
        await tell_cluster(services, app)
    if names:
        by = request.user.user.username
        await services.store.events.add("settings_changed", app.id, by=by, message=", ".join(names))
    return await present_settings(services, app)


async def _most(services: Services) -> Limits:
    """What an app may be given at most: what every app has by default, unless an administrator says otherwise."""
    settings, most = await services.store.settings.get(), services.settings.limits
    return msgspec.structs.replace(
        most, memory_mb=settings.max_memory_mb or most.memory_mb, cpus=settings.max_cpus or most.cpus
    )


def _check(data: AppSettingsPatch, most: Limits) -> None:
    """Raises Invalid, TooLarge and ApiError `invalid`."""
    if data.idle_minutes is not msgspec.UNSET and not 0 <= data.idle_minutes <= MAX_IDLE_MINUTES:
        raise ApiError("invalid", f"idle_minutes: 1 to {MAX_IDLE_MINUTES}, or 0 for never.")
    if isinstance(data.memory_mb, int) and not rules.MIN_MEMORY_MB <= data.memory_mb <= most.memory_mb:
        raise ApiError("invalid", f"memory_mb: {rules.MIN_MEMORY_MB} to {most.memory_mb}, or null for the default.")
    if isinstance(data.cpus, float) and not rules.MIN_CPUS <= data.cpus <= most.cpus:
        raise ApiError("invalid", f"cpus: {rules.MIN_CPUS:g} to {most.cpus:g}, or null for the default.")
    for where, given in (("env", data.env), ("secrets", data.secrets)):
        if given is not msgspec.UNSET:
            rules.check_variables(given, where)


async def _database(services: Services, app: App, key: str) -> Database:
    """The database of the app's owner with that id or name; raises ApiError `invalid` when there is none."""
    try:
        return await services.store.databases.find(app.owner, key)
    except NotFound:
        raise ApiError("invalid", "database: the app's owner has none with that id or name.") from None


async def _write(services: Services, app: App, data: AppSettingsPatch, also: dict[str, Any]) -> App:
    """The app as it is afterwards. Raises Invalid, TooLarge, NotFound, LostRace, and ApiError `conflict`.

    Another database: the reconciler sees it and starts the live version with it. A deletion of the database marks it and then
    looks for bound apps, this binds and then looks for the mark: so one of the two sees the other, and gives way.
    """
    written = await _set_config(services, app, data, also)
    if "database" in also:
        try:
            await services.store.databases.find(app.owner, also["database"])
        except NotFound:
            await services.store.apps.bind(app.id, app.database, services.clock())
            raise ApiError("conflict", "database: it is being deleted.", hint="Choose another one.") from None
    return written


async def _set_config(services: Services, app: App, data: AppSettingsPatch, also: dict[str, Any]) -> App:
    """Raises Invalid, TooLarge, NotFound, LostRace."""
    for _ in range(_TRIES):
        config = _changed(services, app, data)
        rules.check_config(config)
        try:
            return await services.store.apps.set_config(app.id, config, app.config, services.clock(), also)
        except LostRace:
            app = await services.store.apps.get(app.id)
    raise LostRace(f"the settings of {app.id} keep changing")


def _changed(services: Services, app: App, data: AppSettingsPatch) -> Config:
    config, vault = app.config, services.store.vault
    if data.env is not msgspec.UNSET:
        config = msgspec.structs.replace(config, env=rules.merged(config.env, data.env))
    if data.secrets is not msgspec.UNSET:
        sealed = {
            name: None if value is None else vault.seal(app.id, name, value) for name, value in data.secrets.items()
        }
        config = msgspec.structs.replace(config, secrets=rules.merged(config.secrets, sealed))
    if data.memory_mb is not msgspec.UNSET:
        config = msgspec.structs.replace(config, memory_mb=data.memory_mb)
    if data.cpus is not msgspec.UNSET:
        config = msgspec.structs.replace(config, cpus=data.cpus)
    if data.sharing is not msgspec.UNSET:
        config = msgspec.structs.replace(config, sharing=_shared(config.sharing, data.sharing))
    return config


def _shared(old: Sharing, given: SharingPatch | None) -> Sharing:
    """Raises Invalid."""
    if given is None:
        return Sharing()
    fields = {name: value for name, value in msgspec.structs.asdict(given).items() if value is not msgspec.UNSET}
    return check_sharing(msgspec.structs.replace(old, **fields))


ROUTER = Router("/apps/{key:str}", route_handlers=[get_settings, change_settings], tags=["settings"])
