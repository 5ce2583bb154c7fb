"""Where a request came from, as far as it can be believed.

The front door, on this machine, is believed about the visitor's address; nobody else is.
"""

import ipaddress
from typing import Any

from litestar.connection import ASGIConnection


def client_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The address of whoever asks. Traefik, on this machine, is believed about it; nobody else is."""
    peer = connection.client.host if connection.client else ""
    forwarded = connection.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if _is_loopback(peer) and _is_address(forwarded) else peer


def is_https(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the visitor's connection to the front door is encrypted, as the front door says."""
    return connection.headers.get("x-forwarded-proto", "").lower() == "https"


def _is_loopback(text: str) -> bool:
    return _is_address(text) and ipaddress.ip_address(text).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
