"""What a version takes along beside its code: environment variables, secrets, limits, what chats show of it.

An app's config is what its next version will have; a version's never changes, so going back to a version goes back to all
of it. Secrets are sealed here and opened only where an app is started; nothing else ever shows them again.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from control.domain.databases import Sealed
from control.domain.errors import Invalid, TooLarge
from control.domain.sharing import Sharing, told

MAX_VARIABLES = 64
MAX_VALUE_BYTES = 4096
MIN_MEMORY_MB = 32
MIN_CPUS = 0.05
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_OURS = ("FP_", "PLATFORM_")

T = TypeVar("T")


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """`env` and `secrets` by variable name. `memory_mb` and `cpus` of one instance; null: the platform's default.

    A field that is added must be known to `Apps.set_config`, because documents of before do not have it.
    """

    env: dict[str, str] = {}
    secrets: dict[str, Sealed] = {}
    memory_mb: int | None = None
    cpus: float | None = None
    sharing: Sharing = Sharing()


def check_variables(given: Mapping[str, str | None], where: str) -> None:
    """Raises Invalid or TooLarge that name the variable which breaks a rule. `where`: `env` or `secrets`."""
    for name, value in given.items():
        place = f"{where}.{name[:60]}"
        if not _NAME.fullmatch(name):
            raise Invalid(f"{place}: a variable's name is letters, digits and _, and does not start with a digit.")
        if name.startswith(_OURS):
            raise Invalid(f"{place}: names that start with FP_ or PLATFORM_ are the platform's own.")
        if value is not None and "\0" in value:
            raise Invalid(f"{place}: a value cannot have a NUL character in it.")
        if value is not None and len(value.encode("utf-8", "surrogatepass")) > MAX_VALUE_BYTES:
            raise TooLarge(f"{place}: a value has at most {MAX_VALUE_BYTES} bytes.")


def merged(old: Mapping[str, T], given: Mapping[str, T | None]) -> dict[str, T]:
    """`old` with what is given; null takes a name away."""
    both = {**old, **given}
    return {name: value for name, value in both.items() if value is not None}


def check_config(config: Config) -> None:
    """Raises Invalid when a variable is there twice, TooLarge when there are too many of them."""
    if twice := sorted(config.env.keys() & config.secrets.keys()):
        raise Invalid(f"{twice[0]} is both a variable and a secret; remove one of them first.")
    if len(config.env) + len(config.secrets) > MAX_VARIABLES:
        raise TooLarge(f"an app has at most {MAX_VARIABLES} variables and secrets.")


def changed_settings(config: Config, deployed: Config) -> list[str]:
    """The settings in which the two differ, such as `env.DEBUG`, `secrets.KEY`, `memory_mb`; sorted."""
    names = [f"env.{name}" for name in _differ(config.env, deployed.env)]
    names += [f"secrets.{name}" for name in _differ(config.secrets, deployed.secrets)]
    names += [name for name in ("memory_mb", "cpus") if getattr(config, name) != getattr(deployed, name)]
    names += [f"sharing.{name}" for name in _differ(told(config.sharing), told(deployed.sharing))]
    return sorted(names)


def _differ(one: Mapping[str, T], other: Mapping[str, T]) -> list[str]:
    return [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
