"""What of a JSON Schema a validator needs: a node of it costs about a kilobyte once compiled."""

from typing import Any

_ANNOTATIONS = frozenset(
    {
        "$comment", "title", "description", "default", "examples", "deprecated", "readOnly",
        "writeOnly", "format", "contentEncoding", "contentMediaType", "contentSchema", "xml",
    }
)  # fmt: skip
"""Keywords that never refuse a value (JSON Schema 2020-12, Validation, 7.2.1, 8 and 9)."""

_ONE = frozenset(
    {
        "items", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems",
        "propertyNames", "not", "if", "then", "else",
    }
)  # fmt: skip
_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAP = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})


def assertions(schema: Any) -> Any:
    """A copy without annotations, which admits the same values; properties keep their names."""
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: _part(keyword, value)
        for keyword, value in schema.items()
        if keyword not in _ANNOTATIONS
    }


def _part(keyword: str, value: Any) -> Any:
    if keyword in _ONE:
        return assertions(value)
    if keyword in _LIST and isinstance(value, list):
        return [assertions(each) for each in value]
    if keyword in _MAP and isinstance(value, dict):
        return {name: assertions(each) for name, each in value.items()}
    return value
