"""Which platforms this person is logged in to, kept in one file that only they can read.

A context has a name, an address and a token. The first of these decides which platform a command talks to: `--host`,
`FP_HOST`, the current context, http://localhost:8080. `FP_TOKEN` wins over a stored token, for CI.
"""

import os
import re
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from fp import names
from fp.errors import FpError, UsageError

DEFAULT_HOST = f"http://{names.DEFAULT_DOMAIN}:{names.DEFAULT_PORT}"


class Context(msgspec.Struct, frozen=True):
    """One platform, and who this person is there."""

    host: str
    token: str
    username: str


class Contexts(msgspec.Struct, frozen=True):
    """All of them by name; `current` is the name of the one that commands use."""

    current: str | None = None
    contexts: dict[str, Context] = {}

    def find(self, host_or_name: str) -> tuple[str, Context] | None:
        """The context with that name or that address."""
        if host_or_name in self.contexts:
            return host_or_name, self.contexts[host_or_name]
        host = normalized(host_or_name)
        return next(((name, found) for name, found in self.contexts.items() if found.host == host), None)

    def with_context(self, name: str, context: Context) -> "Contexts":
        return Contexts(name, {**self.contexts, name: context})

    def without(self, name: str) -> "Contexts":
        rest = {key: value for key, value in self.contexts.items() if key != name}
        return Contexts(None if self.current == name else self.current, rest)


class Target(msgspec.Struct, frozen=True):
    """The platform a command talks to; `token` is None when the person is not logged in there."""

    host: str
    token: str | None


def config_file() -> Path:
    """Where contexts are kept: the platform's usual folder for configuration."""
    from platformdirs import user_config_path

    return user_config_path("fp", appauthor=False) / "contexts.json"


def load(path: Path) -> Contexts:
    """Read the contexts; none where there is no file. Raises FpError for a file that cannot be used."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Contexts)
    except FileNotFoundError:
        return Contexts()
    except (OSError, msgspec.MsgspecError) as error:
        raise FpError(f"{path} cannot be read: {error}", "Remove it and run `fp login` again.") from error


def save(path: Path, contexts: Contexts) -> None:
    """Write the contexts in one step, readable by nobody else."""
    write_private(path, msgspec.json.format(msgspec.json.encode(contexts), indent=2))


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step with one of mode 0600, in a folder of mode 0700 if it has to be made."""
    try:
        path.parent.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError as error:
        raise FpError(f"{path} cannot be written: {error.strerror}") from error


def target(contexts: Contexts, host: str | None, environment: Mapping[str, str]) -> Target:
    """Which platform to talk to and as whom. Raises UsageError for an address that is none."""
    wanted = host or environment.get(names.ENV_HOST) or contexts.current
    found = contexts.find(wanted) if wanted else None
    token = environment.get(names.ENV_TOKEN) or (found[1].token if found else None)
    return Target(found[1].host if found else normalized(wanted or DEFAULT_HOST), token or None)


def normalized(host: str) -> str:
    """An address with scheme and without slash at its end: `localhost:8080` is `http://localhost:8080`.

    Raises UsageError for what is not an address of a platform.
    """
    text = host.strip()
    if "://" not in text:
        local = text.partition(":")[0] in {"localhost", "127.0.0.1"}
        text = f"{'http' if local else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.path.strip("/") or parts.query or parts.fragment or re.search(r"[\s@\\]", text):
        raise UsageError(f"`{host}` is not the address of a platform", "Write it like https://fp.example.org.")
    return f"{parts.scheme}://{parts.netloc}".lower()


def name_for(host: str) -> str:
    """A context's name when none is given: the address without scheme."""
    return host.partition("://")[2]
