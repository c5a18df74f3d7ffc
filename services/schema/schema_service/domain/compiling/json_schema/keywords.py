"""The keywords of JSON Schema 2020-12 that survive compilation, and what each must look like."""

import math
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and value == int(value)


def _is_positive(value: Any) -> bool:
    return _is_number(value) and value > 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_values(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_dependencies(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_names(names) for names in value.values())


def _is_anything(_value: Any) -> bool:
    return True


SIMPLE: Mapping[str, tuple[Check, str]] = {
    "title": (_is_text, "a text"),
    "description": (_is_text, "a text"),
    "format": (_is_text, "a text"),
    "contentEncoding": (_is_text, "a text"),
    "contentMediaType": (_is_text, "a text"),
    "default": (_is_anything, "any value"),
    "const": (_is_anything, "any value"),
    "enum": (_is_values, "a list of at least one value"),
    "multipleOf": (_is_positive, "a number above zero"),
    "maximum": (_is_number, "a number"),
    "minimum": (_is_number, "a number"),
    "exclusiveMaximum": (_is_number, "a number"),
    "exclusiveMinimum": (_is_number, "a number"),
    "maxLength": (_is_count, "a whole number"),
    "minLength": (_is_count, "a whole number"),
    "maxItems": (_is_count, "a whole number"),
    "minItems": (_is_count, "a whole number"),
    "maxContains": (_is_count, "a whole number"),
    "minContains": (_is_count, "a whole number"),
    "maxProperties": (_is_count, "a whole number"),
    "minProperties": (_is_count, "a whole number"),
    "uniqueItems": (_is_flag, "true or false"),
    "deprecated": (_is_flag, "true or false"),
    "required": (_is_names, "a list of names"),
    "dependentRequired": (_is_dependencies, "an object of lists of names"),
    "xml": (_is_object, "an object"),
}
"""Copied as they are where they look right."""

_FLAGS = {"true": True, "false": False, "yes": True, "no": False}


def meant(keyword: str, text: Any) -> Any:
    """The number, flag or list that stands in quotes; None where the text says none."""
    if not isinstance(text, str) or keyword not in SIMPLE or "_" in text:
        return None
    value: Any = _FLAGS.get(text.strip().lower())
    if value is None:
        try:
            number = float(text)
        except ValueError:
            return None
        value = int(number) if number.is_integer() else number
    looks_right, _ = SIMPLE[keyword]
    return value if looks_right(value) else None


ONE_SCHEMA = frozenset(
    {
        "additionalProperties",
        "propertyNames",
        "contains",
        "contentSchema",
        "not",
        "if",
        "then",
        "else",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
SCHEMA_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SCHEMA_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})

TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
TYPE_ALIASES: Mapping[str, str] = {
    "str": "string",
    "text": "string",
    "date": "string",
    "datetime": "string",
    "date-time": "string",
    "uuid": "string",
    "guid": "string",
    "email": "string",
    "uri": "string",
    "url": "string",
    "file": "string",
    "binary": "string",
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
    "map": "object",
    "hash": "object",
    "none": "null",
}


FORMATS: Mapping[str, str] = {
    "date": "date",
    "datetime": "date-time",
    "date-time": "date-time",
    "uuid": "uuid",
    "guid": "uuid",
    "email": "email",
    "uri": "uri",
    "url": "uri",
    "int32": "int32",
    "int64": "int64",
    "long": "int64",
    "float": "float",
    "double": "double",
}
"""What else the name of such a type says (OAS format registry; JSON Schema 2020-12, 7.3)."""


def format_named(name: Any) -> str | None:
    """The format that is meant by this type; None where it says none."""
    return "binary" if is_file(name) else FORMATS.get(str(name).lower())


def is_file(name: Any) -> bool:
    """Whether a file is meant by this type."""
    return str(name).lower() in ("file", "binary")


def known_type(name: Any) -> str | None:
    """The type that is meant; None if there is none like it."""
    if name is None:
        return "null"
    meant = str(name).lower()
    return meant if meant in TYPES else TYPE_ALIASES.get(meant)
