"""What a server URL must look like before anyone may dial it (RFC 3986, section 3)."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\{}<>\"^`|]")
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class ServerUrl:
    scheme: str
    authority: str
    path: str
    """Without a trailing slash."""

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def base(self) -> str:
        return self.origin + self.path.rstrip("/")


@dataclass(frozen=True, slots=True)
class BadUrl:
    """Completes the sentence that begins with the URL."""

    reason: str


def parse_server_url(url: str) -> ServerUrl | BadUrl:
    """Syntax only: whether the host may be called is decided elsewhere."""
    if _FORBIDDEN.search(url):
        return BadUrl("holds a character that no URL may hold")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return BadUrl("is no URL")
    reason = _refusal(parts.scheme, host, url)
    if reason or not host:
        return BadUrl(reason or "names no host")
    shown_host = f"[{host}]" if ":" in host else host
    standard = port is None or port == _DEFAULT_PORTS[parts.scheme]
    authority = shown_host if standard else f"{shown_host}:{port}"
    return ServerUrl(parts.scheme, authority, parts.path)


def _refusal(scheme: str, host: str | None, url: str) -> str | None:
    parts = urlsplit(url)
    if scheme not in _DEFAULT_PORTS:
        return "is neither https nor http"
    if not host:
        return "names no host"
    if "@" in parts.netloc:
        return "holds a user name"
    if parts.query or "?" in url:
        return "holds a query"
    return "holds a fragment" if "#" in url else None
