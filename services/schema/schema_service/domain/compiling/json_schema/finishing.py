"""What can be said of a schema only once all its keywords are known."""

from typing import Any

LIMITS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
ABOUT = frozenset({"title", "description", "default", "deprecated", "examples"})


def finished(node: dict[str, Any], to: dict[str, Any], absent: frozenset[str]) -> Any:
    """`node` is the schema as written, `to` the one that is being made of it; members in `absent`
    are left out. Returns the part that became the whole, if one did.
    """
    _make_exclusive(node, to)
    if "required" in to or absent:
        _forget_left_out(to, absent)
    return _unwrap(to)


def _make_exclusive(node: dict[str, Any], to: dict[str, Any]) -> None:
    """Draft 4's flags beside a limit, as OpenAPI 3.0 has them."""
    for keyword, limit in LIMITS.items():
        if node.get(keyword) is True and limit in to:
            to[keyword] = to.pop(limit)


def _forget_left_out(to: dict[str, Any], absent: frozenset[str]) -> None:
    """Members that were left out, being read-only, are not required either; others once."""
    if "required" in to:
        to["required"] = [name for name in dict.fromkeys(to["required"]) if name not in absent]
        if not to["required"]:
            del to["required"]
    if "dependentRequired" in to:
        to["dependentRequired"] = {
            name: [each for each in needed if each not in absent]
            for name, needed in to["dependentRequired"].items()
        }


def _unwrap(to: dict[str, Any]) -> Any:
    """An `allOf` of one is how 3.0 puts a description beside a `$ref`."""
    parts = to.get("allOf", ())
    if len(parts) == 1 and isinstance(parts[0], dict) and to.keys() - {"allOf"} <= ABOUT:
        to |= {**to.pop("allOf")[0], **to}
        return parts[0]
    return None
