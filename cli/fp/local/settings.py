"""What a person may set for `fp up`, read once from the environment, every mistake told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Final, cast, get_args

from fp import names
from fp.local.errors import LocalError
from fp.local.traefik import DataPlane

CHECKOUT: Final = Path(__file__).resolve().parents[3]
"""The folder that holds `control/`, `cluster/` and the rest: this file's own checkout."""


@dataclass(frozen=True)
class LocalSettings:
    """`port`: the one fixed port. `bind`: address of the door. `data`: the data folder. Domains are without a port.

    `trusted_proxies`: networks whose word on a visitor's address counts.
    """

    port: int
    bind: str
    data: Path
    domain: str
    apps_domain: str
    mongo_uri: str | None
    data_plane: DataPlane
    trusted_proxies: tuple[str, ...]
    checkout: Path

    @property
    def url(self) -> str:
        return f"http://{self.domain}:{self.port}"


def read_settings(env: Mapping[str, str]) -> LocalSettings:
    """Settings from `env`. Raises LocalError that names every variable that is wrong."""
    wrong: list[str] = []
    port = _port(env.get(names.ENV_PORT, str(names.DEFAULT_PORT)), wrong)
    domain = env.get(names.ENV_DOMAIN, names.DEFAULT_DOMAIN)
    data_plane = env.get(names.ENV_DATA_PLANE, "plugin")
    if data_plane not in get_args(DataPlane):
        wrong.append(
            f"{names.ENV_DATA_PLANE}={data_plane!r}: the data plane is 'plugin' or 'routes' (docs/data-plane.md)"
        )
    trusted = _networks(env.get(names.ENV_TRUSTED_PROXIES, ""), wrong)
    if wrong:
        raise LocalError("\n".join(wrong), "Correct the environment and start again.")
    return LocalSettings(
        port=port,
        bind=env.get("FP_BIND", "127.0.0.1"),
        data=Path(env.get(names.ENV_DATA, str(CHECKOUT / ".fp"))).expanduser().resolve(),
        domain=domain,
        apps_domain=env.get(names.ENV_APPS_DOMAIN, domain),
        mongo_uri=env.get(names.ENV_MONGO_URI) or None,
        data_plane=cast(DataPlane, data_plane),
        trusted_proxies=trusted,
        checkout=CHECKOUT,
    )


def _port(text: str, wrong: list[str]) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    wrong.append(f"{names.ENV_PORT}={text!r}: a port is a number from 1 to 65535")
    return names.DEFAULT_PORT


def _networks(text: str, wrong: list[str]) -> tuple[str, ...]:
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            found.append(str(ip_network(part, strict=False)))
        except ValueError:
            wrong.append(f"{names.ENV_TRUSTED_PROXIES}: {part!r} is neither an address nor a range such as 10.0.0.0/8")
    return tuple(found)
