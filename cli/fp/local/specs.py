"""Which processes make the platform: what each is started with. Pure: settings, ports and secrets in, commands out."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fp import names
from fp.local import programs, traefik
from fp.local.secrets import ROOT_USER, Secrets
from fp.local.settings import LocalSettings

DATABASE: Final = "mongodb"
ACTIVATOR_PATIENCE: Final = 15.0
"""Told to stop, it lets the wakes under way end, for ten seconds at most."""


@dataclass(frozen=True)
class Spec:
    """One process. `patience`: seconds from SIGTERM to SIGKILL when it is stopped.

    `listeners`: loopback ports on which the supervisor listens for it, by the variable that tells it the descriptor. Such
    a socket stays open while the process is started again, and whoever connects meanwhile waits.
    """

    name: str
    argv: list[str]
    env: dict[str, str]
    cwd: Path
    patience: float = 5.0
    listeners: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """`database`: MongoDB, none where it is elsewhere. `bootstrap`: prepares it, ends by itself. `others`: the rest."""

    database: Spec | None
    bootstrap: Spec | None
    others: list[Spec]


def build(settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets) -> Platform:
    """Every process of the platform. Raises LocalError for what is missing on this machine."""
    env = _environment(settings, ports, secrets) | {
        names.ENV_RUNNER_PYTHON: str(programs.app_python(settings.checkout, os.environ.get(names.ENV_RUNNER_PYTHON))),
        names.ENV_WEB_DIR: str(programs.web_page(settings.checkout)),
    }

    def module(name: str, dotted: str, patience: float = 5.0) -> Spec:
        return Spec(name, [sys.executable, "-m", dotted], env, settings.data, patience)

    return replace(
        build_database(settings, ports, secrets),
        others=[
            _traefik(settings, ports, secrets, env),
            module("node", "cluster.local", 8.0),
            replace(module("activator", "activator", ACTIVATOR_PATIENCE), listeners=_activators(ports)),
            module("control", "control.app"),
            module("worker", "control.worker"),
        ],
    )


def build_database(settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets) -> Platform:
    """MongoDB alone and what prepares it, nothing where it is elsewhere. Raises LocalError when there is no server to start."""
    if settings.mongo_uri is not None:
        return Platform(None, None, [])
    env = _environment(settings, ports, secrets)
    root = {"FP_MONGO_ROOT_USER": ROOT_USER, "FP_MONGO_ROOT_PASSWORD": secrets.mongo_password}
    argv = [sys.executable, "-m", "control.store.bootstrap"]
    bootstrap = Spec("bootstrap", argv, env | root, settings.data)
    return Platform(_mongod(settings, ports["mongo"], secrets, env), bootstrap, [])


def restore_spec(
    settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets, file: Path, flags: Sequence[str]
) -> Spec:
    """What restores `file` into the platform's MongoDB."""
    argv = [sys.executable, "-m", "control.store.restore", str(file), *flags]
    return Spec("restore", argv, _environment(settings, ports, secrets), settings.data)


def _activators(ports: Mapping[str, int]) -> dict[str, int]:
    return {"FP_ACTIVATOR_FD": ports["activator"], "FP_CHECKIN_FD": ports["checkin"]}


def _environment(settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets) -> dict[str, str]:
    """What every process of ours finds in its environment: the caller's own, less its FP_ settings, plus ours."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("FP_") or key in _PASSED_ON}
    mongo = f"mongodb://{ROOT_USER}:{secrets.mongo_password}@127.0.0.1:{ports['mongo']}/?authSource=admin&directConnection=true"
    return inherited | {
        "PYTHONPATH": os.pathsep.join([str(settings.checkout), str(settings.checkout / "cli")]),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(settings.data / "tmp"),
        names.ENV_PORT: str(settings.port),
        names.ENV_DATA: str(settings.data),
        names.ENV_DOMAIN: settings.domain,
        names.ENV_APPS_DOMAIN: settings.apps_domain,
        names.ENV_DATA_PLANE: settings.data_plane,
        "FP_ROUTES_DIR": str(traefik.dynamic_folder(settings.data / "traefik")),
        names.ENV_TRUSTED_PROXIES: ",".join(settings.trusted_proxies),
        names.ENV_MONGO_URI: settings.mongo_uri or mongo,
        names.ENV_SECRET_KEY: secrets.secret_key,
        names.ENV_INTERNAL_TOKEN: secrets.internal_token,
        names.ENV_CONTROL_PORT: str(ports["control"]),
        names.ENV_INTERNAL_PORT: str(ports["internal"]),
        names.ENV_ACTIVATOR_PORT: str(ports["activator"]),
        names.ENV_CHECKIN_PORT: str(ports["checkin"]),
        names.ENV_NODE_PORT: str(ports["node"]),
    }


_LIMITS: Final = {
    names.ENV_APP_MEMORY_MB,
    names.ENV_APP_CPUS,
    names.ENV_APP_PROCESSES,
    names.ENV_CGROUPS,
    names.ENV_WARM_MB,
}
_PASSED_ON: Final = frozenset(
    {
        names.ENV_START_SECONDS,
        "FP_IDLE_SECONDS_PER_MINUTE",
        "FP_LOG_LEVEL",
        "FP_HOLD_SECONDS",
        "FP_PAGE_AFTER_SECONDS",
        "FP_ROOM_SIZE",
        "FP_ROOMS_SIZE",
        "FP_CLIENT_ROOM_SIZE",
        "FP_CLIENT_WAKES_PER_MINUTE",
        "FP_STATIC_AGENTS",
        "FP_STATIC_PATHS",
        *_LIMITS,
    }
)


def _mongod(settings: LocalSettings, port: int, secrets: Secrets, env: dict[str, str]) -> Spec:
    argv = [
        str(programs.mongod()),
        "--dbpath",
        str(settings.data / "mongo"),
        "--port",
        str(port),
        "--bind_ip",
        "127.0.0.1",
    ]
    argv += ["--replSet", "fp", "--keyFile", str(secrets.key_file), "--nounixsocket", "--quiet"]
    # A small machine shares its memory between the database and the apps; MongoDB's default takes half of it.
    argv += ["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"]
    argv += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
    # What a process that was killed had begun to write holds up those who write the same for as long as this, in seconds.
    argv += ["--setParameter", "transactionLifetimeLimitSeconds=10"]
    return Spec(DATABASE, argv, env, settings.data, patience=15.0)


def _traefik(settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets, env: dict[str, str]) -> Spec:
    folder = settings.data / "traefik"
    values = {
        "port": str(settings.port),
        "bind": f"[{settings.bind}]" if ":" in settings.bind else settings.bind,
        "control_port": str(ports["control"]),
        "activator_port": str(ports["activator"]),
        "apps_domain": settings.apps_domain,
        "internal_token": secrets.internal_token,
        "trusted_proxies": json.dumps(settings.trusted_proxies),
    }
    configuration = traefik.prepare(settings.checkout, folder, settings.data_plane, values)
    return Spec("traefik", [str(programs.traefik()), f"--configFile={configuration}"], env, folder)
