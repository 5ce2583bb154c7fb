"""A request that somebody wants sent to an app, now or again and again: what may be typed, before anything is sent or kept.

The rules are those of HTTP's own grammar, so nothing that passed can split a request, and a few of ours: methods and headers that
only the sender itself may use are refused by name.
"""

import binascii
import re
from collections.abc import Iterator, Sequence

import msgspec

from control.domain.errors import Invalid, TooLarge
from fp.api.apps import ExampleRequest
from fp.api.see import TestRequest
from fp.curl import body_bytes
from fp.names import HEADER_PREFIX, HEADER_REQUEST_ID

MAX_BODY_BYTES = 1024 * 1024
MAX_HEADERS = 50
MAX_SAVED = 50
MAX_SAVED_BYTES = 64 * 1024
MAX_NAME_CHARS = 80
_MAX_PATH_CHARS = 8192
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8192}")
_BAD_PATH = re.compile(r"[\x00-\x1f\x7f]")
_NOT_YOURS = frozenset(
    {
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade", HEADER_REQUEST_ID.lower(),
    }
)  # fmt: skip
_NO_METHODS = frozenset({"CONNECT", "TRACE"})


def checked_body(wanted: TestRequest) -> bytes | None:
    """The body of a request that may be sent. Raises Invalid that names what may not, TooLarge on a body over 1 MB."""
    method = wanted.method.upper()
    if not _TOKEN.fullmatch(method) or method in _NO_METHODS:
        raise Invalid("method: not a method that can be sent.")
    if not wanted.path.startswith("/") or len(wanted.path) > _MAX_PATH_CHARS or _BAD_PATH.search(wanted.path):
        raise Invalid("path: starts with / and has no control characters.")
    _check_headers(wanted.headers)
    try:
        body = body_bytes(wanted)
    except (binascii.Error, ValueError):
        raise Invalid("body: body_encoding says base64, and it is not.") from None
    if body is not None and len(body) > MAX_BODY_BYTES:
        raise TooLarge("body: at most 1 MB.")
    return body


def _check_headers(headers: dict[str, str]) -> None:
    if len(headers) > MAX_HEADERS:
        raise Invalid(f"headers: at most {MAX_HEADERS}.")
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise Invalid(f"headers.{name[:64]}: not a header that can be sent.")
        if name.lower() in _NOT_YOURS or name.lower().startswith(HEADER_PREFIX.lower()):
            raise Invalid(f"headers.{name}: the platform sets this header itself.")


def encoded_examples(examples: Sequence[ExampleRequest]) -> bytes:
    """Requests that may be kept, as JSON. Raises Invalid that names the first that may not."""
    if len(examples) > MAX_SAVED:
        raise Invalid(f"examples: at most {MAX_SAVED}.")
    for place, example in enumerate(examples):
        if len(example.name) > MAX_NAME_CHARS or not example.name.isprintable():
            raise Invalid(f"examples[{place}].name: at most {MAX_NAME_CHARS} characters, on one line.")
        try:
            checked_body(as_request(example))
        except Invalid as error:
            raise Invalid(f"examples[{place}].{error.message}") from None
        if len(msgspec.json.encode(example)) > MAX_SAVED_BYTES:
            raise Invalid(f"examples[{place}]: at most {MAX_SAVED_BYTES // 1024} KB.")
    return msgspec.json.encode(examples)


def decoded_examples(examples: bytes) -> list[ExampleRequest]:
    """What `encoded_examples` made."""
    return msgspec.json.decode(examples, type=list[ExampleRequest])


def check_names(examples: Sequence[ExampleRequest]) -> None:
    """Raises Invalid when one has no name, or two have the same: an app's saved requests are chosen by it."""
    seen: set[str] = set()
    for place, example in enumerate(examples):
        if not example.name.strip():
            raise Invalid(f"items[{place}].name: it needs one.")
        if example.name in seen:
            raise Invalid(f"items[{place}].name: {example.name!r} is there twice.")
        seen.add(example.name)


def named_examples(examples: Sequence[ExampleRequest]) -> list[ExampleRequest]:
    """The same, each with a name that no other has: its own, or its method and path, with a number where that was taken."""
    named: dict[str, ExampleRequest] = {}
    for example in examples:
        wanted = (example.name.strip() or f"{example.method} {example.path}")[: MAX_NAME_CHARS - 4]
        name = next(name for name in _numbered(wanted) if name not in named)
        named[name] = msgspec.structs.replace(example, name=name)
    return list(named.values())


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {number}" for number in range(2, MAX_SAVED + 2))


def as_request(example: ExampleRequest) -> TestRequest:
    """The request that the test panel sends for it."""
    return TestRequest(example.method, example.path, example.headers, example.body, example.body_encoding)
