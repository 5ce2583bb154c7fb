"""Apps, drafts, settings and templates on the wire."""

from datetime import datetime
from typing import Literal

import msgspec

from fp.api.problems import Finding

AppStatus = Literal["draft", "deploying", "running", "sleeping", "waking", "error", "paused"]
TemplateCategory = Literal["api", "page", "automation", "realtime", "other"]
TemplateKind = Literal["built_in", "platform", "user"]


class AppCreate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps. Without `name` a free one is made; without `template` the app starts as one small file."""

    name: str | None = None
    template: str | None = None


class AppPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/apps/{id}. A new name is a new address; the old one answers no more."""

    name: str


class AppClone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps/{id}/clone. Without `name` a free one is made."""

    name: str | None = None


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


class AppImported(msgspec.Struct, frozen=True):
    """Answer of POST /api/apps/import. `skipped`: files of the archive that an app cannot have, such as pictures."""

    app: App
    skipped: list[str]


class DeletedApp(msgspec.Struct, frozen=True):
    """A deleted app that can be had back until `purge_at`."""

    id: str
    name: str
    owner: str
    version: int | None
    deleted_at: datetime
    purge_at: datetime


class DeletedAppPage(msgspec.Struct, frozen=True):
    items: list[DeletedApp]
    next: str | None = None


class AppUndelete(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/trash/{id}/restore. `name`: another one, where the old one is taken by now."""

    name: str | None = None


class Sharing(msgspec.Struct, frozen=True):
    """What chats show of the app's address, null for what is not told. `picture`: an http(s) address, or a path of the app."""

    title: str | None = None
    description: str | None = None
    picture: str | None = None


class SharingPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only what is given changes; null or an empty text takes one away."""

    title: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    picture: str | msgspec.UnsetType | None = msgspec.UNSET


class AppSettingsPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/apps/{id}/settings: only what is given changes.

    `idle_minutes` 0 means never sleep. `database`: id or name of one of the owner's. `env` and `secrets`: those named are set,
    null takes one away, the others stay. `memory_mb`, `cpus`: of one instance, null for the platform's default. `sharing`: title,
    description and picture that chats show, null for none of them. Idle minutes and database count at once, the others from the
    next deploy on.
    """

    idle_minutes: int | msgspec.UnsetType = msgspec.UNSET
    database: str | msgspec.UnsetType = msgspec.UNSET
    env: dict[str, str | None] | msgspec.UnsetType = msgspec.UNSET
    secrets: dict[str, str | None] | msgspec.UnsetType = msgspec.UNSET
    memory_mb: int | msgspec.UnsetType | None = msgspec.UNSET
    cpus: float | msgspec.UnsetType | None = msgspec.UNSET
    sharing: SharingPatch | msgspec.UnsetType | None = msgspec.UNSET


class AppSettings(msgspec.Struct, frozen=True):
    """`idle_minutes`: 1 or more, 0 means never. `database`: name of the bound database, null before first use.

    `secrets`: their names; nothing shows their values again. `memory_mb`, `cpus`: null for the platform's default, which
    `default_memory_mb` and `default_cpus` tell. `undeployed`: what differs from the live version (`env.DEBUG`, `cpus`, ...).
    """

    idle_minutes: int
    database: str | None
    env: dict[str, str]
    secrets: list[str]
    memory_mb: int | None
    cpus: float | None
    default_memory_mb: int
    default_cpus: float
    undeployed: list[str]
    sharing: Sharing = Sharing()


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
    """Body of POST /api/validate. `load`: also import the code once, in a process of its own."""

    files: dict[str, str]
    entrypoint: str = "app.py"
    load: bool = False


class ValidateApp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/apps/{id}/validate. `files` and `entrypoint`: instead of the draft's.

    `load`: also import the code once, in a process of its own, with the app's variables and secrets.
    """

    files: dict[str, str] | None = None
    entrypoint: str | None = None
    load: bool = False


class Validation(msgspec.Struct, frozen=True):
    """`ok` is true when a deploy would pass validation. `framework`: fastapi, fasthtml, starlette, litestar or asgi.

    `loaded`: whether the code could be imported and has an app, null where nobody asked. False with a `reason`: it is not
    known, and the reason says why; false without: `findings` say what went wrong.
    """

    ok: bool
    framework: str | None
    findings: list[Finding]
    loaded: bool | None = None
    reason: str | None = None


class ExampleRequest(msgspec.Struct, frozen=True):
    """A request to try an app with: a template's work right after the first deploy, an app's own are those that were saved.

    `body` is text, or base64 where `body_encoding` says so.
    """

    method: str = "GET"
    path: str = "/"
    body: str | None = None
    name: str = ""
    headers: dict[str, str] = {}
    body_encoding: Literal["utf-8", "base64"] = "utf-8"


class ExampleInput(ExampleRequest, frozen=True, forbid_unknown_fields=True):
    """An ExampleRequest as it is sent to us."""


class Template(msgspec.Struct, frozen=True):
    """A working app to start from. `icon` is a lucide icon's name; `examples[0]` is the prefilled request.

    `kind`: `built_in` came with the platform, `platform` was added by an administrator, `user` belongs to `owner` (a username).
    `shared`: everybody sees it. `hidden`: only administrators do. `changed`: a built-in one that an administrator changed.
    `needs_database`: it uses `PLATFORM_MONGO_URI`. Lists leave out the files of those that are not built in.
    """

    id: str
    name: str
    description: str
    icon: str
    framework: str
    entrypoint: str
    files: dict[str, str]
    examples: list[ExampleRequest] = []
    category: TemplateCategory = "other"
    tags: list[str] = []
    needs_database: bool = False
    kind: TemplateKind = "built_in"
    owner: str | None = None
    shared: bool = True
    hidden: bool = False
    changed: bool = False


class TemplatePage(msgspec.Struct, frozen=True):
    items: list[Template]
    next: str | None = None
