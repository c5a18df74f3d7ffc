"""Which `pattern`s may be used: those of an engine that needs linear time."""

from functools import lru_cache

import jsonschema_rs


@lru_cache(maxsize=4096)
def pattern_refusal(pattern: str) -> str | None:
    """Why Rust's `regex` engine, which execution validates with, cannot use it; None: it can."""
    try:
        jsonschema_rs.Draft202012Validator(
            {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (jsonschema_rs.ValidationError, ValueError):
        return "it needs look-around, a back reference, or is no regular expression"
    return None
