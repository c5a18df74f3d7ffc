"""JSON Schema without what only describes."""

from collections.abc import Mapping
from typing import Any, Final

ANNOTATIONS: Final = frozenset(
    {
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
        "$comment",
    }
)
"""Section 9 of JSON Schema Validation 2020-12, and comments (Core, 8.3)."""
_ONE: Final = frozenset(
    {
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS: Final = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties"})


def without_annotations(schema: Any) -> Any:
    """A copy that has the keywords of `ANNOTATIONS` nowhere where a schema stands.

    Names of properties, and values such as those of `enum`, stay whatever they are called. The
    names in `required` are sorted, because their order means nothing (Validation, 6.5.3).
    """
    if not isinstance(schema, Mapping):
        return schema
    return {
        keyword: _value(keyword, value)
        for keyword, value in schema.items()
        if keyword not in ANNOTATIONS
    }


def _value(keyword: str, value: Any) -> Any:
    if keyword in _ONE:
        return without_annotations(value)
    if keyword in _LISTS and isinstance(value, list):
        return [without_annotations(each) for each in value]
    if keyword in _MAPS and isinstance(value, Mapping):
        return {name: without_annotations(each) for name, each in value.items()}
    if keyword == "required" and isinstance(value, list):
        return sorted(value, key=str)
    return value
