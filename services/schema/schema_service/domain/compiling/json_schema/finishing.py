"""What can be said of a schema only once all its keywords are known."""

from typing import Any

LIMITS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_ABOUT = frozenset({"title", "description", "default", "deprecated", "examples"})


def finished(node: dict[str, Any], to: dict[str, Any]) -> None:
    """`node` is the schema as written, `to` the one that is being made of it."""
    _make_exclusive(node, to)
    _forget_left_out(node, to)
    _unwrap(to)


def _make_exclusive(node: dict[str, Any], to: dict[str, Any]) -> None:
    """Draft 4's flags beside a limit, as OpenAPI 3.0 has them."""
    for keyword, limit in LIMITS.items():
        if node.get(keyword) is True and limit in to:
            to[keyword] = to.pop(limit)


def _forget_left_out(node: dict[str, Any], to: dict[str, Any]) -> None:
    """Members that were left out, being read-only, are not required either."""
    properties = node.get("properties")
    if "required" in to and isinstance(properties, dict):
        kept = to.get("properties", {})
        names = dict.fromkeys(n for n in to["required"] if n in kept or n not in properties)
        to["required"] = list(names)
        if not to["required"]:
            del to["required"]


def _unwrap(to: dict[str, Any]) -> None:
    """An `allOf` of one is how 3.0 puts a description beside a `$ref`."""
    parts = to.get("allOf", ())
    if len(parts) == 1 and isinstance(parts[0], dict) and to.keys() - {"allOf"} <= _ABOUT:
        to |= {**to.pop("allOf")[0], **to}
