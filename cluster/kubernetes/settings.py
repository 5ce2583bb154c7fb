"""What `KubernetesCluster` must be told, read once from the environment; every problem is told at once."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from cluster.base import Limits

DataPlane = Literal["plugin", "routes"]
DEFAULT_NAMESPACE = "fp-apps"


class SettingsError(Exception):
    """The environment does not make sense; the message has one line per problem."""


class KubernetesSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses are `host:port` as pods reach them.

    `namespace`: the apps', FP_APPS_NAMESPACE. `image`: the runner's, FP_RUNNER_IMAGE. `checkin`: the activators' listener
    for runners, FP_CHECKIN_ADDRESS. `ingest`: control's listener for records, FP_INGEST_ADDRESS. `token`: the internal
    credential. `pool`: how many generic runners wait to become an app, FP_POOL, none by default; `pool_limits`: what they
    may use, so only apps with the same limits come from the pool. `data_plane`: FP_DATA_PLANE. `priority_class`: the apps'
    pods', FP_APPS_PRIORITY_CLASS, none by default. `start_margin`: seconds that a pod may take beside its app's own start.
    `edge_namespace`: Traefik's, where its routes are, FP_EDGE_NAMESPACE; none: somebody else sees to them. `activator`: the
    activators' Service as Traefik knows it, `name.namespace:port`, FP_ACTIVATOR_ADDRESS; `control`: control's,
    FP_CONTROL_ADDRESS. `apps_domain`: below which apps
    live, FP_APPS_DOMAIN.
    """

    image: str
    checkin: str
    ingest: str
    token: str
    namespace: str = DEFAULT_NAMESPACE
    pool: int = 0
    pool_limits: Limits = Limits()
    data_plane: DataPlane = "plugin"
    priority_class: str = ""
    start_margin: float = 20.0
    edge_namespace: str = ""
    activator: str = "fp-activator.fp-system:9000"
    control: str = "fp-control.fp-system:8000"
    apps_domain: str = "localhost"


def read_settings(environ: Mapping[str, str]) -> KubernetesSettings:
    """Settings out of environment variables. Raises SettingsError."""
    problems: list[str] = []
    values: dict[str, Any] = {"pool_limits": _limits(environ, problems)}
    for field, variable, read in _FIELDS:
        text = environ.get(variable, "")
        if not text:
            if field in _REQUIRED:
                problems.append(f"{variable} is not set")
            continue
        try:
            values[field] = read(text)
        except ValueError as error:
            problems.append(f"{variable} {error}, not {text!r}")
    if problems:
        raise SettingsError("\n".join(problems))
    return KubernetesSettings(**values)


def _limits(environ: Mapping[str, str], problems: list[str]) -> Limits:
    """What apps may use here, from the variables that control has it from: the pool's pods must be the same."""
    found: dict[str, Any] = {}
    for field, variable, read in _LIMITS:
        try:
            if text := environ.get(variable, ""):
                found[field] = read(text)
        except ValueError:
            problems.append(f"{variable} must be a number, not {text!r}")
    return Limits(**found)


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("must be host:port")
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 1000:
        raise ValueError("must be a number from 0 to 1000")
    return int(text)


def _data_plane(text: str) -> str:
    if text not in ("plugin", "routes"):
        raise ValueError("must be plugin or routes")
    return text


_LIMITS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("memory_mb", "FP_APP_MEMORY_MB", int),
    ("cpus", "FP_APP_CPUS", float),
    ("processes", "FP_APP_PROCESSES", int),
    ("start_seconds", "FP_START_SECONDS", float),
)
_FIELDS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("image", "FP_RUNNER_IMAGE", str),
    ("checkin", "FP_CHECKIN_ADDRESS", _address),
    ("ingest", "FP_INGEST_ADDRESS", _address),
    ("token", "FP_INTERNAL_TOKEN", str),
    ("namespace", "FP_APPS_NAMESPACE", str),
    ("pool", "FP_POOL", _count),
    ("data_plane", "FP_DATA_PLANE", _data_plane),
    ("priority_class", "FP_APPS_PRIORITY_CLASS", str),
    ("edge_namespace", "FP_EDGE_NAMESPACE", str),
    ("activator", "FP_ACTIVATOR_ADDRESS", _address),
    ("control", "FP_CONTROL_ADDRESS", _address),
    ("apps_domain", "FP_APPS_DOMAIN", str.lower),
)
_REQUIRED = frozenset({"image", "checkin", "ingest", "token"})
