"""Which document a reference means (RFC 3986, 5.2), and whether it may be fetched for a bundle."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

_PORTS = {"http": 80, "https": 443}


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
    origin = _origin(url)
    return origin is not None and origin == _origin(other)


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
