"""Which document a reference means (RFC 3986, 5.2), and whether it may be fetched for a bundle."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from egress.errors import EgressError
from egress.server_url import canonical_origin


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute URL without fragment, and the fragment as it was written."""

    url: str
    fragment: str


def address_of(reference: str, base_url: str) -> Address | None:
    """None for what not every reading of URLs agrees about, such as spaces and backslashes."""
    if reference.startswith("#"):
        return Address(base_url, reference[1:])
    if not reference.isprintable() or " " in reference or "\\" in reference:
        return None
    try:
        return Address(*urldefrag(urljoin(base_url, reference)))
    except ValueError:
        return None


def same_origin(url: str, other: str) -> bool:
    """RFC 6454, 4; a URL with user or password, or of another scheme than http(s), has none."""
    try:
        return canonical_origin(url) == canonical_origin(other)
    except EgressError:
        return False
