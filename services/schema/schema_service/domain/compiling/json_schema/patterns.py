"""Which `pattern`s may be used: those of an engine that needs linear time, and not too large."""

from functools import lru_cache
from typing import Any

import jsonschema_rs

from contracts.operation import MAX_PATTERN_BYTES, MAX_PATTERN_DFA_BYTES

PATTERN_OPTIONS = jsonschema_rs.RegexOptions(
    size_limit=MAX_PATTERN_BYTES, dfa_size_limit=MAX_PATTERN_DFA_BYTES
)
"""Rust's `regex` engine: no look-around, no back references, and thus no catastrophes."""
_MAX_LENGTH = 2_000
MAX_PATTERNS = 1_000
"""Different ones in a document: compiling one takes up to a millisecond."""


class Patterns:
    """The patterns of one document."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def refusal(self, pattern: Any) -> str | None:
        """Why it cannot be used; None: it can."""
        if not isinstance(pattern, str):
            return "it is not a text"
        if len(self._seen) >= MAX_PATTERNS and pattern not in self._seen:
            return f"there are more than {MAX_PATTERNS:,}"
        self._seen.add(pattern)
        return _refusal(pattern)


@lru_cache(maxsize=4096)
def _refusal(pattern: str) -> str | None:
    if len(pattern) > _MAX_LENGTH:
        return f"it is longer than {_MAX_LENGTH:,} characters"
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=PATTERN_OPTIONS)
    except (jsonschema_rs.ValidationError, ValueError):
        return "it needs look-around, a back reference or too much memory, or is no pattern"
    return None
