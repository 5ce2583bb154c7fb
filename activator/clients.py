"""Who a client is, for limits: the address that the nearest hop which is not ours was called from.

Every proxy adds the address it was called from to the end of X-Forwarded-For, so the list is true only as far back as those who
wrote it are. Read from its end, hops that are proxies we trust are passed over, and the first other one is the client. What
stands before it the client wrote itself, and it counts for nothing. Without trusted proxies the client is whoever called the
door. An IPv6 client is its /64, which is what one household or one machine is given; IPv4 written as IPv6 is IPv4.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

UNKNOWN = "unknown"
"""All whose address nobody told us, together."""
MAX_HOPS = 32
"""More trusted proxies in a row than that nobody has; a list that is longer is nonsense from its middle on."""
_PREFIX = 64


def networks(parts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and ranges (`10.0.0.1`, `10.0.0.0/8`, `fd00::/8`) as networks. Raises ValueError that names the wrong one."""
    found = []
    for part in parts:
        try:
            found.append(ip_network(part, strict=False))
        except ValueError:
            raise ValueError(f"must be addresses or ranges such as 10.0.0.0/8, and {part!r} is neither") from None
    return tuple(found)


def client_of(forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """The client that the value of X-Forwarded-For tells of, as a short text that is equal for equal clients."""
    client: Address | None = None
    for hop in reversed(forwarded_for.rsplit(",", MAX_HOPS)[-MAX_HOPS:]):
        address = _address(hop)
        if address is None:
            break  # whoever wrote that is the last that is known
        client = address
        if not any(address in network for network in trusted):
            break
    if client is None:
        return UNKNOWN
    return str(IPv6Network((client.packed, _PREFIX), strict=False)) if isinstance(client, IPv6Address) else str(client)


def _address(hop: str) -> Address | None:
    """One element of the list, which some proxies give a port."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
