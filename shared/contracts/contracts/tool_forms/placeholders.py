"""The nulls that a strict model gives for what it leaves out, taken away again."""

from collections.abc import Mapping
from typing import Any

_MAX_HOPS = 20


def without_placeholders(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` is the operation's own: members that may be null there, or must be, keep theirs."""
    definitions = schema.get("$defs", {})
    return {
        name: _pruned(value, member, definitions)
        for name, value in arguments.items()
        for member in [schema.get("properties", {}).get(name, True)]
        if not _is_placeholder(name, value, member, schema, definitions)
    }


def _pruned(value: Any, schema: Any, definitions: Mapping[str, Any]) -> Any:
    schema = _followed(schema, definitions)
    if isinstance(value, list):
        items = schema.get("items", True)
        return [_pruned(each, items, definitions) for each in value]
    if isinstance(value, dict) and "properties" in schema:
        return without_placeholders(value, {**schema, "$defs": definitions})
    return value


def _is_placeholder(
    name: str, value: Any, member: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> bool:
    required = name in schema.get("required", ())
    return value is None and not required and not _may_be_null(member, definitions)


def _may_be_null(schema: Any, definitions: Mapping[str, Any]) -> bool:
    schema = _followed(schema, definitions)
    kind = schema.get("type")
    if (
        kind == "null"
        or (isinstance(kind, list) and "null" in kind)
        or None in schema.get("enum", ())
    ):
        return True
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return any(_may_be_null(each, definitions) for each in choices)


def _followed(schema: Any, definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    for _ in range(_MAX_HOPS):
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        schema = definitions.get(schema["$ref"].removeprefix("#/$defs/"), True)
    return schema if isinstance(schema, dict) else {}
