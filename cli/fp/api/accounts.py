"""Tokens, sessions, log in by device, and the accounts as an administrator sees them, on the wire."""

from datetime import datetime
from typing import Literal

import msgspec

TokenScope = Literal["read", "deploy", "admin"]
"""What a token may: only look; also change, deploy and operate apps; all that its account may."""
SessionKind = Literal["browser", "bearer"]


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/auth/password. `new`: 8 to 256 characters, and not the username."""

    current: str
    new: str


class AccountDelete(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of DELETE /api/auth/me: the account's password, so that a borrowed browser cannot do it."""

    password: str


class TokenCreate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/auth/tokens. `name`: 1 to 64 characters; `expires_days`: 1 to 3650, null for never."""

    name: str
    scope: TokenScope = "read"
    expires_days: int | None = None


class Token(msgspec.Struct, frozen=True):
    """A named token, without its secret. `last_used_at` is a whole minute, `last_used_from` an address."""

    id: str
    name: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None


class NewToken(msgspec.Struct, frozen=True):
    """Answer of POST /api/auth/tokens. `secret` is what goes into `Authorization: Bearer`; it is shown this once."""

    secret: str
    token: Token


class TokenPage(msgspec.Struct, frozen=True):
    """A page of tokens, newest first."""

    items: list[Token]
    next: str | None = None


class SessionItem(msgspec.Struct, frozen=True):
    """One log-in. `kind`: a browser's, or one of the command line or a script; `current`: the one that asks."""

    id: str
    kind: SessionKind
    client: str
    current: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None


class SessionPage(msgspec.Struct, frozen=True):
    """A page of sessions, newest first."""

    items: list[SessionItem]
    next: str | None = None


class DeviceStart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/auth/device. `client` is what the person who approves reads, at most 80 characters."""

    client: str = ""


class DeviceCode(msgspec.Struct, frozen=True):
    """Answer of POST /api/auth/device, as RFC 8628 has it. `expires_in` and `interval` are seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class DevicePoll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/auth/device/token."""

    device_code: str


class DeviceRequest(msgspec.Struct, frozen=True):
    """Who asks to be let in: what it calls itself, where from, and since when."""

    user_code: str
    client: str
    address: str
    created_at: datetime
    expires_at: datetime


class DeviceDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/auth/device/{user_code}."""

    approve: bool


class AdminUser(msgspec.Struct, frozen=True):
    """An account as an administrator sees it. `apps`: how many it has; `last_seen_at` is a whole minute."""

    id: str
    username: str
    admin: bool
    created_at: datetime
    apps: int
    last_seen_at: datetime | None


class AdminUserPage(msgspec.Struct, frozen=True):
    """A page of accounts, newest first."""

    items: list[AdminUser]
    next: str | None = None


class AdminUserCreate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/admin/users; the same rules as for sign up, also while that is closed."""

    username: str
    password: str
    admin: bool = False


class AdminUserPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/admin/users/{id}; what is left out stays. A new `password` ends the account's sessions."""

    admin: bool | msgspec.UnsetType = msgspec.UNSET
    password: str | msgspec.UnsetType = msgspec.UNSET
