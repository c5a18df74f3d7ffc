"""Classify an address: a pure function from an IP address to the reason not to dial it.

`ipaddress.is_global` is never asked: Python 3.11 calls NAT64, 6to4, IPv4-compatible, site-local
and multicast addresses global.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Any, Final

from egress.special_purpose import IPV4_BLOCKS, IPV6_BLOCKS, IPV6_OPEN, AddressClass

Address = IPv4Address | IPv6Address
_Rows = tuple[tuple[int, int, AddressClass | None], ...]


def _longest_first(blocks: Mapping[Any, AddressClass | None]) -> _Rows:
    """(netmask, network, class) as integers, so that the first hit is the longest prefix."""
    ordered = sorted(blocks.items(), key=lambda row: row[0].prefixlen, reverse=True)
    return tuple((int(block.netmask), int(block.network_address), kind) for block, kind in ordered)


_IPV4: Final = _longest_first(IPV4_BLOCKS)
_IPV6: Final = _longest_first({**IPV6_BLOCKS, **dict.fromkeys(IPV6_OPEN)})

_LOW_32: Final = 0xFFFF_FFFF
_V4_IN_LAST_32: Final = tuple(
    IPv6Network(block) for block in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)
_SIX_TO_FOUR: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_NAT64_LOCAL: Final = IPv6Network("64:ff9b:1::/48")
_ISATAP_MARKS: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})  # RFC 5214 6.1


@lru_cache(maxsize=4096)
def refusal(address: Address) -> AddressClass | None:
    """Why this address must not be dialled; None when it is plain public internet.

    An address that embeds IPv4 is refused for what it embeds before it is for its own block, so
    that a metadata address is called that in every disguise.
    """
    if isinstance(address, IPv4Address):
        return _match(int(address), _IPV4)
    reasons = [reason for inner in embedded_ipv4(address) if (reason := _match(int(inner), _IPV4))]
    if AddressClass.METADATA in reasons:
        return AddressClass.METADATA
    own = _match(int(address), _IPV6)
    if own in (AddressClass.UNSPECIFIED, AddressClass.LOOPBACK):
        return own
    return reasons[0] if reasons else own


def embedded_ipv4(address: IPv6Address) -> Iterator[IPv4Address]:
    """Every IPv4 address that some translator or tunnel would read out of this IPv6 address."""
    bits = int(address)
    if any(address in block for block in _V4_IN_LAST_32) or (
        (bits >> 32) & _LOW_32 in _ISATAP_MARKS
    ):
        yield IPv4Address(bits & _LOW_32)
    if address in _SIX_TO_FOUR:
        yield IPv4Address((bits >> 80) & _LOW_32)
    if address in _TEREDO:  # RFC 4380 section 4: server in clear, client inverted
        yield IPv4Address((bits >> 64) & _LOW_32)
        yield IPv4Address(~bits & _LOW_32)
    if address in _NAT64_LOCAL:
        yield from _rfc6052_readings(bits)


def _rfc6052_readings(bits: int) -> Iterator[IPv4Address]:
    """RFC 6052 2.2: the prefix may be 48, 56, 64 or 96 bits long; octet 8 is skipped over."""
    octets = bits.to_bytes(16, "big")
    without_octet_8 = octets[:8] + octets[9:]
    for start in (6, 7, 8):
        yield IPv4Address(without_octet_8[start : start + 4])
    yield IPv4Address(octets[12:])


def _match(bits: int, rows: _Rows) -> AddressClass | None:
    for mask, network, kind in rows:
        if bits & mask == network:
            return kind
    return None
