"""A JSON Schema compiled to what checks values: nothing outside it is read."""

from typing import Any

import jsonschema_rs

from contracts.operation import MAX_PATTERN_BYTES, MAX_PATTERN_DFA_BYTES

_PATTERNS = jsonschema_rs.RegexOptions(
    size_limit=MAX_PATTERN_BYTES, dfa_size_limit=MAX_PATTERN_DFA_BYTES
)


def compiled(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Raises ValueError, also for a pattern that cannot be run in linear time."""
    # mask: the validator's own messages must not repeat values.
    return jsonschema_rs.Draft202012Validator(
        schema, offline=True, pattern_options=_PATTERNS, mask="the value"
    )
