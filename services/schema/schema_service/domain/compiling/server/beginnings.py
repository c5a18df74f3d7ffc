"""How the URL of a server begins where its scheme is left out, or written with a slip."""

import re

_HOST_FIRST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?(?:/.*)?")
_FILES = ("json", "yaml", "yml", "html", "php")
_SCHEME = re.compile(
    r"(?P<scheme>h+t{1,3}p+s*|httsp|hpts|hhttps?)\s*"
    r"(?P<mark>[:;.,]?[/\\]{1,3}|[:;](?=[A-Za-z]))(?=[\w{])",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"https?://", re.IGNORECASE)


def lacks_scheme(url: str) -> bool:
    """Whether it begins with a host: `api.example.com/v1`, `localhost:8000`; by RFC 3986 that would
    be a path or a scheme, which nobody means.
    """
    if _HOST_FIRST.fullmatch(url) is None:
        return False
    host, colon, _port = url.partition("/")[0].partition(":")
    last = host.rpartition(".")[2]
    if colon or host.lower() == "localhost":
        return True
    return "." in host and last.isalpha() and len(last) > 1 and last.lower() not in _FILES


def misspelt_scheme(url: str) -> re.Match[str] | None:
    """`https//`, `https:/`, `htps://` at its beginning."""
    return None if _RIGHT.match(url) else _SCHEME.match(url)
