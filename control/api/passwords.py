"""Passwords: argon2id, in a thread, at most two at a time.

19 MiB and two passes are the smallest parameters that OWASP's password storage cheat sheet calls sound; larger ones
would let a handful of log-ins at once push a small machine out of memory. A name nobody has costs the same hashing as
a wrong password, so the time an answer takes says nothing of which accounts exist.
"""

import asyncio
import ctypes
import sys

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from control.domain.accounts import MAX_PASSWORD_CHARS, check_password

_AT_ONCE = 2
_M_MMAP_THRESHOLD = -3


class Passwords:
    """Hashes and verifies; one instance a process, because it limits how many run at once."""

    def __init__(self) -> None:
        _return_large_blocks()
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, username: str, password: str) -> str:
        """The encoded hash to store for the account. Raises Invalid when it may not have this password."""
        check_password(username, password)
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether `password` made `stored`; null stands for an account that does not exist and takes as long."""
        if self._nobody is None:
            self._nobody = await asyncio.to_thread(self._hasher.hash, "nobody has this password")
        async with self._turn:
            right = await asyncio.to_thread(self._verify, stored or self._nobody, password[: MAX_PASSWORD_CHARS + 1])
        return right and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _return_large_blocks() -> None:
    """Has glibc give blocks of 1 MB and more back when they are freed.

    Left alone it learns from the first hash to keep such blocks, and each thread that ever hashed holds on to 19 MiB.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, 1024 * 1024)
