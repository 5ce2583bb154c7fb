"""Settings of control's two processes: one frozen struct, read once from the environment, every error told at once.

The supervisor hands the ports and the credentials over; `fp.names` has the variables' names. Nothing here is read
again later: a process that needs other settings is started again.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from cluster.base import Limits
from cluster.opening import ClusterKind, read_kind
from control.store.secrets import read_key
from fp import names

LOOPBACK = "127.0.0.1"

T = TypeVar("T", int, float)


class SettingsError(Exception):
    """Some variables are missing or wrong; `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What control needs to know. Ports are TCP ports on `bind`, of others at their host.

    mongo_uri          MongoDB with the platform's credentials
    secret_key         32 bytes that encrypt stored secrets
    internal_token     the credential of every internal call
    control_port       the public listener (API, web page)
    internal_port      the listener for ingest
    activator_port     the activator's HTTP listener, at activator_host
    cluster_kind       what runs the apps: `local` or `kubernetes`
    node_port          the local node
    bind               the address on which control listens
    door_host          where Traefik is, for requests of our own; door_port: its port there
    health_port        where the worker says that it lives, 0 for nowhere
    metrics_port       where the api tells its figures without a credential, 0 for nowhere
    port               the one door's port, as people type it
    domain             the platform's host name
    apps_domain        an app's host name is `<name>.<apps_domain>`
    web_dir            the built web page, null: only the API is served
    runner_python      the interpreter that apps run in, null where it is not on this machine
    packages_file      the list of the packages apps have, where there is no interpreter to ask
    limits             what one app may use, and how long it may take to start
    """

    mongo_uri: str
    secret_key: bytes
    internal_token: str
    control_port: int
    internal_port: int
    activator_port: int
    node_port: int
    cluster_kind: ClusterKind = "local"
    bind: str = LOOPBACK
    activator_host: str = LOOPBACK
    door_host: str = LOOPBACK
    door_port: int = 0
    health_port: int = 0
    metrics_port: int = 0
    port: int = names.DEFAULT_PORT
    domain: str = names.DEFAULT_DOMAIN
    apps_domain: str = names.DEFAULT_DOMAIN
    web_dir: Path | None = None
    runner_python: Path | None = None
    packages_file: Path | None = None
    limits: Limits = Limits()


def from_environ(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; raises SettingsError with all that is wrong."""
    reader = _Reader(environ)
    kind = reader.kind(names.ENV_CLUSTER_KIND)
    domain = reader.text(names.ENV_DOMAIN, names.DEFAULT_DOMAIN).lower()
    settings = Settings(
        mongo_uri=reader.mongo_uri(names.ENV_MONGO_URI),
        secret_key=reader.key(names.ENV_SECRET_KEY),
        internal_token=reader.text(names.ENV_INTERNAL_TOKEN),
        control_port=reader.port(names.ENV_CONTROL_PORT),
        internal_port=reader.port(names.ENV_INTERNAL_PORT),
        activator_port=reader.port(names.ENV_ACTIVATOR_PORT),
        node_port=reader.port(names.ENV_NODE_PORT) if kind == "local" else 0,
        cluster_kind=kind,
        bind=reader.text(names.ENV_BIND, LOOPBACK),
        activator_host=reader.text(names.ENV_ACTIVATOR_HOST, LOOPBACK),
        door_host=reader.text(names.ENV_DOOR_HOST, LOOPBACK),
        door_port=reader.number(names.ENV_DOOR_PORT, 0, low=0, high=65535),
        health_port=reader.number(names.ENV_HEALTH_PORT, 0, low=0, high=65535),
        metrics_port=reader.number(names.ENV_METRICS_PORT, 0, low=0, high=65535),
        port=reader.port(names.ENV_PORT, names.DEFAULT_PORT),
        domain=domain,
        apps_domain=reader.text(names.ENV_APPS_DOMAIN, domain).lower(),
        web_dir=reader.path(names.ENV_WEB_DIR),
        runner_python=reader.path(names.ENV_RUNNER_PYTHON) if kind == "local" else None,
        packages_file=reader.path(names.ENV_PACKAGES_FILE),
        limits=Limits(
            memory_mb=reader.number(names.ENV_APP_MEMORY_MB, 512, low=32, high=1 << 20),
            cpus=reader.number(names.ENV_APP_CPUS, 1.0, low=0.05, high=1024.0),
            processes=reader.number(names.ENV_APP_PROCESSES, 128, low=8, high=1 << 20),
            start_seconds=reader.number(names.ENV_START_SECONDS, 20.0, low=0.5, high=600.0),
        ),
    )
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


class _Reader:
    """Reads variables one by one and remembers what was wrong; what it answers then is only a placeholder."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environ.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is not set")
        return default or ""

    def path(self, name: str) -> Path | None:
        """Not resolved: a virtual environment's python is a link, and the link's place tells it its packages."""
        text = self.text(name, "")
        return Path(text) if text else None

    def port(self, name: str, default: int | None = None) -> int:
        return self.number(name, default, low=1, high=65535)

    def number(self, name: str, default: T | None, *, low: T, high: T) -> T:
        text = self.text(name, None if default is None else str(default))
        if not text:
            return low
        try:
            value = type(low)(text)
        except ValueError:
            self.problems.append(f"{name} is {text!r}, which is no number")
            return low
        if not low <= value <= high:
            self.problems.append(f"{name} is {value}, it must be from {low} to {high}")
        return value

    def kind(self, name: str) -> ClusterKind:
        try:
            return read_kind(self.text(name, ""))
        except ValueError as error:
            self.problems.append(f"{name} {error}")
            return "local"

    def mongo_uri(self, name: str) -> str:
        uri = self.text(name)
        if uri and not uri.startswith(("mongodb://", "mongodb+srv://")):
            self.problems.append(f"{name} must start with mongodb:// or mongodb+srv://")
        return uri

    def key(self, name: str) -> bytes:
        text = self.text(name)
        if not text:
            return b""
        try:
            return read_key(text)
        except ValueError:
            self.problems.append(f"{name} must be 32 bytes in URL-safe base64")
            return b""
