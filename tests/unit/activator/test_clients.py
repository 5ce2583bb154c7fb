"""A client is who the nearest hop that is not ours was called from; what it says of itself counts for nothing."""

from ipaddress import IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activator.clients import MAX_HOPS, UNKNOWN, client_of, networks

PROXIES = networks(["10.0.0.0/8", "fd00::/8"])
ADDRESSES = st.ip_addresses().map(str)
OUTSIDE = st.ip_addresses().filter(lambda address: not any(address in network for network in PROXIES))
OURS = st.one_of(st.ip_addresses(network="10.0.0.0/8"), st.ip_addresses(network="fd00::/8")).map(str)


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        ("", UNKNOWN),
        ("unknown", UNKNOWN),
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, 10.0.0.1", "203.0.113.7"),
        ("203.0.113.7,10.1.2.3 ,fd00::1", "203.0.113.7"),
        ("203.0.113.7:4711, 10.0.0.1", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, ::ffff:10.0.0.1", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443, 10.0.0.1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("evil, 10.0.0.1", "10.0.0.1"),
        ("10.0.0.2, 10.0.0.1", "10.0.0.2"),
        ("203.0.113.7, , 10.0.0.1", "10.0.0.1"),
        ("203.0.113.7, 10.0.0.1, 198.51.100.1", "198.51.100.1"),
    ],
)
def test_who_a_client_is(forwarded_for: str, client: str) -> None:
    assert client_of(forwarded_for, PROXIES) == client


@given(said=st.text(), address=OUTSIDE, hops=st.lists(OURS, max_size=5))
def test_nothing_that_a_client_says_of_itself_makes_it_another(said: str, address: object, hops: list[str]) -> None:
    honest = client_of(", ".join([str(address), *hops]), PROXIES)
    assert client_of(", ".join([said, str(address), *hops]), PROXIES) == honest


@given(said=st.lists(ADDRESSES, max_size=5), address=ADDRESSES)
def test_without_trusted_proxies_the_last_hop_is_the_client(said: list[str], address: str) -> None:
    assert client_of(", ".join([*said, address]), ()) == client_of(address, ())


@given(a=st.ip_addresses(v=6), b=st.ip_addresses(v=6))
def test_ipv6_clients_are_one_where_their_first_half_is(a: object, b: object) -> None:
    first, second = ip_address(str(a)), ip_address(str(b))
    mapped = any(one.version == 6 and one.ipv4_mapped is not None for one in (first, second))
    same = IPv6Network((int(first), 64), strict=False) == IPv6Network((int(second), 64), strict=False)
    assert mapped or (client_of(str(first), ()) == client_of(str(second), ())) is same


@given(st.text())
def test_any_text_at_all_names_some_client(text: str) -> None:
    assert 0 < len(client_of(text, PROXIES)) < 50


def test_a_list_of_proxies_without_end_is_not_read_to_its_end() -> None:
    hops = [f"10.0.{number // 250}.{number % 250}" for number in range(5000)]
    assert client_of(", ".join(["203.0.113.7", *hops]), PROXIES) == hops[-MAX_HOPS]


def test_what_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"'10\.0\.0\.0/33'"):
        networks(["::1", "10.0.0.0/33"])
