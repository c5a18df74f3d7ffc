"""Schemas that are written almost right: members at a wrong level, a type's name for a schema."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from schema_service.domain import pointers
from schema_service.domain.compiling import schema_rules
from schema_service.domain.compiling.json_schema.keywords import (
    ONE_SCHEMA,
    SCHEMA_LISTS,
    SCHEMA_MAPS,
    SIMPLE,
    format_named,
    known_type,
)
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding

MAX_REPAIRED = 4_000
"""Bytes of JSON that a repair writes anew."""
_KEYWORDS = frozenset({*ONE_SCHEMA, *SCHEMA_LISTS, *SCHEMA_MAPS, *SIMPLE}) | {
    *("$ref", "$dynamicRef", "$defs", "$schema", "$id", "$anchor", "$comment", "definitions"),
    *("type", "items", "pattern", "nullable", "readOnly", "writeOnly", "discriminator", "xml"),
    *("externalDocs", "example", "examples", "dependencies", "contentSchema", "additionalItems"),
}
_ABOUT = frozenset({"title", "description", "required", "properties", "additionalProperties"})
_HOLDERS = frozenset({"schema", "content", "$ref"})
"""What has them is no schema, but has one or leads to one."""
MAX_LEVELS = 10
"""Members `schema` that stand in one another."""
MAX_SHOWN = 200
"""Characters of a reference."""
MAX_DEEP = 3
"""Levels of fields without a type that are looked at."""
_SAYS_A_SCHEMA = frozenset({"type", "properties", "items", "allOf", "oneOf", "anyOf", "enum"})
_OWN: Mapping[str, Callable[[Any], bool]] = {
    "required": lambda value: isinstance(value, list),
    "type": lambda value: value == "object",
    "description": lambda value: isinstance(value, str) and known_type(value) is None,
    "title": lambda value: isinstance(value, str) and known_type(value) is None,
}
"""What an object says of itself: what its value is where it is no schema of a property."""


def is_schema(node: Any) -> bool:
    """Whether an object can hardly be anything else."""
    if not isinstance(node, dict) or _SAYS_A_SCHEMA.isdisjoint(node):
        return False
    return isinstance(node.get("type", ""), str | list)


def as_meant(node: dict[str, Any], path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """With all members of an object below `properties`, and nothing else there."""
    node, found = _unwrapped(node, path)
    if node.get("type") == "object" or _lacks_type(node):
        beside = {name: each for name, each in node.items() if _is_beside(name, each, node)}
        taken = [name for name in beside if name in _properties(node)]
        for name in taken:
            found.append(schema_rules.MEMBER_BESIDE_ITSELF.at((*path, name), name=name))
            del beside[name]
        if beside:
            found.append(_about_beside(node, beside, path))
            moved = {*beside, *taken}
            rest = {name: each for name, each in node.items() if name not in moved}
            node = {"type": "object", **rest, "properties": {**beside, **_properties(node)}}
    inside = {n: each for n, each in _properties(node).items() if n in _OWN and _OWN[n](each)}
    if not inside:
        return node, found
    found += [_about_inside(node, name, value, path) for name, value in inside.items()]
    others = {name: each for name, each in _properties(node).items() if name not in inside}
    return {**inside, **node, "properties": others}, found


def _unwrapped(node: dict[str, Any], path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """A schema below `schema`, as a parameter has one: what it holds is the schema that was meant.
    Beside other fields it is a field of that name, and beside a type that it does not have. One
    with a reference, or with a schema below it again, is said and stays: errors name its places.
    """
    inner, others = node.get("schema"), {name: node[name] for name in node if name != "schema"}
    if not isinstance(inner, dict) or "$ref" in inner or not is_schema(inner):
        return node, [*_below_schema(node, path)]
    says_more = any(name not in ("type", "description", "title", "nullable") for name in others)
    if says_more or others.get("type", inner.get("type")) != inner.get("type", others.get("type")):
        return node, []
    whole = {**inner, **others}
    finding = schema_rules.SCHEMA_IN_SCHEMA.at((*path, "schema"))
    edit = Edit("replace", pointers.join(path), whole)
    return whole, [rewritten(finding, "Write what stands below schema in its place", [edit])]


def _below_schema(node: dict[str, Any], path: Path) -> Iterator[Finding]:
    """About an object that has nothing but `schema`, in which a schema or a reference stands."""
    meant: Any = node
    for _ in range(MAX_LEVELS):
        if not isinstance(meant, dict) or [*meant] != ["schema"]:
            break
        meant = meant["schema"]
    if meant is node or not isinstance(meant, dict):
        return
    reference = meant.get("$ref")
    if not isinstance(reference, str) and not is_schema(meant):
        return
    shown = f'{{$ref: "{reference[:MAX_SHOWN]}"}}' if isinstance(reference, str) else "{type: …}"
    finding = schema_rules.SCHEMA_BELOW_SCHEMA.at((*path, "schema"), meant=shown)
    edit = Edit("replace", pointers.join(path), meant)
    yield rewritten(finding, "Write what stands below schema in its place", [edit])


def type_named(node: Any, path: Path) -> tuple[dict[str, Any], Finding] | None:
    """Of `n: string`, where `n: {type: string}` is meant."""
    kind = known_type(node) if isinstance(node, str) else None
    if kind is None:
        return None
    finding = schema_rules.SCHEMA_IS_TYPE.at(path, kind=kind)
    named = format_named(node)
    meant = {"type": kind} if named is None else {"type": kind, "format": named}
    words = " and ".join(f"{name}: {value}" for name, value in meant.items())
    repair = Edit("replace", finding.pointer, meant)
    return meant, finding.repaired_by(f"Write {words} below it", repair)


def rewritten(finding: Finding, title: str, edits: Iterable[Edit]) -> Finding:
    """With a repair, unless it would write much anew."""
    made = list(edits)
    written = sum(len(orjson.dumps(each.value)) for each in made)
    return finding if written > MAX_REPAIRED else finding.repaired_by(title, *made)


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    properties = node.get("properties")
    return properties if isinstance(properties, dict) else {}


def _is_beside(name: str, value: Any, node: dict[str, Any]) -> bool:
    """Whether it is a field of the object; a type's name alone is one where none has its place."""
    if name in _KEYWORDS or name.startswith("x-"):
        return False
    return _is_field(value) if "properties" not in node else is_schema(value)


def _is_field(value: Any, deep: int = MAX_DEEP) -> bool:
    if isinstance(value, str):
        return known_type(value) is not None
    return is_schema(value) or (deep > 0 and _lacks_type(value, deep - 1))


def _lacks_type(node: Any, deep: int = MAX_DEEP) -> bool:
    """Whether an object has fields and nothing else but what is said of it."""
    if not isinstance(node, dict) or not _HOLDERS.isdisjoint(node):
        return False
    others = [name for name in node if name not in _ABOUT and not name.startswith("x-")]
    return bool(others) and all(
        name not in _KEYWORDS and _is_field(node[name], deep) for name in others
    )


def _about_beside(node: dict[str, Any], beside: dict[str, Any], path: Path) -> Finding:
    name = next(iter(beside))
    typed = "type" in node
    place = "beside type: object" if typed else "in the schema itself"
    finding = schema_rules.MEMBER_BESIDE_TYPE.at((*path, name), name=name, place=place)
    if _properties(node):
        moved = [(*path, "properties", each) for each in beside]
        edits = [
            Edit("add", pointers.join(where), each)
            for where, each in zip(moved, beside.values(), strict=True)
        ]
    else:
        edits = [Edit("add", pointers.join((*path, "properties")), beside)]
    removed = [Edit("remove", pointers.join((*path, each))) for each in beside]
    if not typed:
        edits.insert(0, Edit("add", pointers.join((*path, "type")), "object"))
    return rewritten(finding, "Move them below properties", [*edits, *removed])


def _about_inside(node: dict[str, Any], name: str, value: Any, path: Path) -> Finding:
    finding = schema_rules.KEYWORD_IN_PROPERTIES.at((*path, "properties", name), name=name)
    remove = Edit("remove", finding.pointer)
    if name in node:
        return finding.repaired_by(f"Remove {name} there", remove)
    moved = Edit("add", pointers.join((*path, name)), value)
    return finding.repaired_by(f"Move {name} beside properties", moved, remove)
