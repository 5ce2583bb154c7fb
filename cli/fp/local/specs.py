"""Which processes make the platform: what each is started with. Pure: settings, ports and secrets in, commands out."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from fp import names
from fp.local import programs
from fp.local.errors import LocalError
from fp.local.secrets import ROOT_USER, Secrets
from fp.local.settings import LocalSettings

PLUGIN_MODULE: Final = "github.com/fp-platform/wake"


@dataclass(frozen=True)
class Spec:
    """One process. `patience`: seconds from SIGTERM to SIGKILL when it is stopped."""

    name: str
    argv: list[str]
    env: dict[str, str]
    cwd: Path
    patience: float = 5.0


@dataclass(frozen=True)
class Platform:
    """`database`: MongoDB, none where it is elsewhere. `bootstrap`: prepares it, ends by itself. `others`: the rest."""

    database: Spec | None
    bootstrap: Spec | None
    others: list[Spec]


def build(settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets) -> Platform:
    """Every process of the platform. Raises LocalError for what is missing on this machine."""
    env = _environment(settings, ports, secrets)

    def module(name: str, dotted: str, patience: float = 5.0, **extra: str) -> Spec:
        return Spec(name, [sys.executable, "-m", dotted], env | extra, settings.data, patience)

    own = settings.mongo_uri is None
    root = {"FP_MONGO_ROOT_USER": ROOT_USER, "FP_MONGO_ROOT_PASSWORD": secrets.mongo_password}
    return Platform(
        database=_mongod(settings, ports["mongo"], secrets, env) if own else None,
        bootstrap=module("bootstrap", "control.store.bootstrap", 5.0, **root) if own else None,
        others=[
            _traefik(settings, ports, secrets, env),
            module("node", "cluster.local", 8.0),
            module("activator", "activator"),
            module("control", "control.app"),
            module("worker", "control.worker"),
        ],
    )


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
        names.ENV_MONGO_URI: settings.mongo_uri or mongo,
        names.ENV_SECRET_KEY: secrets.secret_key,
        names.ENV_INTERNAL_TOKEN: secrets.internal_token,
        names.ENV_CONTROL_PORT: str(ports["control"]),
        names.ENV_INTERNAL_PORT: str(ports["internal"]),
        names.ENV_ACTIVATOR_PORT: str(ports["activator"]),
        names.ENV_CHECKIN_PORT: str(ports["checkin"]),
        names.ENV_NODE_PORT: str(ports["node"]),
        names.ENV_RUNNER_PYTHON: str(programs.app_python(settings.checkout)),
        names.ENV_WEB_DIR: str(programs.web_page(settings.checkout)),
    }


_PASSED_ON: Final = frozenset({names.ENV_START_SECONDS, "FP_IDLE_SECONDS_PER_MINUTE", "FP_LOG_LEVEL"})


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
    return Spec("mongodb", argv, env, settings.data, patience=15.0)


def _traefik(settings: LocalSettings, ports: Mapping[str, int], secrets: Secrets, env: dict[str, str]) -> Spec:
    folder = settings.data / "traefik"
    values = {
        "port": str(settings.port),
        "bind": f"[{settings.bind}]" if ":" in settings.bind else settings.bind,
        "control_port": str(ports["control"]),
        "activator_port": str(ports["activator"]),
        "apps_domain_regex": re.escape(settings.apps_domain),
        "internal_token": secrets.internal_token,
        "dynamic_file": str(folder / "dynamic.yaml"),
    }
    for name in ("static.yaml", "dynamic.yaml"):
        _render(settings.checkout / "traefik" / name, folder / name, values)
    _copy_plugin(settings.checkout / "traefik" / "plugin", folder / "plugins-local" / "src" / PLUGIN_MODULE)
    argv = [str(programs.traefik()), f"--configFile={folder / 'static.yaml'}"]
    return Spec("traefik", argv, env, folder)


def _render(source: Path, target: Path, values: Mapping[str, str]) -> None:
    try:
        text = Template(source.read_text()).substitute(values)
    except (OSError, KeyError, ValueError) as error:
        raise LocalError(
            f"Traefik's configuration {source} cannot be used: {error}.", "Restore the file from the checkout."
        ) from None
    target.touch(mode=0o600)
    target.write_text(text)


def _copy_plugin(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in [*source.glob("*.go"), source / "go.mod", source / ".traefik.yml"]:
        if not file.name.endswith("_test.go"):
            shutil.copy(file, target)
