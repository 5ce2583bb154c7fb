"""Ids: short, lower-case, random; safe in a URL, a DNS label and a file name without escaping.

Sixteen characters of a 32-letter alphabet are 80 bits: no two are ever made alike, and none can be guessed. The letters
that are read wrong (i, l, o, u) are left out.
"""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 16


def new_id(length: int = ID_LENGTH) -> str:
    """A fresh id. It starts with a letter, so that it is also a valid DNS label and Kubernetes name."""
    first = secrets.choice(ALPHABET[10:])
    return first + "".join(secrets.choice(ALPHABET) for _ in range(length - 1))


def is_id(text: str) -> bool:
    """Whether `text` could be an id made here; it says nothing of whether it is in use."""
    return len(text) == ID_LENGTH and text[0] in ALPHABET[10:] and all(letter in ALPHABET for letter in text)
