"""Apps, drafts, settings and templates on the wire."""

from datetime import datetime
from typing import Literal

import msgspec

from fp.api.problems import Finding

AppStatus = Literal["draft", "deploying", "running", "sleeping", "waking", "error", "paused"]


class AppCreate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps. Without `name` a free one is made; without `template` the app starts as one small file."""

    name: str | None = None
    template: str | None = None


class App(msgspec.Struct, frozen=True):
    """An app as its owner sees it. `version` is the live version's number, null before the first deploy.

    `draft_differs` counts the draft's files that differ from the live version (all of them before the first deploy).
    """

    id: str
    name: str
    url: str
    status: AppStatus
    owner: str
    version: int | None
    idle_minutes: int | None
    created_at: datetime
    updated_at: datetime
    last_request_at: datetime | None = None
    draft_differs: int = 0


class AppPage(msgspec.Struct, frozen=True):
    items: list[App]
    next: str | None = None


class AppSettingsPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/apps/{id}/settings: only what is given changes. `idle_minutes` 0 means never sleep."""

    idle_minutes: int | msgspec.UnsetType = msgspec.UNSET


class AppSettings(msgspec.Struct, frozen=True):
    """`idle_minutes`: 1 or more, 0 means never. `database`: name of the bound database, null before first use."""

    idle_minutes: int
    database: str | None


class AppState(msgspec.Struct, frozen=True):
    """Answer of status, wake, sleep, pause and resume.

    `failure` says why the last wake or deploy failed, null when it did not; `findings` where, and with which traceback.
    """

    status: AppStatus
    version: int | None
    since: datetime | None = None
    failure: str | None = None
    deploy: str | None = None
    findings: list[Finding] = []


class DraftPut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT draft: all files, path to text; what is not in `files` is removed. `If-Match` guards it."""

    files: dict[str, str]
    entrypoint: str = "app.py"


class Draft(msgspec.Struct, frozen=True):
    """The editable files. `etag` is also in the `ETag` header; `changed` lists the paths that differ from the live version."""

    files: dict[str, str]
    entrypoint: str
    etag: str
    updated_at: datetime
    changed: list[str] = []


class ValidateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    files: dict[str, str]
    entrypoint: str = "app.py"


class Validation(msgspec.Struct, frozen=True):
    """`ok` is true when a deploy would pass validation. `framework`: fastapi, fasthtml, starlette, litestar or asgi."""

    ok: bool
    framework: str | None
    findings: list[Finding]


class ExampleRequest(msgspec.Struct, frozen=True):
    """A request that works right after the first deploy; the test panel starts with it."""

    method: str = "GET"
    path: str = "/"
    body: str | None = None
    name: str = ""


class Template(msgspec.Struct, frozen=True):
    """A working app to start from. `icon` is a lucide icon's name; `examples[0]` is the prefilled request."""

    id: str
    name: str
    description: str
    icon: str
    framework: str
    entrypoint: str
    files: dict[str, str]
    examples: list[ExampleRequest] = []


class TemplatePage(msgspec.Struct, frozen=True):
    items: list[Template]
    next: str | None = None
