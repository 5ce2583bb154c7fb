"""What chats show of an app whose address is shared: a title, a description and a picture, each if it is set."""

import re
from urllib.parse import urlsplit

import msgspec

from control.domain.errors import Invalid

MAX_TITLE = 200
MAX_DESCRIPTION = 500
MAX_PICTURE = 2048
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PICTURE = re.compile(r"[!-~]+")


class Sharing(msgspec.Struct, frozen=True, kw_only=True):
    """`picture`: an http(s) URL, or a path of the app such as `/static/og.png`. Null: not told."""

    title: str | None = None
    description: str | None = None
    picture: str | None = None


def told(sharing: Sharing) -> dict[str, str]:
    """What is set, by name."""
    return {name: value for name, value in msgspec.structs.asdict(sharing).items() if value is not None}


def check_sharing(sharing: Sharing) -> Sharing:
    """The same without spaces around its texts; empty ones are null. Raises Invalid that names the field."""
    return Sharing(
        title=_text("title", sharing.title, MAX_TITLE),
        description=_text("description", sharing.description, MAX_DESCRIPTION),
        picture=_picture(sharing.picture),
    )


def _text(name: str, value: str | None, most: int) -> str | None:
    value = (value or "").strip()
    if len(value) > most:
        raise Invalid(f"sharing.{name}: at most {most} characters.")
    if _CONTROL.search(value):
        raise Invalid(f"sharing.{name}: one line of text, without control characters.")
    return value or None


def _picture(value: str | None) -> str | None:
    value = (value or "").strip()
    if not value:
        return None
    if len(value) > MAX_PICTURE:
        raise Invalid(f"sharing.picture: at most {MAX_PICTURE} characters.")
    # A path of two slashes would be another host's.
    own = value.startswith("/") and not value.startswith(("//", "/\\"))
    if not _PICTURE.fullmatch(value) or not (own or _is_web(value)):
        raise Invalid("sharing.picture: an http or https address, or a path of the app such as /static/og.png.")
    return value


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
