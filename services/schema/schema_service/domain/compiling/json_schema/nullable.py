"""`nullable` of OpenAPI 3.0 (4.7.24), and Swagger's `x-nullable`, as types of JSON Schema."""

from typing import Any


def is_nullable(node: dict[str, Any]) -> bool:
    return node.get("nullable") is True or node.get("x-nullable") is True


def with_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, null allowed besides.

    Read as its authors mean it: also beside a `$ref` or an `allOf`, and with an `enum` that does
    not list null.
    """
    kind = schema.get("type")
    if kind is None:
        return _or_null(schema) if len(schema) else schema
    types = kind if isinstance(kind, list) else [kind]
    result = {**schema, "type": types if "null" in types else [*types, "null"]}
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    return result


def without_null(schema: Any) -> Any:
    """The same schema where null can be no value, being nothing that a path can hold."""
    if not isinstance(schema, dict):
        return schema
    result = dict(schema)
    if isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema["type"] if kind != "null"]
        result["type"] = kinds[0] if len(kinds) == 1 else kinds or ["null"]
        if "enum" in schema and len(schema["enum"]) > 1:
            result["enum"] = [value for value in schema["enum"] if value is not None]
    for keyword in ("anyOf", "oneOf"):
        branches = [each for each in schema.get(keyword, ()) if each != {"type": "null"}]
        if branches:
            result[keyword] = branches
    if result.get("default", "") is None:
        del result["default"]
    return result


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    outside = {key: value for key, value in schema.items() if key in _ABOUT}
    inside = {key: value for key, value in schema.items() if key not in outside}
    return {**outside, "anyOf": [inside, {"type": "null"}]} if inside else schema


_ABOUT = frozenset({"title", "description", "default", "examples"})
