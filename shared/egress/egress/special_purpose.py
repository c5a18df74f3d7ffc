"""Which blocks of addresses nobody may be sent to: the IANA registries, compiled in.

Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries as last updated 2025-10-09, the
multicast registries, and the metadata addresses that cloud vendors document. Stricter than the
registries in three places, on purpose: the anycast and overlay exceptions inside 192.0.0.0/24 and
2001::/23 stay refused, 6to4 stays refused whatever it embeds (RFC 7526 retired it), and so does
every IPv6 address outside 2000::/3, the only block from which unicast addresses are assigned.
"""

from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Final

REGISTRY_DATE: Final = "2025-10-09"


class AddressClass(StrEnum):
    """Why an address is refused; for logs and metrics, never for the caller of an API."""

    METADATA = "metadata"
    UNSPECIFIED = "unspecified"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    SHARED = "shared"
    LINK_LOCAL = "link_local"
    MULTICAST = "multicast"
    BROADCAST = "broadcast"
    DOCUMENTATION = "documentation"
    BENCHMARKING = "benchmarking"
    TRANSITION = "transition"
    RESERVED = "reserved"
    DENIED = "denied"
    """Refused by the operator's own `denied_networks` or `own_hosts`."""


_C = AddressClass

IPV4_BLOCKS: Final[dict[IPv4Network, AddressClass]] = {
    IPv4Network(block): kind
    for block, kind in {
        "0.0.0.0/8": _C.UNSPECIFIED,  # RFC 791, "this network"
        "10.0.0.0/8": _C.PRIVATE,  # RFC 1918
        "100.64.0.0/10": _C.SHARED,  # RFC 6598
        "127.0.0.0/8": _C.LOOPBACK,  # RFC 1122
        "169.254.0.0/16": _C.LINK_LOCAL,  # RFC 3927
        "172.16.0.0/12": _C.PRIVATE,  # RFC 1918
        "192.0.0.0/24": _C.RESERVED,  # RFC 6890, IETF protocol assignments
        "192.0.2.0/24": _C.DOCUMENTATION,  # RFC 5737
        "192.31.196.0/24": _C.RESERVED,  # RFC 7535, AS112: a sink, no API lives there
        "192.52.193.0/24": _C.TRANSITION,  # RFC 7450, AMT relays
        "192.88.99.0/24": _C.TRANSITION,  # RFC 7526, retired 6to4 relay anycast
        "192.168.0.0/16": _C.PRIVATE,  # RFC 1918
        "192.175.48.0/24": _C.RESERVED,  # RFC 7534, AS112
        "198.18.0.0/15": _C.BENCHMARKING,  # RFC 2544
        "198.51.100.0/24": _C.DOCUMENTATION,  # RFC 5737
        "203.0.113.0/24": _C.DOCUMENTATION,  # RFC 5737
        "224.0.0.0/4": _C.MULTICAST,  # RFC 5771
        "240.0.0.0/4": _C.RESERVED,  # RFC 1112
        "255.255.255.255/32": _C.BROADCAST,  # RFC 8190
        # Metadata and host agents of clouds; some of these are public addresses.
        "100.100.100.200/32": _C.METADATA,  # Alibaba Cloud
        "168.63.129.16/32": _C.METADATA,  # Azure host agent
        "169.254.0.23/32": _C.METADATA,  # Tencent Cloud
        "169.254.42.42/32": _C.METADATA,  # Scaleway
        "169.254.169.0/24": _C.METADATA,  # AWS, Azure, GCP, Oracle, DigitalOcean, OpenStack
        "169.254.170.2/32": _C.METADATA,  # AWS ECS task credentials
        "169.254.170.23/32": _C.METADATA,  # AWS EKS pod identity
        "192.0.0.192/32": _C.METADATA,  # Oracle Cloud
    }.items()
}

IPV6_BLOCKS: Final[dict[IPv6Network, AddressClass]] = {
    IPv6Network(block): kind
    for block, kind in {
        "::/0": _C.RESERVED,  # all that IANA has not opened for unicast (RFC 4291, 2.4)
        "::/128": _C.UNSPECIFIED,
        "::1/128": _C.LOOPBACK,
        "::/96": _C.TRANSITION,  # IPv4-compatible, RFC 4291 2.5.5.1
        "::ffff:0:0/96": _C.TRANSITION,  # IPv4-mapped, RFC 4291 2.5.5.2
        "::ffff:0:0:0/96": _C.TRANSITION,  # IPv4-translated, RFC 2765
        "64:ff9b:1::/48": _C.TRANSITION,  # local-use NAT64, RFC 8215
        "100::/64": _C.RESERVED,  # discard-only, RFC 6666
        "100:0:0:1::/64": _C.RESERVED,  # dummy prefix, RFC 9780
        "2001::/23": _C.RESERVED,  # IETF protocol assignments, RFC 2928
        "2001::/32": _C.TRANSITION,  # Teredo, RFC 4380
        "2001:2::/48": _C.BENCHMARKING,  # RFC 5180
        "2001:db8::/32": _C.DOCUMENTATION,  # RFC 3849
        "2002::/16": _C.TRANSITION,  # 6to4, RFC 3056
        "2620:4f:8000::/48": _C.RESERVED,  # AS112, RFC 7534
        "3fff::/20": _C.DOCUMENTATION,  # RFC 9637
        "5f00::/16": _C.RESERVED,  # SRv6 SIDs, RFC 9602
        "fc00::/7": _C.PRIVATE,  # RFC 4193
        "fe80::/10": _C.LINK_LOCAL,  # RFC 4291
        "fec0::/10": _C.PRIVATE,  # site-local, RFC 3879
        "ff00::/8": _C.MULTICAST,  # RFC 4291
        "fd00:ec2::/32": _C.METADATA,  # AWS: instance metadata, EKS pod identity, DNS
        "fd20:ce::254/128": _C.METADATA,  # Google Cloud
    }.items()
}

IPV6_OPEN: Final = (
    IPv6Network("2000::/3"),  # global unicast, RFC 4291
    IPv6Network("64:ff9b::/96"),  # well-known NAT64, RFC 6052: the embedded address decides
)
"""Blocks of which the longest match is no refusal, unless `IPV6_BLOCKS` holds a longer one."""
