"""Split a URL as RFC 3986 says, and as the WHATWG says, and believe it only if both agree.

Most ways around an egress check are URLs that the checker and the dialler read differently, so
whatever two independent parsers do not read alike is refused.
"""

import re
from dataclasses import dataclass
from typing import Final

import ada_url

from egress.errors import UrlAmbiguous, UrlInvalid

MAX_URL_BYTES: Final = 2048
DEFAULT_PORTS: Final = {"https": 443, "http": 80}

_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
# RFC 3986 appendix A for the ASCII parts; the square brackets and the bar, which browsers send
# bare in queries, are accepted after the host.
_PATH_CHARACTER: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/\[\]|]|%[0-9A-Fa-f]{2})"
_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://"
    r"(?P<authority>[^/?#]*)"
    rf"(?P<path>(?:/{_PATH_CHARACTER}*)?)"
    rf"(?:\?(?P<query>(?:{_PATH_CHARACTER}|\?)*))?"
    rf"(?:#(?P<fragment>(?:{_PATH_CHARACTER}|\?)*))?"
)
_AUTHORITY: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@%]+)(?::(?P<port>[1-9][0-9]{0,4}))?"
)
_REQUEST_TARGET: Final = re.compile(r"/[!-\"$-~]*")


@dataclass(frozen=True, slots=True)
class SplitUrl:
    """The parts as they were written, save scheme (lower case) and port (made explicit)."""

    scheme: str
    written_host: str
    port: int
    path: str
    query: str | None
    fragment: str | None

    @property
    def path_and_query(self) -> str:
        path = self.path or "/"
        return path if self.query is None else f"{path}?{self.query}"


def split_url(url: str) -> SplitUrl:
    """The strict reading, without opinion on the host; see `agree` for the second reading."""
    _check_text(url)
    found = _URL.fullmatch(url)
    if found is None:
        raise UrlInvalid("This is not an absolute URL as RFC 3986 defines it.")
    authority = found["authority"]
    if "@" in authority:
        raise UrlInvalid("A URL to call must not hold a user or a password.")
    if "%" in authority:
        raise UrlInvalid("The host of a URL must not be percent-encoded.")
    parts = _AUTHORITY.fullmatch(authority)
    scheme = found["scheme"].lower()
    if parts is None:
        raise UrlInvalid("The URL's host or port is not valid.")
    port = int(parts["port"]) if parts["port"] else DEFAULT_PORTS.get(scheme, 0)
    if port > 0xFFFF:  # noqa: PLR2004 - the largest port
        raise UrlInvalid("The URL's host or port is not valid.")
    return SplitUrl(scheme, parts["host"], port, found["path"], found["query"], found["fragment"])


def agree(split: SplitUrl, host: str, url: str) -> None:
    """Refuse unless the WHATWG parser finds this scheme, canonical host and port, and no user."""
    try:
        other = ada_url.URL(url)
    except ValueError:
        raise UrlAmbiguous("Two URL parsers disagree about this URL.") from None
    port = int(other.port) if other.port else DEFAULT_PORTS.get(split.scheme, 0)
    ours = (split.scheme + ":", host, split.port, "", "")
    if ours != (
        other.protocol,
        other.hostname.removesuffix("."),
        port,
        other.username,
        other.password,
    ):
        raise UrlAmbiguous("Two URL parsers disagree about this URL.")


def is_request_target(path_and_query: str) -> bool:
    """Whether this may follow the method as it is (RFC 9112 3.2.1): visible ASCII, no fragment."""
    return _REQUEST_TARGET.fullmatch(path_and_query) is not None


def _check_text(url: str) -> None:
    if len(url) > MAX_URL_BYTES or len(url.encode("utf-8", "surrogatepass")) > MAX_URL_BYTES:
        raise UrlInvalid(f"The URL is longer than {MAX_URL_BYTES} bytes.")
    if _FORBIDDEN.search(url):
        raise UrlInvalid("The URL holds a space, a control character or a backslash.")
