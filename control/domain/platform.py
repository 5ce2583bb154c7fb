"""Settings of the whole platform that an administrator changes while it runs; kept in MongoDB, unlike a process's own."""

import re

import msgspec

from control.domain.config import MIN_CPUS, MIN_MEMORY_MB
from control.domain.errors import Invalid
from fp.names import DEFAULT_IDLE_MINUTES, KEPT_VERSIONS
from fp.validation.patterns import PATTERNS

_BOUNDS = {
    "default_idle_minutes": (0, 7 * 24 * 60),
    "versions_kept": (1, KEPT_VERSIONS),
    "requests_days": (1, 90),
    "logs_days": (1, 30),
    "wakes_days": (1, 365),
    "events_days": (1, 365),
    "audit_days": (30, 3650),
}
_MAX_IMPORTS = 1000
_IMPORT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_DAY = 24 * 3600
_PATTERNS = frozenset(pattern.name for pattern in PATTERNS)


class PlatformSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`signup_open`: whether anyone may make an account; the very first one always may. `allowed_imports`: the packages, by
    their import names, that apps may use beside the standard library, null: all that are installed. `blocked_patterns_off`:
    names of patterns that validation does not look for. `max_memory_mb`, `max_cpus`: what an app may be given at most, null:
    what every app has by default. `default_idle_minutes`: of new apps, 0 means never sleep. `versions_kept`: of each app,
    beside the live one. `_days`: how long records stay. `revision` counts the changes.
    """

    signup_open: bool = True
    allowed_imports: list[str] | None = None
    blocked_patterns_off: list[str] = []
    max_memory_mb: int | None = None
    max_cpus: float | None = None
    default_idle_minutes: int = DEFAULT_IDLE_MINUTES
    versions_kept: int = KEPT_VERSIONS
    requests_days: int = 7
    logs_days: int = 3
    wakes_days: int = 30
    events_days: int = 30
    audit_days: int = 365
    revision: int = 0

    def kept_seconds(self) -> dict[str, int]:
        """How long the documents of each collection of records stay."""
        days = {
            "requests": self.requests_days,
            "logs": self.logs_days,
            "wakes": self.wakes_days,
            "events": self.events_days,
            "audit": self.audit_days,
        }
        return {collection: number * _DAY for collection, number in days.items()}


def check_settings(settings: PlatformSettings) -> PlatformSettings:
    """The settings themselves when they make sense. Raises Invalid that names the field."""
    for name, (low, high) in _BOUNDS.items():
        if not low <= getattr(settings, name) <= high:
            raise Invalid(f"{name}: {low} to {high}")
    if unknown := sorted(set(settings.blocked_patterns_off) - _PATTERNS):
        raise Invalid(
            f"blocked_patterns_off: there is no pattern {unknown[0][:100]!r}; there are {', '.join(sorted(_PATTERNS))}"
        )
    if settings.max_memory_mb is not None and not MIN_MEMORY_MB <= settings.max_memory_mb <= 1 << 20:
        raise Invalid(f"max_memory_mb: {MIN_MEMORY_MB} to {1 << 20}")
    if settings.max_cpus is not None and not MIN_CPUS <= settings.max_cpus <= 1024:
        raise Invalid(f"max_cpus: {MIN_CPUS:g} to 1024")
    imports = settings.allowed_imports or []
    if len(imports) > _MAX_IMPORTS:
        raise Invalid(f"allowed_imports: at most {_MAX_IMPORTS} names")
    for name in imports:
        if not _IMPORT_NAME.fullmatch(name):
            raise Invalid(f"allowed_imports: {name[:100]!r} is no name of a top-level package")
    return settings
