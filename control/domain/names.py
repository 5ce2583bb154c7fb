"""Names that people choose: of apps (a DNS label, because it becomes a host name) and of accounts.

A free app name is two words and a number, `quiet-river-42`: easy to say on the phone, and 90,000 of them before luck
is needed. Whether a name is taken only the store can say.
"""

import re
import secrets

from control.domain.errors import Invalid
from fp.names import APP_NAME, RESERVED_APP_NAMES

USERNAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")

_ADJECTIVES = (
    "amber", "bold", "brave", "bright", "calm", "clear", "cosy", "crisp", "eager", "early", "fair", "fresh", "gentle",
    "glad", "golden", "green", "happy", "kind", "lively", "lucky", "merry", "mild", "neat", "noble", "patient", "proud",
    "quick", "quiet", "rapid", "silver", "sunny", "swift", "tidy", "warm", "wise", "young",
)  # fmt: skip
_NOUNS = (
    "beach", "bird", "brook", "cloud", "coast", "dawn", "field", "forest", "garden", "grove", "harbor", "hill",
    "island", "lake", "leaf", "meadow", "moon", "oak", "orchard", "pine", "pond", "rain", "reef", "river", "shore",
    "sky", "snow", "spring", "star", "stone",
)  # fmt: skip


def check_app_name(name: str) -> str:
    """The name itself when it may be an app's; raises Invalid that says which rule it breaks."""
    if not APP_NAME.fullmatch(name):
        raise Invalid(
            "an app's name is 1 to 40 characters of a-z, 0-9 and -, starts with a letter and does not end with -"
        )
    if name in RESERVED_APP_NAMES:
        raise Invalid(f"the name {name!r} is reserved for the platform")
    return name


def check_username(username: str) -> str:
    """The username itself when an account may have it; raises Invalid."""
    if not USERNAME.fullmatch(username):
        raise Invalid("a username is 2 to 32 characters of a-z, 0-9, - and _, and starts with a letter or digit")
    return username


def free_name() -> str:
    """A random app name, valid and probably free; the caller tries another one when it is taken."""
    return f"{secrets.choice(_ADJECTIVES)}-{secrets.choice(_NOUNS)}-{secrets.randbelow(90) + 10}"
