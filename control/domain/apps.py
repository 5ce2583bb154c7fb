"""Apps, drafts and versions: what a user edits, and what a deploy made of it.

`App` is the document of what should be: its `live` names the version that the cluster must run. A draft is guarded by
its etag, which is a hash of its content, so saving the same twice is no change. A version never changes once written.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from control.domain.config import Config
from fp.names import DEFAULT_IDLE_MINUTES

UNDO_HOURS = 24
"""How long a deleted app can be had back."""


class Live(msgspec.Struct, frozen=True):
    """The version that should run: its id, its number as users see it, and the number of the deploy that made it live."""

    version: str
    number: int
    deploy: int


class Trouble(msgspec.Struct, frozen=True):
    """Why the reconciler could not make the cluster run the live version; `count` failures in a row, `at` the last one."""

    message: str
    at: datetime
    count: int = 1


class App(msgspec.Struct, frozen=True, kw_only=True):
    """One app. `owner` is a user's id and `owner_name` the username; `database` is a database's id, null before first use.

    `idle_minutes` 0 means never sleep. `config` is what its next version takes along. `deploys` counts the deploys ever asked
    for. `first_live_at`: when a version of it first went live (null also for apps older than this field). `deleted_at` is set
    from the request to delete on: such an app runs no more and is shown only to who may undo it, until `purge_at`, when the
    worker removes all that is left.
    """

    id: str
    owner: str
    owner_name: str
    name: str
    created_at: datetime
    updated_at: datetime
    idle_minutes: int = DEFAULT_IDLE_MINUTES
    config: Config = Config()
    live: Live | None = None
    paused: bool = False
    database: str | None = None
    deploys: int = 0
    trouble: Trouble | None = None
    last_request_at: datetime | None = None
    first_live_at: datetime | None = None
    deleted_at: datetime | None = None
    purge_at: datetime | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The editable files of the app `app`; `files` maps relative paths to text."""

    app: str
    files: dict[str, str]
    entrypoint: str
    etag: str
    updated_at: datetime


class DraftSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A draft without its files, for lists. `count`: how many files it has."""

    app: str
    etag: str
    count: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable snapshot made by the deploy `deploy`. `code_hash` is the etag of the draft it was made of.

    `rollback_of`: the number of the version that it repeats, null for one made of a draft.
    """

    id: str
    app: str
    number: int
    files: dict[str, str]
    entrypoint: str
    code_hash: str
    framework: str | None
    deploy: str
    by: str
    created_at: datetime
    config: Config = Config()
    rollback_of: int | None = None


class VersionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A version without its files, for lists."""

    id: str
    app: str
    number: int
    entrypoint: str
    code_hash: str
    framework: str | None
    deploy: str
    by: str
    created_at: datetime
    config: Config = Config()
    rollback_of: int | None = None


def code_hash(files: Mapping[str, str], entrypoint: str) -> str:
    """A hash of the content: 32 hex digits, equal for equal files whatever their order. Also a draft's etag."""
    content = [entrypoint, sorted(files.items())]
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]


def make_draft(app: str, files: Mapping[str, str], entrypoint: str, now: datetime) -> Draft:
    """The draft with its etag; `files` must have passed `control.domain.files.check_files`."""
    return Draft(app=app, files=dict(files), entrypoint=entrypoint, etag=code_hash(files, entrypoint), updated_at=now)


def changed_paths(draft: Draft, version: Version | None) -> list[str]:
    """The paths whose text differs between the draft and the live version, added and removed ones too, sorted.

    All of the draft's paths without a version. A different entrypoint alone changes no path.
    """
    if version is None:
        return sorted(draft.files)
    paths = draft.files.keys() | version.files.keys()
    return sorted(path for path in paths if draft.files.get(path) != version.files.get(path))
