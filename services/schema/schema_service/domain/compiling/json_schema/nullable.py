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


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    outside = {key: value for key, value in schema.items() if key in _ABOUT}
    inside = {key: value for key, value in schema.items() if key not in outside}
    return {**outside, "anyOf": [inside, {"type": "null"}]} if inside else schema


_ABOUT = frozenset({"title", "description", "default", "examples"})
