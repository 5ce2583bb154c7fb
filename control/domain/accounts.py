"""Accounts: users, their sessions and their named tokens.

A token is shown once, to its owner; what is stored is its SHA-256, so a stolen database opens no door. The token is
random and long, so a plain hash is enough (passwords are another matter: argon2id, in `control.api`). A log-in and a
named token are one kind of record, so a request costs one look whichever it shows; they differ in `kind` and `scope`.

An account that is deleted loses its name, its password and its rights at once, in one update. Its document stays for a
while, nameless, so that whatever was being made for it at that moment is found and removed too.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from control.domain.errors import Invalid
from fp.api.accounts import TokenScope

SESSION_DAYS = 30
MIN_PASSWORD_CHARS = 8
MAX_PASSWORD_CHARS = 256
MAX_TOKENS = 100
MAX_TOKEN_DAYS = 3650
TOMBSTONE = timedelta(minutes=15)
"""How long the document of a deleted account stays; no request that began before is still at work then."""
_SHORT_ID = 16
_SCOPES: tuple[TokenScope, ...] = ("read", "deploy", "admin")

SessionKind = Literal["browser", "bearer", "token"]


class User(msgspec.Struct, frozen=True, kw_only=True):
    """An account. `password_hash` is an encoded argon2id string; the first user is admin.

    `last_seen_at` is a whole minute. `deleted_at` is set from the request to delete on; such an account is invisible.
    """

    id: str
    username: str
    password_hash: str
    admin: bool
    created_at: datetime
    last_seen_at: datetime | None = None
    deleted_at: datetime | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A log-in or a named token. `id` is the SHA-256 of the token, in hex; `kind` says where the token travels.

    `name` is a token's name, or what the client of a log-in calls itself. `expires_at` is null for a token without end.
    `used_at` is a whole minute, `used_from` an address.
    """

    id: str
    user: str
    kind: SessionKind
    created_at: datetime
    expires_at: datetime | None
    scope: TokenScope = "admin"
    name: str = ""
    used_at: datetime | None = None
    used_from: str = ""

    @property
    def short_id(self) -> str:
        """What the owner calls it by; of no use to find the token."""
        return self.id[:_SHORT_ID]


def is_short_id(text: str) -> bool:
    """Whether `text` could be a `short_id`."""
    return len(text) == _SHORT_ID and all(letter in "0123456789abcdef" for letter in text)


def new_token() -> str:
    """A fresh token: `fp_` and 256 random bits, URL-safe."""
    return "fp_" + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored in place of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    user: str, kind: Literal["browser", "bearer"], now: datetime, name: str = "", address: str = ""
) -> tuple[str, Session]:
    """A fresh token and the session to store for it; it ends SESSION_DAYS after `now`."""
    token = new_token()
    expires_at = now + timedelta(days=SESSION_DAYS)
    return token, Session(
        id=token_hash(token), user=user, kind=kind, created_at=now, expires_at=expires_at,
        name=name, used_at=whole_minute(now), used_from=address,
    )  # fmt: skip


def make_token(user: str, name: str, scope: TokenScope, expires_days: int | None, now: datetime) -> tuple[str, Session]:
    """A fresh named token and what to store for it. Raises Invalid."""
    name = name.strip()
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise Invalid("name: 1 to 64 characters that can be printed")
    if expires_days is not None and not 1 <= expires_days <= MAX_TOKEN_DAYS:
        raise Invalid(f"expires_days: 1 to {MAX_TOKEN_DAYS}, or null for never")
    token = new_token()
    expires_at = None if expires_days is None else now + timedelta(days=expires_days)
    return token, Session(
        id=token_hash(token), user=user, kind="token", created_at=now, expires_at=expires_at, scope=scope, name=name
    )


def covers(scope: TokenScope, needed: TokenScope) -> bool:
    """Whether a token of that scope may do what needs the other."""
    return _SCOPES.index(scope) >= _SCOPES.index(needed)


def is_stronger(made: Session, maker: Session) -> bool:
    """Whether a token may more than the one that makes it, or may it longer. A log-in may make any."""
    if not covers(maker.scope, made.scope):
        return True
    if maker.kind != "token" or maker.expires_at is None:
        return False
    return made.expires_at is None or made.expires_at > maker.expires_at


def whole_minute(moment: datetime) -> datetime:
    """The moment cut to its minute: when something was used is noted that exactly, and at most that often."""
    return moment.replace(second=0, microsecond=0)


def check_password(username: str, password: str) -> None:
    """Raises Invalid when the account may not have this password."""
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise Invalid(f"a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")
    if password.casefold() == username.casefold():
        raise Invalid("a password is something else than the username")
