"""Reading a request: its body, strictly, and where it came from.

Litestar would decode JSON loosely ("5" for 5) and tell a fault without its place. `ApiRequest` decodes the bytes straight
into the struct the handler names: what is no JSON is `bad_request`, what has another shape is `invalid` and says where.
"""

import ipaddress
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from control.api.problems import ApiError
from control.api.security import Caller

_PLACE = " - at `$"


class ApiRequest(Request[Caller, str, State]):
    """A request whose body is decoded as the type of its handler's `data`."""

    async def json(self) -> Any:
        """The body as that type. Raises ApiError `bad_request` or `invalid`."""
        field = self.route_handler.parsed_data_field
        return decode_body(await self.body(), field.annotation if field else Any)


def decode_body(raw: bytes, kind: Any) -> Any:
    """`raw` as JSON of the type `kind`. Raises ApiError."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise ApiError("invalid", _with_place(str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError("bad_request", f"The body is no JSON: {error}") from error
    except RecursionError as error:
        raise ApiError("bad_request", "The body is nested too deeply.") from error


def _with_place(message: str) -> str:
    """msgspec's "<fault> - at `$.a.b`" turned round to "a.b: <fault>"."""
    fault, found, place = message.partition(_PLACE)
    return f"{place.rstrip('`').lstrip('.')}: {fault}" if found else fault


def client_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The address of whoever asks. Traefik, on this machine, is believed about it; nobody else is."""
    peer = connection.client.host if connection.client else ""
    forwarded = connection.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if _is_loopback(peer) and _is_address(forwarded) else peer


def _is_loopback(text: str) -> bool:
    return _is_address(text) and ipaddress.ip_address(text).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_https(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the visitor's connection to the front door is encrypted, as the front door says."""
    return connection.headers.get("x-forwarded-proto", "").lower() == "https"
