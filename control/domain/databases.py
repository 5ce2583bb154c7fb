"""Databases of users: their names, and the record that says which exist.

A user's database and the MongoDB user that may use it share one name, `u_<username>_<short id>`: readable in a shell,
unique even when a deleted account's name is taken again. The password is stored encrypted only.
"""

from datetime import datetime

import msgspec

from control.domain.ids import new_id


class Sealed(msgspec.Struct, frozen=True):
    """An AES-GCM ciphertext. `key` says which secret key it needs, so that keys can be rotated."""

    key: str
    nonce: bytes
    box: bytes


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """A database of the user `owner`. `default`: the one made on first use. `ready`: its MongoDB user exists."""

    id: str
    owner: str
    name: str
    password: Sealed
    created_at: datetime
    default: bool = True
    ready: bool = False


def database_name(username: str) -> str:
    """A fresh name for a database of that user; at most 44 bytes, MongoDB allows 63."""
    return f"u_{username}_{new_id(8)}"
