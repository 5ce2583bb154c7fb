"""Secrets at rest: AES-GCM with the platform's key, bound to what they belong to.

Each box carries the id of the key that closed it, so that a second key can be added and old boxes still open. The
`purpose` (such as `database:<id>`) is authenticated with it: a box copied into another document does not open there.
"""

import base64
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from control.domain.databases import Sealed
from control.domain.errors import SecretUnreadable

NONCE_BYTES = 12
KEY_BYTES = 32


class SecretBox:
    """Closes with the first key, whose id is `current`; opens with any of them. Keys are 32 bytes."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self.current = key_id(keys[0])

    def seal(self, text: str, purpose: str) -> Sealed:
        nonce = os.urandom(NONCE_BYTES)
        box = self._ciphers[self.current].encrypt(nonce, text.encode(), purpose.encode())
        return Sealed(key=self.current, nonce=nonce, box=box)

    def open(self, sealed: Sealed, purpose: str) -> str:
        """Raises SecretUnreadable when no key fits, or it was closed for another purpose."""
        cipher = self._ciphers.get(sealed.key)
        if cipher is None:
            raise SecretUnreadable(f"a stored secret needs the key {sealed.key}; FP_SECRET_KEY is another one")
        try:
            return cipher.decrypt(sealed.nonce, sealed.box, purpose.encode()).decode()
        except InvalidTag as error:
            raise SecretUnreadable("a stored secret was changed or belongs elsewhere") from error


def read_key(text: str) -> bytes:
    """The key in `FP_SECRET_KEY`: URL-safe base64, with or without its padding. Raises ValueError when it is no 32 bytes."""
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(key) != KEY_BYTES:
        raise ValueError(f"{len(key)} bytes")
    return key


def key_id(key: bytes) -> str:
    """Names a key without telling it: 8 hex digits."""
    return hashlib.sha256(b"fp key id\0" + key).hexdigest()[:8]
