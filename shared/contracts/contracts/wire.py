"""What a request's path and content type may hold: one rule for whoever compiles an operation and
for whoever sends it.
"""

import re
from typing import Final
from urllib.parse import quote

from contracts.media_type import read_media_type

LITERAL: Final = "/:@!$&'()*+,;=%"
"""What stays as it is of a path that a document writes; a percent sign may begin an escape."""
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_ELSEWHERE: Final = re.compile(
    # A dot segment, in any spelling that a server or proxy on the way may resolve, with or without
    # a path parameter behind it (`..;/`): encoding does not make it harmless.
    r"(?:^|/|\\|%2F|%5C)(?:\.|%2E){1,2}(?:$|/|\\|;|%3B|%2F|%5C)"
    # Control characters: servers decode CR, LF and NUL into logs, headers and file names.
    r"|%[01][0-9A-F]|%7F",
    re.IGNORECASE,
)
METHODS: Final = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "QUERY"})
_METHODS_REFUSED: Final = frozenset({"TRACE", "TRACK", "CONNECT"})
"""They show what was sent, or open a tunnel (RFC 9110, 9.3.6 and 9.3.8)."""
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")


def leads_elsewhere(raw_path: str) -> bool:
    """Whether somebody on the way may read this path, percent-encoded, as another one."""
    return _ELSEWHERE.search(raw_path) is not None


def template_leads_elsewhere(template: str) -> bool:
    """The same of what a template writes itself, whatever its placeholders are filled with."""
    return leads_elsewhere(quote(PLACEHOLDER.sub("x", template), safe=LITERAL))


def is_media_type(text: str) -> bool:
    """`type/subtype`, with or without parameters; ranges count."""
    return read_media_type(text) is not None


def is_method(text: str) -> bool:
    """A method that may be sent as it is written; `get` is none, since servers differ about it."""
    known = text.upper()
    return (
        _METHOD.fullmatch(text) is not None
        and known not in _METHODS_REFUSED
        and (text == known or known not in METHODS)
    )
