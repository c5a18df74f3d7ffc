"""Branches of `oneOf` that cannot be told apart: what fits one fits another one, too, and so none
may ever be given.
"""

from dataclasses import dataclass
from itertools import permutations
from typing import Any

from schema_service.domain.compiling.json_schema.composed import Composed
from schema_service.domain.compiling.references import Path

MAX_BRANCHES = 30
_ABOUT = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "format", "xml"}
    | {"externalDocs", "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "$ref"}
)
_OF_OBJECTS = frozenset({"type", "properties", "required", "allOf", "additionalProperties"})


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a branch asks for; None of what it does not say."""

    kinds: frozenset[str] | None
    keywords: frozenset[str]
    members: dict[str, Any]
    required: frozenset[str]
    open: bool


def are_alike(branches: list[Any], path: Path, composed: Composed) -> bool:
    """Whether all that fits some branch fits another one; False where that is not plain."""
    references = tuple(_reference(each) for each in branches[: MAX_BRANCHES + 1])
    if not all(references):
        return _are_alike(branches, path, composed)
    if references not in composed.alike:
        composed.alike[references] = _are_alike(branches, path, composed)
    return composed.alike[references]


def _reference(branch: Any) -> str:
    """Empty of what is more than a reference."""
    alone = isinstance(branch, dict) and branch.keys() == {"$ref"}
    return branch["$ref"] if alone and isinstance(branch["$ref"], str) else ""


def _are_alike(branches: list[Any], path: Path, composed: Composed) -> bool:
    if not 1 < len(branches) <= MAX_BRANCHES:
        return False
    if not all(isinstance(each, dict) for each in branches):
        return False
    shapes = [_shape(each, (*path, i), composed) for i, each in enumerate(branches)]
    return any(_holds(one, other) for one, other in permutations(shapes, 2))


def _shape(node: dict[str, Any], path: Path, composed: Composed) -> _Shape:
    parts = [part for part, _ in composed.parts(node, path)]
    named = {kinds for part in parts if (kinds := _kinds(part.get("type")))}
    nullable = any(part.get("nullable") is True for part in parts)
    return _Shape(
        named.pop() if len(named) == 1 and not nullable else None,
        frozenset(
            key for part in parts for key in part if key not in _ABOUT and not key.startswith("x-")
        ),
        {name: each for name, (each, _) in composed.members(node, path).items()},
        composed.required(node),
        open=all(part.get("additionalProperties", True) is True for part in parts),
    )


def _kinds(named: Any) -> frozenset[str]:
    """Empty where it names none."""
    listed = named if isinstance(named, list) else [named]
    return frozenset(each for each in listed if isinstance(each, str))


def _holds(one: _Shape, other: _Shape) -> bool:
    """Whether all that is meant by `other` fits `one`."""
    if not one.keywords:
        return True
    if one.kinds is None or other.kinds is None or not _covers(one.kinds, other.kinds):
        return False
    if one.keywords <= {"type", "allOf"}:
        return True
    if one.kinds != {"object"} or not one.keywords <= _OF_OBJECTS or not one.open:
        return False
    shared = one.members.keys() & other.members.keys()
    same = all(one.members[name] in ({}, other.members[name]) for name in shared)
    return same and one.required <= other.required


def _covers(kinds: frozenset[str], others: frozenset[str]) -> bool:
    return all(each in kinds or (each == "integer" and "number" in kinds) for each in others)
