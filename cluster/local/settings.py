"""The node's settings, read once from the environment; every problem is told at once, in words."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from cluster.local.limits import Cgroups
from fp import names

REPOSITORY = Path(__file__).resolve().parents[2]
DataPlane = Literal["plugin", "routes"]


class SettingsError(Exception):
    """The environment does not make sense; the message has one line per problem."""


class NodeSettings(msgspec.Struct, frozen=True):
    """What the node must be told.

    `data`: the platform's data folder; the node keeps to `data/node`.
    `port`: where it listens for `LocalCluster`, on loopback.
    `token`: what callers must show, and what the shipper shows to control.
    `checkin_port`: the activator's listener, told to each runner.
    `internal_port`: control's ingest.
    `runner_python`: the interpreter that apps run in.
    `start_seconds`: no app may take longer from process start to ready, whatever its workload says; default 20.
    `stop_seconds`: how long instances may drain when the node itself is told to stop; default 10.
    `data_plane`: `plugin` (default), or `routes`, which needs an address for each app that never changes.
    `warm_mb`: memory for zygotes of apps' own, 0 for none; default 128.
    `cgroups`: `auto` (default) keeps limits by control groups where they may be made, `off` does without them.
    `trusted_proxies`: proxies in front of the door, whose word on a visitor's address the apps' servers believe.
    """

    data: Path
    port: int
    token: str
    checkin_port: int
    internal_port: int
    runner_python: Path
    start_seconds: float = 20.0
    stop_seconds: float = 10.0
    data_plane: DataPlane = "plugin"
    cgroups: Cgroups = "auto"
    warm_mb: float = 128.0
    trusted_proxies: str = ""

    @property
    def folder(self) -> Path:
        """The folder that belongs to the node."""
        return self.data / "node"

    @property
    def zygote_command(self) -> list[str]:
        """How the zygote is started, without the number of its socket."""
        return [str(self.runner_python), "-I", "-S", str(REPOSITORY / "runner" / "boot.py"), "zygote"]


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError("must be a port from 1 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise ValueError("must be seconds, above 0 and at most 3600")
    return seconds


def _megabytes(text: str) -> float:
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = -1.0
    if not 0 <= megabytes < 1_000_000:
        raise ValueError("must be megabytes, 0 or more")
    return megabytes


def _data_plane(text: str) -> str:
    if text not in get_args(DataPlane):
        raise ValueError("must be plugin or routes")
    return text


def _cgroups(text: str) -> str:
    if text not in get_args(Cgroups):
        raise ValueError("must be auto or off")
    return text


def _interpreter(text: str) -> Path:
    # Not resolved: a virtual environment's python is a link, and it is the link's place that tells it its packages.
    path = Path(text).absolute()
    if not path.is_file():
        raise ValueError("must be an existing Python interpreter")
    return path


# field, environment variable, how to read its text
_FIELDS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("data", names.ENV_DATA, lambda text: Path(text).absolute()),
    ("port", names.ENV_NODE_PORT, _port),
    ("token", names.ENV_INTERNAL_TOKEN, str),
    ("checkin_port", names.ENV_CHECKIN_PORT, _port),
    ("internal_port", names.ENV_INTERNAL_PORT, _port),
    ("runner_python", names.ENV_RUNNER_PYTHON, _interpreter),
    ("start_seconds", names.ENV_START_SECONDS, _seconds),
    ("stop_seconds", "FP_STOP_SECONDS", _seconds),
    ("data_plane", names.ENV_DATA_PLANE, _data_plane),
    ("cgroups", names.ENV_CGROUPS, _cgroups),
    ("warm_mb", names.ENV_WARM_MB, _megabytes),
    ("trusted_proxies", names.ENV_TRUSTED_PROXIES, str),
)
_OPTIONAL = frozenset({"start_seconds", "stop_seconds", "data_plane", "cgroups", "warm_mb", "trusted_proxies"})


def read_settings(environment: Mapping[str, str]) -> NodeSettings:
    """Settings out of environment variables; raises SettingsError that names every problem."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field, variable, parse in _FIELDS:
        text = environment.get(variable, "")
        if not text:
            if field not in _OPTIONAL:
                problems.append(f"{variable} is not set")
            continue
        try:
            values[field] = parse(text)
        except ValueError as error:
            problems.append(f"{variable} {error}, not {text!r}")
    if problems:
        raise SettingsError("\n".join(problems))
    return NodeSettings(**values)
