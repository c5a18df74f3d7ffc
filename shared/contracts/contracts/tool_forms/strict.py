"""OpenAI's strict mode: every object closed, every member required, null for *left out*.

The subset is that of the guide to Structured Outputs, section *Supported schemas*.
"""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from contracts.tool_forms.examples import fitting
from contracts.tool_forms.text import sentences, visible

_COPIED = frozenset(
    {"type", "description", "enum", "const", "pattern", "multipleOf", "minItems", "maxItems"}
    | {"maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"}
)
_DROPPED = frozenset(
    {"default", "examples", "minLength", "maxLength", "uniqueItems", "minProperties", "$defs"}
    | {"contentEncoding", "contentMediaType", "not"}
)
"""Left to our own validation, which checks each call against the whole schema."""
_SAID = {
    "minLength": "Characters, at least: {}.",
    "maxLength": "Characters, at most: {}.",
    "uniqueItems": "No item twice.",
    "minProperties": "Members, at least: {}.",
}
"""The limits among them, in words."""
_BESIDE_REFERENCE = frozenset({"$ref", "description", "default", "examples"})
_OF_OBJECTS = frozenset({"properties", "required", "additionalProperties"})
_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)
MAX_PROPERTIES = 5_000
MAX_ENUM_VALUES = 1_000


class Inexpressible(Exception):
    """Something in the schema that strict mode has no words for."""


def strict_schema(schema: dict[str, Any]) -> dict[str, Any] | None:
    """The same schema for strict mode, or None where it cannot be said there."""
    room = _Room()
    try:
        result = _strict(schema, room)
        definitions = schema.get("$defs", {})
        if definitions:
            result["$defs"] = {name: _strict(each, room) for name, each in definitions.items()}
    except Inexpressible:
        return None
    return result


class _Room:
    """What a whole schema may hold."""

    def __init__(self) -> None:
        self._properties, self._values = MAX_PROPERTIES, MAX_ENUM_VALUES

    def take(self, *, properties: int, values: int) -> None:
        self._properties -= properties
        self._values -= values
        if self._properties < 0 or self._values < 0:
            raise Inexpressible


def _strict(schema: dict[str, Any], room: _Room) -> dict[str, Any]:
    if "$ref" in schema:
        return _reference(schema)
    room.take(properties=len(schema.get("properties", ())), values=len(schema.get("enum", ())))
    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        result |= _keyword(keyword, value, room)
    result |= _described(schema)
    if _is_object(schema):
        return {"type": "object"} | result | _closed(schema, room)
    if not {"type", "enum", "const", "anyOf"} & set(result):
        raise Inexpressible
    return result


def _reference(schema: dict[str, Any]) -> dict[str, Any]:
    """Nothing may stand beside `$ref`, but beside an alternative of one."""
    if not schema.keys() <= _BESIDE_REFERENCE:
        raise Inexpressible
    reference = {"$ref": schema["$ref"]}
    described = _described(schema)
    return {"anyOf": [reference], **described} if described else reference


def _described(schema: dict[str, Any]) -> dict[str, str]:
    """The description, and in it what strict mode has no keyword for."""
    said = [schema["description"]] if schema.get("description") else []
    if schema.get("format", "date") not in _FORMATS:
        said.append(f"Format: {visible(str(schema['format']))}.")
    said += [words.format(schema[key]) for key, words in _SAID.items() if schema.get(key)]
    if "default" in schema:
        said += _shown("Default", [schema["default"]])
    said += _shown("Such as", schema.get("examples", ()))
    return {"description": sentences(*said)} if said else {}


def _shown(word: str, values: Sequence[Any]) -> list[str]:
    text = ", ".join(to_json(value).decode() for value in fitting(values))
    return [f"{word}: {text}."] if text else []


def _keyword(keyword: str, value: Any, room: _Room) -> dict[str, Any]:
    if keyword in _COPIED:
        return {keyword: value}
    if keyword in ("anyOf", "oneOf"):
        return {"anyOf": [_strict(each, room) for each in value]}
    if keyword == "items":
        return {"items": _strict(value, room)}
    if keyword == "format":
        return {"format": value} if value in _FORMATS else {}
    if keyword in _OF_OBJECTS or keyword in _DROPPED:
        return {}
    raise Inexpressible


def _is_object(schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    return (
        "properties" in schema or kind == "object" or (isinstance(kind, list) and "object" in kind)
    )


def _closed(schema: dict[str, Any], room: _Room) -> dict[str, Any]:
    """An object whose members nobody knows beforehand cannot be closed."""
    properties, extra = schema.get("properties", {}), schema.get("additionalProperties")
    if extra not in (None, False) or (extra is None and not properties):
        raise Inexpressible
    required = schema.get("required", ())
    members = {
        name: _strict(each, room) if name in required else _or_null(_strict(each, room))
        for name, each in properties.items()
    }
    return {"properties": members, "required": list(properties), "additionalProperties": False}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if kind is None or "const" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    types = kind if isinstance(kind, list) else [kind]
    result = {**schema, "type": types if "null" in types else [*types, "null"]}
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    return result
