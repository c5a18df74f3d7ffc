"""Texts that stand where a server's URL is to be put: `PLUGIN_HOSTNAME`, `$API_URL/v1`, `TODO`.

By RFC 3986 each is a relative URL, which nobody means: none is ever resolved.
"""

import re
from typing import Final

_ALONE: Final = frozenset(
    (
        *("base", "baseurl", "changeme", "domain", "domainname", "endpoint", "fixme"),
        *("host", "hostname", "here", "na", "nil", "none", "null", "origin", "placeholder"),
        *("replaceme", "server", "string", "subdomain", "tba", "tbd", "todo", "undefined"),
        *("unknown", "uri", "url", "yourapi"),
    )
)
"""What a whole text may be, in any letters; those in `_PATHS` in capitals only."""
_PATHS: Final = frozenset(("base", "domain", "endpoint", "host", "origin", "server"))
"""Of these, what a relative path may be called."""
_ENDS: Final = frozenset(
    (
        *("address", "domain", "endpoint", "here", "host", "hostname", "me", "origin"),
        *("placeholder", "server", "subdomain", "todo", "uri", "url"),
    )
)
"""The last of several words: `base_url`, `apiUrl`, `server-host`."""
_ORDERS: Final = frozenset(
    ("change", "enter", "fill", "insert", "put", "replace", "tbd", "todo", "your")
)
"""The first of several words."""
_OF_A_PROGRAM: Final = re.compile(
    r"(?:process|import|os|env|environment|config|settings|window|secrets|vars)\b[.\[(].*"
)
_HAS_NAME: Final = re.compile(r"[A-Z_]|\.env\b|^env\b|^secrets\b")
_MARKS: Final = re.compile(r"[$%@<\[]|[?*_…-]+|\.{3,}|x{3,}", re.IGNORECASE)
_SHOUTED: Final = re.compile(r"[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def whole_placeholder(url: str) -> str | None:
    """The beginning of a URL without a scheme that stands for one; None where it is a URL itself.

    What begins with a slash or a dot is a path.
    """
    if "://" in url or url.startswith(("/", "./", "../")):
        return None
    first = re.split(r"/(?!a\b)", url, maxsplit=1, flags=re.IGNORECASE)[0]
    return first if _stands_for_a_url(first) else None


def _stands_for_a_url(first: str) -> bool:
    if not first.isascii() or re.search(r"\s", first):
        return True  # a sentence
    if _MARKS.match(first) or _SHOUTED.fullmatch(first):
        return True
    if _OF_A_PROGRAM.fullmatch(first):
        return bool(_HAS_NAME.search(first))
    return "." not in first and ":" not in first and _is_named_so(first)


def _is_named_so(first: str) -> bool:
    words = [each.lower() for each in _WORD.findall(first)]
    glued = "".join(words)
    if glued in _ALONE:
        return glued not in _PATHS or first.isupper()
    if len(words) > 1 and (words[0] in _ORDERS or words[-1] in _ENDS):
        return True
    return glued.startswith("your") and glued != "your"
