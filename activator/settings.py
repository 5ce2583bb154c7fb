"""Settings, read once in `__main__` from the environment; all that is wrong with them is told at once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from activator.clients import Network, networks
from cluster.opening import read_kind
from fp import names

STATIC_AGENTS = (
    # crawlers, and what makes the preview of a link; a Cubot is a phone, whose browser is a person
    "bot,crawler,spider,slurp,facebookexternalhit,!cubot,"
    # who asks whether it is up
    "uptime,pingdom,statuscake,site24x7,nodeping,hetrixtools,updown.io,gatus,checkly,datadog,newrelic,"
    "healthcheck,health-check,health check,googlehc,kube-probe,prometheus,blackbox,zabbix,nagios,check_http"
)
STATIC_PATHS = "/favicon.ico,/robots.txt"

MOST = 1_000_000
"""Of whatever a number counts; far above anything that makes sense."""


class SettingsError(Exception):
    """The environment does not make sense; one line per problem."""


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, text.split(",")) if part)


class Settings(msgspec.Struct, frozen=True):
    """Ports are on `bind`. Every `_seconds` is seconds. Each field but the first three may be set as `FP_<FIELD>`.

    `cluster_kind`: what runs the apps, the node at `node_port` or `kubernetes`. `settle_seconds`: how long requests may be on
    their way from plugins of other activators, who tell those and not us; none where there is one activator.

    `internal_token`: the credential of every internal call. `hold_seconds`: how long a request waits for a wake.
    `page_after_seconds`: how long a browser's page load waits before it gets the loading page. `room_size`,
    `rooms_size`, `client_room_size`: requests that may wait for one app, for all, and of one client's.
    `client_wakes_per_minute`: sleeping apps that one client may wake. `trusted_proxies`: whose word on a client's
    address counts. `idle_seconds_per_minute`: how long a minute of `idle_minutes` is; tests and benchmarks shorten it.
    `ack_seconds`: how long plugins may take to acknowledge. `stale_seconds`: how long to wait until the cluster notices
    that an address is dead. `slow_seconds`: how long a caller may take to say what it wants, or a runner who it is.
    `grace_seconds`: how long a forced sleep waits for requests in flight. `drain_seconds`: how long wakes under way may
    take when the activator is told to stop. `static_agents`: what a user agent contains that does not wake a sleeping
    app, and, after a `!`, what is overlooked in it before; `static_paths`: paths that do not. `domain` and `port`:
    where the platform's page is, for the links to it; the apps are at the same port. `data_plane`: `plugin`, or
    `routes`, for which `routes_dir` is the folder that Traefik watches. `activator_fd`, `checkin_fd`: descriptors of
    sockets that listen on the two ports already, 0 where we open them ourselves.
    `journal_dir`: folder of records that wait for control, `activator/wakes` in FP_DATA by default; `internal_host` and
    `internal_port`: where control takes them. Without folder and port, wakes are counted in the metrics and not recorded.
    `door_host`, `door_port`: where Traefik is, `port` of this machine by default.
    """

    activator_port: int
    checkin_port: int
    node_port: int
    internal_token: str
    cluster_kind: str = "local"
    bind: str = "127.0.0.1"
    hold_seconds: float = 25.0
    page_after_seconds: float = 1.0
    room_size: int = 1000
    rooms_size: int = 10_000
    client_room_size: int = 1000
    client_wakes_per_minute: int = 300
    trusted_proxies: tuple[Network, ...] = ()
    idle_seconds_per_minute: float = 60.0
    ack_seconds: float = 1.0
    stale_seconds: float = 2.0
    slow_seconds: float = 10.0
    grace_seconds: float = 30.0
    drain_seconds: float = 10.0
    data_plane: str = "plugin"
    routes_dir: str = ""
    activator_fd: int = 0
    checkin_fd: int = 0
    static_agents: tuple[str, ...] = _list(STATIC_AGENTS)
    static_paths: tuple[str, ...] = _list(STATIC_PATHS)
    domain: str = names.DEFAULT_DOMAIN
    port: int = names.DEFAULT_PORT
    journal_dir: str = ""
    internal_port: int = 0
    internal_host: str = "127.0.0.1"
    door_host: str = "127.0.0.1"
    door_port: int = 0
    settle_seconds: float = 0.0


_VARIABLES = {
    "activator_port": names.ENV_ACTIVATOR_PORT,
    "checkin_port": names.ENV_CHECKIN_PORT,
    "node_port": names.ENV_NODE_PORT,
    "internal_token": names.ENV_INTERNAL_TOKEN,
    "trusted_proxies": names.ENV_TRUSTED_PROXIES,
    "domain": names.ENV_DOMAIN,
    "port": names.ENV_PORT,
    "internal_port": names.ENV_INTERNAL_PORT,
    "internal_host": names.ENV_INTERNAL_HOST,
    "door_host": names.ENV_DOOR_HOST,
    "door_port": names.ENV_DOOR_PORT,
    "cluster_kind": names.ENV_CLUSTER_KIND,
}
_LISTS: dict[str, Callable[[tuple[str, ...]], Any]] = {
    "trusted_proxies": networks,
    "static_agents": lambda parts: tuple(map(str.lower, parts)),
    "static_paths": tuple,
}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings out of environment variables; a list may be empty. Raises SettingsError that names every problem."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    kind = environment.get(names.ENV_CLUSTER_KIND, "")
    try:
        is_local = read_kind(kind) == "local"
    except ValueError as error:
        problems.append(f"{names.ENV_CLUSTER_KIND} {error}, not {kind!r}")
        is_local = True
    for field in msgspec.structs.fields(Settings):
        variable = _VARIABLES.get(field.name, f"FP_{field.name.upper()}")
        text = environment.get(variable)
        if text is None or (not text and field.name not in _LISTS):
            if field.name == "node_port" and not is_local:
                values["node_port"] = 0
            elif field.required:
                problems.append(f"{variable} is not set")
            continue
        try:
            values[field.name] = _value(field.name, text, field.type)
        except ValueError as error:
            problems.append(f"{variable} {error}, not {text!r}")
    if values.get("data_plane", "plugin") not in ("plugin", "routes"):
        problems.append(f"{names.ENV_DATA_PLANE} must be plugin or routes, not {values['data_plane']!r}")
    if is_local and values.get("data_plane") == "routes" and not values.get("routes_dir"):
        problems.append("FP_ROUTES_DIR is not set, and the data plane `routes` needs it")
    if data := environment.get(names.ENV_DATA, ""):
        values.setdefault("journal_dir", str(Path(data) / "activator" / "wakes"))
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def _value(field: str, text: str, kind: Any) -> Any:
    if field in _LISTS:
        return _LISTS[field](_list(text))
    if kind is str:
        return text
    try:
        number = float(text) if kind is float else int(text)
    except ValueError:
        raise ValueError("must be a number") from None
    if field.endswith("port") and not 0 < number < 65536:
        raise ValueError("must be a port from 1 to 65535")
    if not 0 < number <= MOST:
        raise ValueError(f"must be above 0 and at most {MOST}")
    return number
