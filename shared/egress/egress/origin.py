"""Origins and IP literals in their one canonical spelling."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from contracts.origin import host_of
from egress.domain_name import a_labels
from egress.errors import EgressError
from egress.uri import agree, split_url

LOCALHOST: Final = "localhost"


def canonical_literal(host: str) -> str | None:
    """The canonical text of an IP literal, brackets kept; None when the host is a name."""
    try:
        address = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    bracketed = host.startswith("[")
    if isinstance(address, IPv6Address):
        return f"[{address}]" if bracketed else None
    return None if bracketed else str(address)


def allowing_entry(origin: str) -> str:
    """What an operator adds to the allowed origins for this one."""
    host = host_of(origin)
    needs_no_address = host == LOCALHOST or canonical_literal(host) is not None
    return origin if needs_no_address else f"{origin}=ADDRESS"


def exact_origin(text: str) -> str | None:
    """The canonical spelling of an origin that an operator wrote; None when it is no origin."""
    try:
        split = split_url(text)
        host = canonical_literal(split.written_host) or a_labels(split.written_host)
        agree(split, host, text)
    except EgressError:
        return None
    if split.path or split.query is not None or split.fragment is not None:
        return None
    return f"{split.scheme}://{host}:{split.port}"
