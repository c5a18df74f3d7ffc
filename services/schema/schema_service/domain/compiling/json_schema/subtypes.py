"""A parent and all schemas that extend it as one object, for bodies whose members are arguments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.conversion import Converter
from schema_service.domain.compiling.json_schema.discriminator import Branch, property_of
from schema_service.domain.compiling.json_schema.typed import is_among
from schema_service.domain.compiling.references import Path

MAX_MEMBERS = 300
"""Of the subtypes together; beyond, they stay alternatives of one argument."""


@dataclass(slots=True)
class Merged:
    """`whole` has the members of all subtypes; `needed` says which of them a value of the deciding
    member requires: `{"if": …, "then": …}`.
    """

    whole: Compiled
    needed: list[dict[str, Any]] = field(default_factory=list)


def merged(
    converter: Converter, node: dict[str, Any], path: Path, settle: Callable[[], None]
) -> Merged | None:
    """None where the parent is no plain object, or there would be too many members. `settle`
    takes out the defaults that are refused, before anything is compared or copied.
    """
    whole = converter.convert(node, path, plain=True)
    settle()
    schema, name = whole.schema, property_of(node) or ""
    branches = converter.discriminators.subtypes(node, path)
    if not isinstance(schema, dict) or "properties" not in schema:
        return None
    known = schema["properties"]
    found: dict[str, list[tuple[Branch, Schema]]] = {}
    for branch in branches:
        for member, (inner, where) in converter.composed.members(branch.node, branch.path).items():
            if member not in known and not converter.composed.is_read_only(inner):
                each = converter.member(inner, where)
                _add(whole, each)
                found.setdefault(member, []).append((branch, each.schema))
    settle()
    if len(found) > MAX_MEMBERS:
        return None
    values = [_values(converter, branch, name) for branch in branches]
    decides = _decides(known.get(name, {"type": "string"}), values, converter, node)
    others = {member: _either(name, each) for member, each in found.items()}
    whole.schema = {**schema, "properties": {**known, name: decides, **others}}
    needed = [
        {
            "if": {"properties": {name: {"enum": [*branch.values]}}, "required": [name]},
            "then": then,
        }
        for branch in branches
        if branch.values and (then := _condition(converter, branch, found))
    ]
    return Merged(whole, needed)


def _condition(converter: Converter, branch: Branch, members: dict[str, Any]) -> dict[str, Any]:
    """What its own members are required, and which others a closed one has no place for."""
    if not isinstance(branch.node, dict):
        return {}
    then: dict[str, Any] = {}
    if needed := sorted(converter.composed.required(branch.node) & members.keys()):
        then["required"] = needed
    parts = [part for part, _ in converter.composed.parts(branch.node, branch.path)]
    if any(part.get(keyword) is False for part in parts for keyword in _CLOSING):
        own = converter.composed.members(branch.node, branch.path)
        if foreign := {member: False for member in members if member not in own}:
            then["properties"] = foreign
    return then


_CLOSING = ("additionalProperties", "unevaluatedProperties")


def _add(to: Compiled, other: Compiled) -> None:
    to.take(other)
    to.warned = to.warned or other.warned


def _values(converter: Converter, branch: Branch, name: str) -> list[Any]:
    """Those that mean this subtype: as the parent maps them, or as it says itself."""
    if branch.values or not isinstance(branch.node, dict):
        return [*branch.values]
    inner, _ = converter.composed.members(branch.node, branch.path).get(name, ({}, ()))
    said = inner if isinstance(inner, dict) else {}
    listed = [said["const"]] if "const" in said else said.get("enum")
    return listed if isinstance(listed, list) else []


def _decides(
    member: Schema, of_branches: list[list[Any]], converter: Converter, node: dict[str, Any]
) -> Any:
    """Only a mapping lists all values there are, where each subtype has its own."""
    values = [*dict.fromkeys(each for values in of_branches for each in values if _is_plain(each))]
    if not isinstance(member, dict) or not values or {"enum", "const", "$ref"} & member.keys():
        return member
    if converter.discriminators.has_mapping(node) and all(of_branches):
        kept = {**member, "enum": values}
        if "default" in kept and not is_among(kept["default"], values):
            del kept["default"]
        return kept
    return _about(member, f"Such as {', '.join(map(str, values))}.")


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _either(name: str, schemas: list[tuple[Branch, Schema]]) -> Schema:
    """A member of one or several subtypes, and of which."""
    different = [schemas[0][1]]
    different += [each for _, each in schemas[1:] if each not in different]
    schema = different[0] if len(different) == 1 else {"anyOf": different}
    values = [str(value) for branch, _ in schemas for value in branch.values]
    if not values or not isinstance(schema, dict):
        return schema
    return _about(schema, f"Where {name} is {' or '.join(values)}.")


def _about(schema: dict[str, Any], sentence: str) -> dict[str, Any]:
    known = schema.get("description", "")
    return {**schema, "description": f"{known} {sentence}".strip()}
