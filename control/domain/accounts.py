"""Accounts: users and their sessions.

A session's token is shown once, to its owner; what is stored is its SHA-256, so a stolen database opens no door. The
token is random and long, so a plain hash is enough (passwords are another matter: argon2id, in `control.api`).
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

import msgspec

SESSION_DAYS = 30


class User(msgspec.Struct, frozen=True, kw_only=True):
    """An account. `password_hash` is an encoded argon2id string; the first user is admin."""

    id: str
    username: str
    password_hash: str
    admin: bool
    created_at: datetime


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One log-in. `id` is the SHA-256 of the token, in hex; `kind` says where the token travels."""

    id: str
    user: str
    kind: Literal["browser", "bearer"]
    created_at: datetime
    expires_at: datetime


def new_token() -> str:
    """A fresh token: `fp_` and 256 random bits, URL-safe."""
    return "fp_" + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored in place of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(user: str, kind: Literal["browser", "bearer"], now: datetime) -> tuple[str, Session]:
    """A fresh token and the session to store for it; it ends SESSION_DAYS after `now`."""
    token = new_token()
    expires_at = now + timedelta(days=SESSION_DAYS)
    return token, Session(id=token_hash(token), user=user, kind=kind, created_at=now, expires_at=expires_at)
