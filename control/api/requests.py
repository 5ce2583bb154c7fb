"""Reading a request: its body, strictly. Where it came from is in `peers.py`, and can be had from here too.

Litestar would decode JSON loosely ("5" for 5) and tell a fault without its place. `ApiRequest` decodes the bytes straight
into the struct the handler names: what is no JSON is `bad_request`, what has another shape is `invalid` and says where.
"""

from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State

from control.api.peers import client_address, is_https
from control.api.problems import ApiError
from control.api.security import Caller

__all__ = ["ApiRequest", "client_address", "decode_body", "is_https"]

_PLACE = " - at `$"


class ApiRequest(Request[Caller, str, State]):
    """A request whose body is decoded as the type of its handler's `data`."""

    async def json(self) -> Any:
        """The body as that type. Raises ApiError `bad_request` or `invalid`."""
        field = self.route_handler.parsed_data_field
        decoded = decode_body(await self.body(), field.annotation if field else Any)
        # The audit log reads the names of its fields.
        self.scope["fp_body"] = decoded  # type: ignore[typeddict-unknown-key]
        return decoded


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
