"""Settings, read once in `__main__` from the environment; all that is wrong with them is told at once."""

from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from fp import names


class SettingsError(Exception):
    """The environment does not make sense; one line per problem."""


class Settings(msgspec.Struct, frozen=True):
    """Ports are on `bind`. Every `_seconds` is seconds. Each field but the first three may be set as `FP_<FIELD>`.

    `internal_token`: the credential of every internal call. `hold_seconds`: how long a request waits for a wake.
    `page_after_seconds`: how long a browser's page load waits before it gets the loading page. `room_size`, `rooms_size`:
    requests that may wait for one app, and for all. `idle_seconds_per_minute`: how long a minute of `idle_minutes` is; tests
    and benchmarks shorten it. `ack_seconds`: how long plugins may take to acknowledge. `stale_seconds`: how long to wait
    until the cluster notices that an address is dead. `grace_seconds`: how long a forced sleep waits for requests in flight.
    `drain_seconds`: how long wakes under way may take when the activator is told to stop. `static_agents`: what a user agent
    contains, in lower case, that does not wake a sleeping app; `static_paths`: paths that do not. `data_plane`: `plugin`, or
    `routes`, for which `routes_dir` is the folder that Traefik watches and `door_port` where Traefik listens. `activator_fd`,
    `checkin_fd`: descriptors of sockets that listen on the two ports already, 0 where we open them ourselves.
    """

    activator_port: int
    checkin_port: int
    node_port: int
    internal_token: str
    bind: str = "127.0.0.1"
    hold_seconds: float = 25.0
    page_after_seconds: float = 1.0
    room_size: int = 1000
    rooms_size: int = 10_000
    idle_seconds_per_minute: float = 60.0
    ack_seconds: float = 1.0
    stale_seconds: float = 2.0
    grace_seconds: float = 30.0
    drain_seconds: float = 10.0
    static_agents: str = (
        "bot,crawler,spider,slurp,facebookexternalhit,uptime,pingdom,statuscake,site24x7,gatus,kube-probe"
    )
    static_paths: str = "/favicon.ico,/robots.txt"
    data_plane: str = "plugin"
    routes_dir: str = ""
    door_port: int = names.DEFAULT_PORT
    activator_fd: int = 0
    checkin_fd: int = 0


_VARIABLES = {
    "activator_port": names.ENV_ACTIVATOR_PORT,
    "checkin_port": names.ENV_CHECKIN_PORT,
    "node_port": names.ENV_NODE_PORT,
    "internal_token": names.ENV_INTERNAL_TOKEN,
    "door_port": names.ENV_PORT,
}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings out of environment variables. Raises SettingsError that names every problem."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    hints = get_type_hints(Settings)
    for field in msgspec.structs.fields(Settings):
        variable = _VARIABLES.get(field.name, f"FP_{field.name.upper()}")
        text = environment.get(variable, "")
        if not text:
            if field.required:
                problems.append(f"{variable} is not set")
            continue
        try:
            values[field.name] = _value(field.name, text, hints[field.name])
        except ValueError as error:
            problems.append(f"{variable} {error}, not {text!r}")
    if values.get("data_plane", "plugin") not in ("plugin", "routes"):
        problems.append(f"{names.ENV_DATA_PLANE} must be plugin or routes, not {values['data_plane']!r}")
    if values.get("data_plane") == "routes" and not values.get("routes_dir"):
        problems.append("FP_ROUTES_DIR is not set, and the data plane `routes` needs it")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def _value(field: str, text: str, kind: type) -> int | float | str:
    if kind is str:
        return text
    try:
        number = float(text) if kind is float else int(text)
    except ValueError:
        raise ValueError("must be a number") from None
    if field.endswith("_port") and not 0 < number < 65536:
        raise ValueError("must be a port from 1 to 65535")
    if not 0 < number < 1_000_000:
        raise ValueError("must be above 0")
    return number
