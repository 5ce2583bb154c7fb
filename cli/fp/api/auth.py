"""Accounts on the wire."""

from datetime import datetime

import msgspec

from fp.api.accounts import TokenScope


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of sign up and log in. `username`: 2 to 32 of a-z, 0-9, - and _; `password`: 8 to 256 characters."""

    username: str
    password: str


class User(msgspec.Struct, frozen=True):
    """An account as its owner sees it. `scope`: what the named token may that asks, null without one."""

    id: str
    username: str
    admin: bool
    created_at: datetime
    scope: TokenScope | None = None


class Session(msgspec.Struct, frozen=True):
    """Answer of sign up (201) and log in (200). `token` goes into `Authorization: Bearer`; browsers also get cookies."""

    token: str
    user: User


class SystemInfo(msgspec.Struct, frozen=True):
    """What a page must know before anyone is logged in. `apps_url` has `{name}` where an app's name goes."""

    version: str
    signup_open: bool
    has_users: bool
    apps_url: str


class Readiness(msgspec.Struct, frozen=True):
    """Body of GET /api/ready: 200 when a deploy would work, else 503; `checks` says of each part `ok` or what is wrong."""

    ready: bool
    checks: dict[str, str]
