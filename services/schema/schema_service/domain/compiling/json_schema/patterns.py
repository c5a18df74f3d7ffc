"""Which `pattern`s may be used: those of an engine that needs linear time, and not too large."""

from functools import lru_cache

import jsonschema_rs

KIB = 1024
PATTERN_OPTIONS = jsonschema_rs.RegexOptions(size_limit=256 * KIB)
"""Rust's `regex` engine: no look-around, no back references, and thus no catastrophes.

Whoever validates arguments must use the same, or the engine with backtracking is used.
"""
_MAX_LENGTH = 2_000


@lru_cache(maxsize=4096)
def pattern_refusal(pattern: str) -> str | None:
    """Why it cannot be used; None: it can."""
    if len(pattern) > _MAX_LENGTH:
        return f"it is longer than {_MAX_LENGTH:,} characters"
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=PATTERN_OPTIONS)
    except (jsonschema_rs.ValidationError, ValueError):
        return "it needs look-around, a back reference or too much memory, or is no pattern"
    return None
