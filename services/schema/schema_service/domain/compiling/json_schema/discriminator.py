"""Which value of a discriminator stands for which schema (OAS 3.1, 4.8.25; 2.0, 5.2.9)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.json_schema.composed import Composed
from schema_service.domain.compiling.json_schema.typed import (
    as_declared,
    fitted,
    is_among,
    once,
    same_as,
)
from schema_service.domain.compiling.references import Broken, Path, References, Target
from schema_service.domain.finding import Finding
from schema_service.domain.pointers import MISSING

MAX_SUBTYPES = 40
"""A parent with more stays as it is: all of them would fill what an operation has room for."""
UNIONS = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the schemas that a discriminator chooses from, and the values that stand for it;
    none: no value selects it.
    """

    node: Any
    path: Path
    values: tuple[Any, ...] = ()
    referred: bool = True
    """Whether it stands somewhere else, where others may refer to it, too."""
    others: tuple[Any, ...] = ()
    """The values of all other branches, where none stands for this one: it has none of theirs."""


_Asked = tuple[str, Path, tuple[Any, ...]]
"""The deciding member, where a branch is, and the values that are named for it."""


def property_of(node: dict[str, Any]) -> str | None:
    """The member that decides; Swagger 2.0 names it alone."""
    declared = node.get("discriminator")
    name = declared.get("propertyName") if isinstance(declared, dict) else declared
    return name if isinstance(name, str) and name else None


class Discriminators:
    """Of one document."""

    def __init__(self, references: References, composed: Composed) -> None:
        self._document = references.document
        self._references = references
        self._composed = composed
        self._children: dict[Path, list[Target]] | None = None
        self._known_extending: dict[Path, list[Target]] = {}
        self._known_subtypes: dict[Path, list[Branch]] = {}
        self._known_listed: dict[Path, list[Any]] = {}
        self._known_values: dict[_Asked, tuple[Any, ...]] = {}
        self._known_branches: dict[tuple[str, tuple[_Asked, ...]], list[Branch]] = {}

    def is_parent(self, node: Any, path: Path) -> bool:
        """Whether it stands for schemas that it does not list."""
        if not isinstance(node, dict) or property_of(node) is None:
            return False
        return not any(keyword in node for keyword in UNIONS) and bool(self.subtypes(node, path))

    def is_extended(self, node: Any, path: Path) -> bool:
        """Whether schemas that it stands for, or lists, refer to it as a part of themselves."""
        if not isinstance(node, dict) or property_of(node) is None:
            return False
        return self.is_parent(node, path) or bool(self._extending(path))

    def alternatives(self, node: dict[str, Any], path: Path, keyword: str) -> list[Branch]:
        """Of a schema that lists its alternatives under this keyword."""
        name, mapping = property_of(node) or "", self._mapping(node)
        found = []
        for index, each in enumerate(node[keyword]):
            reference = each.get("$ref") if isinstance(each, dict) else None
            target = self._references.target(reference) if reference is not None else None
            if isinstance(target, Target):
                implicit = str(reference).rpartition("/")[2]
                values = mapping.get(target.path, (implicit,))
                found.append(Branch(target.value, target.path, tuple(values)))
            else:
                found.append(Branch(each, (*path, keyword, index), referred=False))
        return self._with_default(node, self._distinct(found, name))

    def subtypes(self, node: dict[str, Any], path: Path) -> list[Branch]:
        """Of a parent: what its mapping names, then the components that extend it (`allOf`)."""
        known = self._known_subtypes.get(path)
        if known is None:
            known = self._known_subtypes[path] = self._subtypes_found(node, path)
        return known

    def _subtypes_found(self, node: dict[str, Any], path: Path) -> list[Branch]:
        name, mapping = property_of(node) or "", self._mapping(node)
        by_path = {each.path: each for each in self._extending(path)}
        found: dict[Path, Branch] = {}
        for where, values in mapping.items():
            value = pointers.look_up(self._document, where)
            found[where] = Branch(value, where, tuple(values))
        for where, child in by_path.items():
            if where not in found:
                found[where] = Branch(child.value, where, (str(where[-1]),))
        if set(found) <= {path} or len(found) > MAX_SUBTYPES:
            return []
        return self._with_default(node, self._distinct(list(found.values()), name))

    def _with_default(self, node: dict[str, Any], branches: list[Branch]) -> list[Branch]:
        """The branch of `defaultMapping` takes every value that stands for no other one, and none
        (OAS 3.2, 4.25.3).
        """
        declared = node.get("discriminator")
        text = declared.get("defaultMapping") if isinstance(declared, dict) else None
        target = self._mapped(text) if text is not None else None
        if not isinstance(target, Target):
            return branches
        theirs = (value for each in branches if each.path != target.path for value in each.values)
        others = tuple(theirs)
        return [
            replace(each, values=(), others=others) if each.path == target.path else each
            for each in branches
        ]

    def has_mapping(self, node: dict[str, Any]) -> bool:
        return bool(self._mapping(node))

    def broken_mappings(self, node: dict[str, Any], path: Path) -> Iterator[Finding]:
        declared = node.get("discriminator")
        mapping = declared.get("mapping") if isinstance(declared, dict) else None
        for value, text in mapping.items() if isinstance(mapping, dict) else ():
            if isinstance(self._mapped(text), Broken):
                where = (*path, "discriminator", "mapping", value)
                yield rules.DISCRIMINATOR_MAPPING.at(where, value=value, reference=text)
        other = declared.get("defaultMapping") if isinstance(declared, dict) else None
        if other is not None and isinstance(self._mapped(other), Broken):
            where = (*path, "discriminator", "defaultMapping")
            yield rules.DISCRIMINATOR_DEFAULT.at(where, reference=other)

    def _mapping(self, node: dict[str, Any]) -> dict[Path, list[str]]:
        declared = node.get("discriminator")
        mapping = declared.get("mapping") if isinstance(declared, dict) else None
        found: dict[Path, list[str]] = {}
        for value, text in mapping.items() if isinstance(mapping, dict) else ():
            target = self._mapped(text)
            if isinstance(target, Target):
                found.setdefault(target.path, []).append(str(value))
        return found

    def _mapped(self, text: Any) -> Target | Broken:
        """A component's name, or else a reference."""
        if isinstance(text, str) and "/" not in text and "#" not in text:
            named = self._references.target(f"#/{'/'.join(self._section)}/{text}")
            if isinstance(named, Target):
                return named
        return self._references.target(text)

    @property
    def _section(self) -> tuple[str, ...]:
        return ("definitions",) if "swagger" in self._document else ("components", "schemas")

    def _extending(self, path: Path) -> list[Target]:
        """The components that have it among their `allOf`, directly or not."""
        known = self._known_extending.get(path)
        if known is None:
            known = self._known_extending[path] = self._found_extending(path)
        return known

    def _found_extending(self, path: Path) -> list[Target]:
        if self._children is None:
            self._children = self._read_children()
        found: dict[Path, Target] = {}
        waiting = [path]
        while waiting and len(found) <= MAX_SUBTYPES:
            for child in self._children.get(waiting.pop(0), ()):
                if child.path not in found and child.path != path:
                    found[child.path] = child
                    waiting.append(child.path)
        return list(found.values())

    def _read_children(self) -> dict[Path, list[Target]]:
        schemas = pointers.look_up(self._document, self._section)
        children: dict[Path, list[Target]] = {}
        for name, node in schemas.items() if isinstance(schemas, dict) else ():
            parts = node.get("allOf") if isinstance(node, dict) else None
            for part in parts if isinstance(parts, list) else ():
                reference = part.get("$ref") if isinstance(part, dict) else None
                parent = self._references.target(reference) if reference is not None else None
                if isinstance(parent, Target):
                    here = Target(node, (*self._section, name))
                    children.setdefault(parent.path, []).append(here)
        return children

    def _distinct(self, branches: list[Branch], name: str) -> list[Branch]:
        """With the values that the branches themselves allow; without those that tell nothing.

        Worked out once for the same references, however many unions list them.
        """
        if not all(each.referred for each in branches):
            return self._distinguished(branches, name)
        asked = name, tuple((name, each.path, each.values) for each in branches)
        known = self._known_branches.get(asked)
        if known is None:
            known = self._known_branches[asked] = self._distinguished(branches, name)
        return known

    def _distinguished(self, branches: list[Branch], name: str) -> list[Branch]:
        marked = [replace(each, values=self._values(each, name)) for each in branches]
        keys = [{same_as(value) for value in each.values} for each in marked]
        branches_with = Counter(key for each in keys for key in each)
        return [
            replace(each, values=()) if any(branches_with[key] > 1 for key in own) else each
            for each, own in zip(marked, keys, strict=True)
        ]

    def _values(self, branch: Branch, name: str) -> tuple[Any, ...]:
        """Named values as far as the member allows them; else all that it allows, if it says so."""
        asked = name, branch.path, branch.values
        known = self._known_values.get(asked)
        if known is None:
            known = self._known_values[asked] = self._values_found(branch, name)
        return known

    def _values_found(self, branch: Branch, name: str) -> tuple[Any, ...]:
        own, kinds = self._own_values(branch, name)
        if not own:
            read = [fitted(value, kinds) if kinds else value for value in branch.values]
            return tuple(value for value in read if value is not pointers.MISSING)
        named = {str(value) for value in branch.values}
        both = [value for value in own if str(value) in named]
        return tuple(once(both or [value for value in own if isinstance(value, str | int)]))

    def _own_values(self, branch: Branch, name: str) -> tuple[list[Any], Sequence[str]]:
        """What a branch says of the member: its values, if they are listed, and its types."""
        values: list[Any] = []
        kinds: Sequence[str] = ()
        for each, where in self._said_of(branch, name):
            kinds = _kinds(each) or kinds
            listed = self._listed(each, where)
            if not values or len(listed) < len(values):
                values = listed or values
        return values, kinds

    def _said_of(self, branch: Branch, name: str) -> Iterator[tuple[dict[str, Any], Path]]:
        """Each schema that a branch has for the member, with its place."""
        for part, path in self._composed.parts(branch.node, branch.path):
            properties = part.get("properties")
            if isinstance(properties, dict) and name in properties:
                yield from self._composed.parts(properties[name], (*path, "properties", name))

    def _listed(self, node: dict[str, Any], path: Path) -> list[Any]:
        """Its values as its own type says, as they become those of the compiled schema."""
        known = self._known_listed.get(path)
        if known is None:
            known = self._known_listed[path] = self._values_listed(node, path)
        return known

    def _values_listed(self, node: dict[str, Any], path: Path) -> list[Any]:
        enum = node.get("enum")
        places: list[Path] = (
            [("enum", i) for i in range(len(enum))] if isinstance(enum, list) else []
        )
        places = [("const",)] if "const" in node else places
        kinds = _kinds(node)
        values = [pointers.look_up(node, place) for place in places]
        if not kinds:
            return values
        written = self._references.written
        read = [
            value if value is None else as_declared(value, kinds, (*path, *place), written)
            for value, place in zip(values, places, strict=True)
        ]
        return [value for value in read if value is not pointers.MISSING] or values


def _kinds(node: dict[str, Any]) -> list[str]:
    """The types that a schema names; none where it names them in no way that can be read."""
    kinds = node.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind for kind in listed if isinstance(kind, str)]


def branch_of(schema: Any, name: str, branch: Branch) -> Any:
    """The schema of a branch, its deciding member kept to the values that mean it."""
    if not branch.others or not isinstance(schema, dict):
        return pinned(schema, name, branch.values)
    properties = schema.get("properties", {})
    member = properties.get(name)
    free: dict[str, Any] = {"not": {"enum": list(branch.others)}}
    if isinstance(member, dict):
        free = {"allOf": [member, free]} if "not" in member else {**member, **free}
        if "default" in free and is_among(free["default"], branch.others):
            del free["default"]
    made = {**schema, "properties": {**properties, name: free}}
    default = schema.get("default")
    if isinstance(default, dict) and is_among(default.get(name, MISSING), branch.others):
        del made["default"]
    return made


def pinned(schema: Any, name: str, values: Sequence[Any]) -> Any:
    """The schema of a branch, its deciding member required to have one of these values."""
    if not values or not isinstance(schema, dict):
        return schema
    properties = schema.get("properties", {})
    member = properties.get(name)
    member = (
        {k: v for k, v in member.items() if k not in ("enum", "const", "examples")}
        if (isinstance(member, dict))
        else {}
    )
    if "$ref" not in member and all(isinstance(value, str) for value in values):
        member.setdefault("type", "string")
    if "default" in member and not is_among(member["default"], values):
        del member["default"]
    member |= {"const": values[0]} if len(values) == 1 else {"enum": list(values)}
    required = [*schema.get("required", ())]
    default = schema.get("default")
    known = isinstance(default, dict) and is_among(default.get(name, MISSING), values)
    return {
        **(schema if known else {k: v for k, v in schema.items() if k != "default"}),
        "type": "object",
        "properties": {name: member} | {k: v for k, v in properties.items() if k != name},
        "required": required if name in required else [*required, name],
    }


def member_of(schema: Any, name: str) -> Any:
    """What a compiled schema says of one of its members itself; None where it says nothing."""
    return schema.get("properties", {}).get(name) if isinstance(schema, dict) else None


def union_of(branches: Sequence[Branch], schemas: list[Any]) -> dict[str, Any]:
    """`oneOf` where each branch has a value of its own, else `anyOf`: no value fits two then."""
    distinct = all(branch.values for branch in branches)
    return {"oneOf" if distinct else "anyOf": schemas}
