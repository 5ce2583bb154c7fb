"""What a runner is told through its environment, read once when it starts.

The names are those of docs/protocols.md. They are taken out of the environment while they are read: a user's code finds
its own variables there, and not the ticket with which the platform knows this instance.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """One or more settings are missing or wrong; the message names all of them, one a line."""


@dataclass(frozen=True)
class Settings:
    """Settings of one runner.

    `ticket`: proof of who we are, to the activator and from it. `instance`: our id. `checkin`: the activator's host and
    port. `spool`: folder for records, made when missing. `start_seconds`: process start to ready, null leaves it to the
    bundle. `grace_seconds`: SIGTERM to the end, null leaves it to the bundle. `bind`: address to listen on; `port`: 0 for
    any. `service`: descriptor of a listening socket that is the app's and not only this instance's, null for none.
    `trusted`: addresses whose X-Forwarded-* headers are believed, comma separated. `echo`: also write what the app
    prints to our own standard output.
    """

    ticket: str
    instance: str
    checkin: tuple[str, int]
    spool: Path
    start_seconds: float | None = None
    grace_seconds: float | None = None
    bind: str = "127.0.0.1"
    port: int = 0
    service: int | None = None
    trusted: str = "127.0.0.1,::1"
    echo: bool = False


def host_port(text: str) -> tuple[str, int]:
    """`host:port` in two; ValueError when it is not that."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("must be host:port")
    return host.strip("[]"), int(port)


def seconds(text: str) -> float:
    """A positive number of seconds; ValueError otherwise."""
    value = float(text)
    if not 0 < value < 86_400:
        raise ValueError("must be a number of seconds above 0")
    return value


def flag(text: str) -> bool:
    """Anything but nothing and `0` means yes."""
    return text not in {"", "0"}


READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "FP_TICKET": ("ticket", str),
    "FP_INSTANCE": ("instance", str),
    "FP_CHECKIN": ("checkin", host_port),
    "FP_SPOOL": ("spool", Path),
    "FP_START_SECONDS": ("start_seconds", seconds),
    "FP_GRACE_SECONDS": ("grace_seconds", seconds),
    "FP_BIND": ("bind", str),
    "FP_LISTEN_PORT": ("port", int),
    "FP_SERVICE_FD": ("service", int),
    "FP_TRUSTED_PROXIES": ("trusted", str),
    "FP_ECHO": ("echo", flag),
}
REQUIRED = ("FP_TICKET", "FP_INSTANCE", "FP_CHECKIN", "FP_SPOOL")


def take(environ: MutableMapping[str, str]) -> Settings:
    """Read the settings and remove them from `environ`. Raises SettingsError with everything that is wrong."""
    problems = [f"{name} is missing" for name in REQUIRED if not environ.get(name)]
    values: dict[str, object] = {}
    for name, (field, read) in READERS.items():
        text = environ.pop(name, "")
        if not text:
            continue
        try:
            values[field] = read(text)
        except ValueError as error:
            problems.append(f"{name}: {error}")
    for name in [name for name in environ if name.startswith("FP_")]:
        del environ[name]
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)  # type: ignore[arg-type]  # READERS pairs each field with a reader of its type
