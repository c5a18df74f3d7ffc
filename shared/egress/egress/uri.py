"""Split a URL as RFC 3986 says, and as the WHATWG says, and accept it only if both agree.

Most ways around an egress check are URLs that the checker and the dialler read differently, so
whatever two independent parsers do not read alike is refused.
"""

import re
from dataclasses import dataclass
from typing import Final

import ada_url

from egress.errors import PortRefused, SchemeRefused, UrlAmbiguous, UrlInvalid

MAX_URL_BYTES: Final = 2048
_ADDRESS = re.compile(r"[0-9.]+|\[.*\]")
"""Of what a parser made of a host: `2130706433` and `0x7f.1` are addresses to some."""
MAX_PORT: Final = 65_535
DEFAULT_PORTS: Final = {"https": 443, "http": 80}
"""The schemes there are, each with the port that is implied when none is written."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_NOT_WHOLE = (
    "This is no absolute URL, which begins with a scheme and the name of a host, as in "
    "https://api.example.com."
)
# RFC 3986 appendix A; square brackets and the bar, which browsers send bare, are accepted too.
_PATH_CHARACTER: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/\[\]|]|%[0-9A-Fa-f]{2})"
_AFTER_SCHEME: Final = re.compile(
    r"//(?P<authority>[^/?#]*)"
    rf"(?P<path>(?:/{_PATH_CHARACTER}*)?)"
    rf"(?:\?(?P<query>(?:{_PATH_CHARACTER}|\?)*))?"
    rf"(?:#(?P<fragment>(?:{_PATH_CHARACTER}|\?)*))?"
)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?P<port>:.*)?", re.DOTALL)
_PORT: Final = re.compile(r":[1-9][0-9]{0,4}", re.ASCII)
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
    """The strict reading, without an opinion on the host; `agree` adds the second reading."""
    check_text(url)
    scheme = _scheme(url)
    found = _AFTER_SCHEME.fullmatch(url, len(scheme) + 1)
    if found is None:
        raise UrlInvalid(_NOT_WHOLE)
    authority = found["authority"]
    if "@" in authority:
        raise UrlInvalid("A URL to call must not hold a user or a password.")
    if "%" in authority:
        raise UrlInvalid("The host of a URL must not be percent-encoded.")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise UrlInvalid("The URL's host is not valid.")
    port = _port(parts["port"], scheme)
    return SplitUrl(scheme, parts["host"], port, found["path"], found["query"], found["fragment"])


def agree(split: SplitUrl, host: str, url: str) -> None:
    """Refuse unless the WHATWG parser finds this scheme, canonical host and port, and no user."""
    try:
        other = ada_url.URL(url)
    except ValueError:
        raise UrlAmbiguous("Programs read this URL in different ways.") from None
    theirs = (
        other.protocol,
        other.hostname.removesuffix("."),
        int(other.port or DEFAULT_PORTS[split.scheme]),
        other.username,
        other.password,
    )
    if theirs != (split.scheme + ":", host, split.port, "", ""):
        if _ADDRESS.fullmatch(other.hostname):
            hint = "Use the API's public domain name."
            raise UrlAmbiguous("This is an IP address; a domain name is needed.", hint=hint)
        raise UrlAmbiguous("Programs read this URL in different ways.")


def is_request_target(path_and_query: str) -> bool:
    """Whether this may follow the method as it is (RFC 9112 3.2.1): visible ASCII, no fragment."""
    return _REQUEST_TARGET.fullmatch(path_and_query) is not None


def has_scheme(reference: str) -> bool:
    """Whether a URI reference is absolute (RFC 3986 4.3), whatever its scheme."""
    return _SCHEME.match(reference) is not None


def check_text(url: str) -> None:
    """Refuse characters and lengths that no URL has, before any parser sees them."""
    if len(url) > MAX_URL_BYTES or len(url.encode("utf-8", "surrogatepass")) > MAX_URL_BYTES:
        raise UrlInvalid(f"The URL is longer than {MAX_URL_BYTES} bytes.")
    if _FORBIDDEN.search(url):
        raise UrlInvalid("The URL holds a space, a control character or a backslash.")


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    if found is None:
        raise UrlInvalid(_NOT_WHOLE)
    scheme = found[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise SchemeRefused("Only https can be called.")
    return scheme


def _port(written: str | None, scheme: str) -> int:
    if written is None:
        return DEFAULT_PORTS[scheme]
    if _PORT.fullmatch(written) is None or int(written[1:]) > MAX_PORT:
        raise PortRefused("The URL's port is not valid.", hint="Leave the port out to use 443.")
    return int(written[1:])
