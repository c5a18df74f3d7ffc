"""H21-H31, H33, H34: which addresses may be dialled."""

import json
import random
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import refusal
from egress.address import embedded_ipv4
from egress.special_purpose import IPV4_BLOCKS, IPV6_BLOCKS, REGISTRY_DATE

ROWS = json.loads((Path(__file__).parent / "hostile/addresses.json").read_text())["rows"]

BLOCKS = [*IPV4_BLOCKS, *IPV6_BLOCKS]
EDGES = [
    ip_address(int(edge) + step)
    for block in BLOCKS
    for edge, step in ((block[0], 0), (block[-1], 0), (block[0], -1), (block[-1], 1))
    if 0 <= int(edge) + step < 2**block.max_prefixlen and (block.version == 4 or edge.packed)
]


@pytest.mark.parametrize(
    ("address", "expected"), [pytest.param(a, e, id=f"{i}-{a}") for i, a, e in ROWS]
)
def test_an_address_is_classified_at_the_edge(address, expected):
    assert refusal(ip_address(address)) == expected


def test_the_table_is_dated():
    assert REGISTRY_DATE >= "2025-10-09"


def slowly_refused(address) -> bool:
    """An oracle that shares no code with the classifier: binary strings and one flat list."""
    bits = format(int(address), "032b" if address.version == 4 else "0128b")

    def inside(*blocks):
        for block in map(ip_network, blocks):
            prefix = format(int(block.network_address), f"0{block.max_prefixlen}b")
            if block.version == address.version and bits.startswith(prefix[: block.prefixlen]):
                return True
        return False

    if address.version == 4:
        return inside(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
            "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        )  # fmt: skip
    if bits.startswith(format(0x64FF9B, "032b") + "0" * 64):
        return slowly_refused(IPv4Address(int(bits[96:], 2)))
    if bits[64:96] in (format(0x5EFE, "032b"), format(0x2005EFE, "032b")) and slowly_refused(
        IPv4Address(int(bits[96:], 2))
    ):
        return True
    return not bits.startswith("001") or inside(
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"
    )


@pytest.mark.parametrize("address", EDGES, ids=str)
def test_the_oracle_agrees_at_every_edge_of_every_block(address):
    assert (refusal(address) is not None) == slowly_refused(address)


@given(st.ip_addresses(v=4))
def test_the_oracle_agrees_on_any_ipv4_address(address):
    assert (refusal(address) is not None) == slowly_refused(address)


@given(st.ip_addresses(v=6))
def test_the_oracle_agrees_on_any_ipv6_address(address):
    assert (refusal(address) is not None) == slowly_refused(address)


DISGUISES = {
    "mapped": lambda v4: (0xFFFF << 32) | v4,
    "compatible": lambda v4: v4,
    "translated": lambda v4: (0xFFFF << 48) | v4,
    "nat64": lambda v4: (0x64FF9B << 96) | v4,
    "nat64_local_96": lambda v4: (0x64FF9B0001 << 80) | v4,
    "nat64_local_48": lambda v4: (0x64FF9B0001 << 80) | (v4 >> 16 << 64) | ((v4 & 0xFFFF) << 40),
    "nat64_local_56": lambda v4: (0x64FF9B0001 << 80) | (v4 >> 24 << 64) | ((v4 & 0xFFFFFF) << 32),
    "nat64_local_64": lambda v4: (0x64FF9B0001 << 80) | (v4 << 24),
    "6to4": lambda v4: (0x2002 << 112) | (v4 << 80) | 1,
    "teredo_server": lambda v4: (0x20010000 << 96) | (v4 << 64) | (~0x08080808 & 0xFFFFFFFF),
    "teredo_client": lambda v4: (0x20010000 << 96) | (0x08080808 << 64) | (~v4 & 0xFFFFFFFF),
    "isatap": lambda v4: (0x26064700 << 96) | (0x5EFE << 32) | v4,
    "isatap_universal": lambda v4: (0x26064700 << 96) | (0x2005EFE << 32) | v4,
}


@pytest.mark.parametrize("disguise", DISGUISES)
@given(inner=st.ip_addresses(v=4))
def test_no_disguise_helps_a_refused_ipv4_address(disguise, inner):
    outer = IPv6Address(DISGUISES[disguise](int(inner)))

    assert inner in set(embedded_ipv4(outer))
    if refusal(inner) is not None:
        assert refusal(outer) is not None


@pytest.mark.parametrize("disguise", DISGUISES)
def test_metadata_is_called_metadata_in_every_disguise(disguise):
    outer = IPv6Address(DISGUISES[disguise](int(IPv4Address("169.254.169.254"))))

    assert refusal(outer) == "metadata"


def test_most_of_the_public_internet_may_be_dialled():
    """A guard that refuses everything would pass every other test here."""
    chosen = random.Random(1).choices(range(1 << 24, 223 << 24), k=2000)

    dialled = sum(refusal(IPv4Address(address)) is None for address in chosen)

    assert dialled > 1900
