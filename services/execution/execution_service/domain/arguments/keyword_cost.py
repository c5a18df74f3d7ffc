"""What some keywords take of the validator beyond a step: it compares numbers by all their digits,
and looks through what is listed one by one, where that is not of one type.
"""

from collections.abc import Mapping
from typing import Any, Final

_NUMBER: Final = 8
"""Steps to compare an integer, or to divide by one."""
_FRACTION: Final = 64


def keyword_cost(schema: Mapping[str, Any]) -> int:
    """In steps of 50 ns, for each value that the schema is asked about."""
    listed = schema.get("enum", ())
    cost = 0 if {*map(type, listed)} in ({str}, {int}) else sum(map(_to_compare, listed))
    if "const" in schema:
        cost += _to_compare(schema["const"])
    if "multipleOf" in schema:
        cost += _to_compare(schema["multipleOf"])
    return cost + len(schema.get("dependentRequired", ()))


def _to_compare(value: Any) -> int:
    if isinstance(value, dict):
        return _NUMBER + sum(map(_to_compare, value.values()))
    if isinstance(value, list):
        return _NUMBER + sum(map(_to_compare, value))
    if isinstance(value, float):
        return _FRACTION
    return _NUMBER if type(value) is int else 1
