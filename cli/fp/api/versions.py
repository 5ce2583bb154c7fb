"""Versions on the wire: what was deployed, what differs, going back."""

from datetime import datetime
from typing import Literal

import msgspec

from fp.api.apps import Sharing


class AppVersion(msgspec.Struct, frozen=True):
    """One deployed version. `live`: it is the one that runs. `rollback_of`: the number of the version that it repeats."""

    number: int
    live: bool
    by: str
    created_at: datetime
    framework: str | None
    entrypoint: str
    deploy: str
    rollback_of: int | None = None


class AppVersionPage(msgspec.Struct, frozen=True):
    items: list[AppVersion]
    next: str | None = None


class VersionDetail(msgspec.Struct, frozen=True):
    """A version with all that it took along; of its secrets only the names. `memory_mb`, `cpus`: null for the default."""

    version: AppVersion
    files: dict[str, str]
    env: dict[str, str]
    secrets: list[str]
    memory_mb: int | None
    cpus: float | None
    sharing: Sharing = Sharing()


class Rollback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps/{id}/rollback: the number of the version to go back to."""

    version: int


class FileDiff(msgspec.Struct, frozen=True):
    """A file that differs. `added` and `removed` count lines; `diff` is a unified diff, empty for a file with too many lines."""

    path: str
    change: Literal["added", "removed", "changed"]
    added: int
    removed: int
    diff: str


class SettingDiff(msgspec.Struct, frozen=True):
    """A setting that differs, as text; null where it is not set. A secret's values are never told."""

    name: str
    before: str | None
    after: str | None


class Diff(msgspec.Struct, frozen=True):
    """What changes from `before` to `after`, each `draft` or a version's number, null for nothing at all."""

    before: str | None
    after: str
    files: list[FileDiff]
    settings: list[SettingDiff]
    entrypoint: SettingDiff | None = None
