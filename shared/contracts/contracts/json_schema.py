"""Where schemas stand within a JSON Schema, what only describes, and which definitions are used."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
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
        "xml",
    }
)
"""Section 9 of JSON Schema Validation 2020-12, comments (Core, 8.3), and OAS 4.8.26."""
ONE_SCHEMA: Final = frozenset(
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
SCHEMA_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SCHEMA_MAPS: Final = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties"})
"""Keywords whose value is a schema, a list of schemas, an object of schemas."""
_DEFINITIONS: Final = "#/$defs/"


def without_annotations(schema: Any, annotations: AbstractSet[str] = ANNOTATIONS) -> Any:
    """A copy that has none of these keywords anywhere where a schema stands.

    Names of properties, and values such as those of `enum`, stay whatever they are called. The
    names in `required` are sorted, because their order means nothing (Validation, 6.5.3).
    """
    if not isinstance(schema, Mapping):
        return schema
    return {
        keyword: _value(keyword, value, annotations)
        for keyword, value in schema.items()
        if keyword not in annotations
    }


def _value(keyword: str, value: Any, annotations: AbstractSet[str]) -> Any:
    if keyword in ONE_SCHEMA:
        return without_annotations(value, annotations)
    if keyword in SCHEMA_LISTS and isinstance(value, list):
        return [without_annotations(each, annotations) for each in value]
    if keyword in SCHEMA_MAPS and isinstance(value, Mapping):
        return {name: without_annotations(each, annotations) for name, each in value.items()}
    if keyword == "required" and isinstance(value, list):
        return sorted(value, key=str)
    return value


def names_in(schema: Any) -> Iterable[str]:
    """Of every `#/$defs/…` that a schema refers to."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith(_DEFINITIONS):
                yield reference.removeprefix(_DEFINITIONS)
            stack += node.values()
        elif isinstance(node, list):
            stack += node
