"""Databases of users: their names, and the record that says which exist.

A user's database and the MongoDB user that may use it share one name, `u_<username>_<short id>`: readable in a shell,
unique even when a deleted account's name is taken again. The password is stored encrypted only.
"""

from datetime import datetime

import msgspec

from control.domain.errors import Invalid
from control.domain.ids import new_id

MAX_DATABASES = 10
"""How many a user may make; the default one is made on first use even beyond them."""
MAX_LABEL_CHARS = 60
_SHORT_ID = 8


class Sealed(msgspec.Struct, frozen=True):
    """An AES-GCM ciphertext. `key` says which secret key it needs, so that keys can be rotated."""

    key: str
    nonce: bytes
    box: bytes


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """A database of the user `owner`. `default`: the one made on first use. `ready`: its MongoDB user exists.

    `label` is what its owner calls it. `deleting` is set before anything of it is dropped: no app may be bound to it any
    more, and a deletion that was cut short is finished by the worker, or at once by deleting it again.
    """

    id: str
    owner: str
    name: str
    password: Sealed
    created_at: datetime
    default: bool = True
    ready: bool = False
    label: str = ""
    deleting: bool = False

    @property
    def owner_name(self) -> str:
        """The username that its name was made of."""
        return self.name.removeprefix("u_")[: -_SHORT_ID - 1]


def database_name(username: str) -> str:
    """A fresh name for a database of that user; at most 44 bytes, MongoDB allows 63."""
    return f"u_{username}_{new_id(_SHORT_ID)}"


def check_label(label: str) -> str:
    """The label without spaces around it, when a database may have it; raises Invalid."""
    label = label.strip()
    if len(label) > MAX_LABEL_CHARS or not (label.isprintable() and _is_text(label)):
        raise Invalid(f"label: at most {MAX_LABEL_CHARS} characters on one line")
    return label


def _is_text(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
