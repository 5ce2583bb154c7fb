"""From documents to a workload: what the cluster must run, computed the same way by a deploy and by the reconciler.

The digest covers what an instance becomes: code, entrypoint, environment, limits. Hosts, idle time and whether the app
may run are left out of it, because the cluster changes them without a new instance (`configure`); they are compared by
themselves. It is made of the version's code hash, so that comparing ten thousand apps fetches no code and opens no secret:
a version's variables never change, so its id stands for them.
"""

import hashlib
from collections.abc import Mapping

import msgspec

from cluster.base import Blocked, Limits, Workload
from control.domain.addresses import app_host
from control.domain.apps import App, Version, VersionSummary
from control.domain.config import Config
from control.domain.sharing import told
from fp.names import ENV_PLATFORM_MONGO_URI, SHARING_VARIABLE


class Recipe(msgspec.Struct, frozen=True):
    """What all workloads of this platform share."""

    apps_domain: str
    limits: Limits


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the cluster should know of an app, without its code."""

    app: str
    digest: str
    hosts: list[str]
    idle_minutes: int
    blocked: Blocked


def build_workload(
    app: App, version: Version, database_uri: str, recipe: Recipe, *, secrets: Mapping[str, str]
) -> Workload:
    """The workload that makes `version` the app's live one; `secrets` are its opened ones."""
    wanted = build_wanted(app, version, database_uri, recipe)
    return Workload(
        app=app.id,
        name=app.name,
        version=version.id,
        number=version.number,
        digest=wanted.digest,
        files=version.files,
        entrypoint=version.entrypoint,
        env={**version.config.env, **secrets, **_env(database_uri), **_shared(version.config)},
        hosts=wanted.hosts,
        idle_minutes=wanted.idle_minutes,
        limits=limits_of(version.config, recipe),
        blocked=wanted.blocked,
    )


def build_wanted(app: App, version: Version | VersionSummary, database_uri: str, recipe: Recipe) -> Wanted:
    """The same without the code: enough to see whether the cluster is behind."""
    content = {
        "app": app.id,
        "name": app.name,
        "version": version.id,
        "number": version.number,
        "code": version.code_hash,
        "entrypoint": version.entrypoint,
        "env": _env(database_uri),
        "limits": limits_of(version.config, recipe),
    }
    digest = hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
    hosts = [app_host(app.name, recipe.apps_domain)]
    return Wanted(app=app.id, digest=digest, hosts=hosts, idle_minutes=app.idle_minutes, blocked=blocked_of(app))


def limits_of(config: Config, recipe: Recipe) -> Limits:
    """The platform's limits, with what the version says of its own."""
    own = {"memory_mb": config.memory_mb, "cpus": config.cpus}
    return msgspec.structs.replace(recipe.limits, **{name: value for name, value in own.items() if value is not None})


def blocked_of(app: App) -> Blocked:
    """Why the app may not run, empty when it may."""
    return "paused" if app.paused else ""


def _shared(config: Config) -> dict[str, str]:
    """For the runner, which takes it out of the environment; like all variables it stands in the digest by the version's id."""
    found = told(config.sharing)
    return {SHARING_VARIABLE: msgspec.json.encode(found).decode()} if found else {}


def _env(database_uri: str) -> dict[str, str]:
    return {ENV_PLATFORM_MONGO_URI: database_uri}
