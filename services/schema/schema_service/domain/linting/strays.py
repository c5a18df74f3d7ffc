"""Operations, paths and members that stand where OpenAPI has no such thing, mostly because they are
indented too far or not far enough: nothing reads them there.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any

from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.looks import (
    ALL_METHODS,
    are_answers,
    holds_operations,
    is_answer,
    is_content,
    is_foreign_to_paths,
    is_member,
    is_operation,
    is_path_item,
)
from schema_service.domain.finding import Finding
from schema_service.domain.linting.known_members import MEMBERS, Child, Held
from schema_service.domain.linting.known_objects import Node, Path, objects_of
from schema_service.domain.linting.stray_words import Columns, Stray, about

MAX_STRAYS = 40
_IN_SCHEMAS = frozenset({"components", "parameters", "paths", "requestBody", "responses"})
"""Members that are looked for among the keywords of schemas, which may have any others."""
_OF_SWAGGER = frozenset({"parameters", "responses"})
"""Members of a document that only Swagger 2.0 has."""
_OF_OPERATION = MEMBERS["operation"]
_MAPS = frozenset({"path", "response", "media", "parameter", "body", "scheme", "schema"})
_OPEN_MAPS = frozenset({"patternProperties", "$defs", "dependentSchemas", "additionalOperations"})
"""Where any name may stand."""


def strays(
    document: dict[str, Any], dialect: Dialect, columns: Columns | None = None
) -> list[Finding]:
    """Each an error, in the order of the objects that they stand in. `columns` gives the line and
    column of what stands at a pointer; None where columns mean nothing.
    """
    found: list[Stray] = []
    within: set[Path] = set()
    for each in islice(_strays(document, dialect), MAX_STRAYS):
        place = each.place
        if not any(place[:depth] in within for depth in range(1, len(place))):
            found.append(each)
            within.add(place)
    return [about(each, document, dialect, columns) for each in found]


def has_strays(tree: Any) -> bool:
    """Whether a text that reads so has any."""
    if not isinstance(tree, dict) or not {"openapi", "swagger"} & tree.keys():
        return False
    dialect = Dialect.OPENAPI_31 if "openapi" in tree else Dialect.SWAGGER_2
    return next(_strays(tree, dialect), None) is not None


def has_emptied(tree: Any) -> bool:
    """Whether something without a value stands before a member of its own: `schemas:` and then a
    schema in its column.
    """
    if not isinstance(tree, dict) or not {"openapi", "swagger"} & tree.keys():
        return False
    dialect = Dialect.OPENAPI_31 if "openapi" in tree else Dialect.SWAGGER_2
    return any(_is_emptied(node, kind) for node, kind, _ in objects_of(tree, dialect))


def _is_emptied(node: dict[str, Any], kind: str) -> bool:
    known = MEMBERS[kind]
    for name, after in _without_value(node):
        if known.get(name) is not None and after not in known:
            return True
    return any(
        after in own and name not in own
        for holder, value in node.items()
        for own in [_of_entries(holder, known.get(holder))]
        if own and type(value) is dict
        for name, after in _without_value(value)
    )


def _of_entries(name: str, child: Child | None) -> Collection[str]:
    """The members of what stands below names of the document's own in the member."""
    if child is None:
        return _OF_ENTRIES.get(name, ())
    return MEMBERS[child.kind] if child.held is Held.NAMED else ()


def _without_value(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each with the name of the member behind it."""
    for name, after in pairwise(node):
        if node[name] is None and not after.startswith("x-"):
            yield name, after


_OF_ENTRIES: Mapping[str, Collection[str]] = {
    "examples": ("value", "externalValue", "summary"),
    "links": ("operationId", "operationRef"),
}


def _strays(document: dict[str, Any], dialect: Dialect) -> Iterator[Stray]:
    is_swagger = dialect is Dialect.SWAGGER_2
    for node, kind, path in objects_of(document, dialect):
        known = MEMBERS[kind]
        if is_swagger or kind != "document":
            unknown = [] if known.keys() >= node.keys() else [n for n in node if n not in known]
        else:
            unknown = [n for n in node if n not in known or n in _OF_SWAGGER]
        if unknown:
            yield from _in_object((node, kind, path), unknown)
        for name, value in node.items():
            child = known.get(name)
            if child is None or child.held is not Held.NAMED or type(value) is not dict:
                continue
            if name == "properties":
                yield from _in_properties(value, (*path, name))
            elif child.kind in _MAPS and name not in _OPEN_MAPS:
                yield from _in_map(value, child.kind, (*path, name))


def _in_object(node: Node, unknown: list[str]) -> Iterator[Stray]:
    members, kind, path = node
    opened = _opened(members, kind, path, unknown)
    taken: frozenset[str] = frozenset()
    if opened is not None:
        yield opened
        taken = frozenset({opened.name, *opened.members})
    for name in unknown:
        if name in taken or name.startswith("x-"):
            continue
        if _is_stray(name, members[name], kind):
            yield Stray(name, members[name], kind, path)


def _is_stray(name: str, value: Any, kind: str) -> bool:
    is_schema = kind == "schema"
    if name.startswith("/"):
        if is_schema:
            return holds_operations(value)
        return value is None or kind == "operation" or is_path_item(value)
    if name.lower() in ALL_METHODS:
        if kind == "path":
            return False
        if value is None:
            return kind == "operation"
        return is_operation(value) or (kind == "operation" and isinstance(value, dict))
    if is_schema:
        return name in _IN_SCHEMAS and is_member(name, value) and not _may_be_property(name, value)
    if kind == "operation" and name == "content":
        return is_content(value)
    return is_member(name, value) or is_answer(name, value)


def _may_be_property(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name in _OF_SWAGGER and not are_answers(value)


def _in_properties(members: dict[str, Any], path: Path) -> Iterator[Stray]:
    """Any name may stand there: only what has all that an operation has is one."""
    for name in [each for each in members if each in ALL_METHODS]:
        value = members[name]
        if is_operation(value) and are_answers(value.get("responses")) and "operationId" in value:
            yield Stray(name, value, "schema", path, in_map=True)


def _in_map(members: dict[str, Any], kind: str, path: Path) -> Iterator[Stray]:
    for name, value in members.items():
        if name.startswith("x-"):
            continue
        if kind == "path":
            is_stray = path[-1:] == ("paths",) and is_foreign_to_paths(name, value)
        elif name.startswith("/"):
            in_answers = kind == "response" and path[:1] == ("paths",)
            is_stray = in_answers or holds_operations(value)
        elif name.lower() in ALL_METHODS:
            is_stray = is_operation(value)
        elif kind == "response" and path[:1] == ("paths",):
            is_stray = is_member(name, value) or (name == "content" and is_content(value))
        else:
            is_stray = name in _SECTIONS and name != path[-1] and _is_section(name, value, kind)
        if is_stray:
            yield Stray(name, value, kind, path, in_map=True)


def _is_section(name: str, value: Any, kind: str) -> bool:
    """Whether it is no object of the kind which is called so, such as a schema for responses: none
    of its members may be what the kind has by that name.
    """
    if not is_member(name, value) or not isinstance(value, dict):
        return False
    known = MEMBERS[kind]
    if any(each in known and _may_be(known[each], each, held) for each, held in value.items()):
        return False
    return not value.keys() <= _ANYTHING


def _may_be(child: Child | None, name: str, value: Any) -> bool:
    """Whether a member may have the value; what may have any says nothing."""
    if child is None:
        return name not in _ANYTHING and not isinstance(value, dict)
    if child.held is Held.LIST:
        return isinstance(value, list)
    if child.held is Held.NAMED:
        is_map = isinstance(value, dict) and (name != "content" or is_content(value))
        return is_map and all(isinstance(each, dict | bool) for each in value.values())
    return _is_one(value, child.kind)


def _is_one(value: Any, kind: str) -> bool:
    if not isinstance(value, dict):
        return kind == "schema" and isinstance(value, bool | list)
    return all(each in MEMBERS[kind] or each.startswith("x-") for each in value)


_ANYTHING = frozenset({"default", "example", "examples", "const"})


_SECTIONS = frozenset({"parameters", "requestBodies", "responses", "securitySchemes", "paths"})


def _opened(members: dict[str, Any], kind: str, path: Path, unknown: list[str]) -> Stray | None:
    """A method or a body without a value whose members stand beside it, or beside what it is in:
    its line is indented too far.
    """
    if kind in ("operation", "path", "document"):
        return None
    names = [*members]
    if "requestBody" in unknown and members["requestBody"] is None and kind != "schema":
        rest = names[names.index("requestBody") + 1 :]
        return _with_rest("requestBody", rest, _OF_BODY, Stray("", members, kind, path))
    strong = [each for each in unknown if each in _STRONG and is_member(each, members[each])]
    for position in range(names.index(strong[0]) - 1, -1, -1) if strong else ():
        where = _last_method(members, names[position])
        if where is not None:
            rest = names[position + 1 :]
            here = Stray("", members, kind, path, key=(*path, *where))
            return _with_rest(str(where[-1]), rest, _OF_OPERATION, here)
    return None


def _with_rest(name: str, rest: list[str], known: Collection[str], here: Stray) -> Stray:
    """With what follows it as its members; `here` has all members of the object as its value."""
    below = tuple(each for each in rest if each in known or each.startswith("x-"))
    value = {each: here.value[each] for each in below}
    return replace(here, name=name, value=value, members=below, is_whole=len(below) == len(rest))


_OF_BODY = MEMBERS["body"]
_STRONG = ("operationId", "responses", "requestBody")


def _last_method(members: dict[str, Any], name: str) -> Path | None:
    """The steps to a method without a value that ends what stands in the member."""
    steps: Path = (name,)
    value: Any = members[name]
    while not (value is None and str(steps[-1]).lower() in ALL_METHODS):
        if not isinstance(value, dict | list) or not value:
            return None
        step = [*value][-1] if isinstance(value, dict) else len(value) - 1
        value = value[step]
        steps = (*steps, step)
    return steps
