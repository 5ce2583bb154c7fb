"""Log in by device (RFC 8628): a program without a browser is let in by somebody who has one.

Two codes belong to one request. The device code is a secret of the program's, stored as its SHA-256; the user code is
short, to be read and typed by a person: eight consonants, so that it spells nothing, good for ten minutes and once.
"""

import secrets
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from control.domain.accounts import token_hash

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LETTERS = 8
LIFE = timedelta(minutes=10)
POLL_SECONDS = 2
SLOWER_SECONDS = 5
"""How much longer the pause becomes for a program that asks too often."""


class DeviceLogin(msgspec.Struct, frozen=True, kw_only=True):
    """One request to be let in. `id` is the SHA-256 of the device code; `interval`: seconds between two polls.

    `by` is the id of the session that approved: it must still be there when the program is let in.
    """

    id: str
    user_code: str
    client: str
    address: str
    created_at: datetime
    expires_at: datetime
    interval: int = POLL_SECONDS
    polled_at: datetime | None = None
    status: Literal["pending", "approved", "denied", "claimed"] = "pending"
    user: str | None = None
    by: str | None = None


def start_login(client: str, address: str, now: datetime) -> tuple[str, DeviceLogin]:
    """A fresh device code and the request to store for it."""
    code = secrets.token_urlsafe(32)
    return code, DeviceLogin(
        id=token_hash(code), user_code=new_user_code(), client=client, address=address,
        created_at=now, expires_at=now + LIFE,
    )  # fmt: skip


def new_user_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))


def shown(user_code: str) -> str:
    """The code as people read it: `BCDF-GHJK`."""
    return f"{user_code[:4]}-{user_code[4:]}"


def read_user_code(text: str) -> str | None:
    """The code in what somebody typed, in any case and with or without the dash; null when it is none."""
    code = text.upper().replace("-", "").replace(" ", "")
    return code if len(code) == CODE_LETTERS and all(letter in LETTERS for letter in code) else None
