"""The objects of a document that OpenAPI names, each with its kind and what is around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.linting.known_members import MEMBERS, Child, Held

MAX_OBJECTS = 25_000
"""Beyond, nothing is looked for: such documents are made by programs, which do not misspell."""
Path = tuple[str | int, ...]
Node = tuple[dict[str, Any], str, Path]


@dataclass(frozen=True, slots=True)
class Around:
    """An object, or a map of objects below names of the document's own."""

    kind: str
    path: Path
    node: dict[str, Any]
    is_map: bool = False


def objects_of(document: dict[str, Any], dialect: Dialect) -> Iterator[Node]:
    """Each object once, with its kind and where it stands, in the order of the document."""
    swagger = dialect is Dialect.SWAGGER_2
    stack: list[Node] = [(document, "document", ())]
    seen: set[int] = set()
    while stack and len(seen) < MAX_OBJECTS:
        node, kind, path = stack.pop()
        if id(node) in seen:
            continue  # an alias of YAML
        seen.add(id(node))
        if swagger and kind in ("parameter", "header"):
            kind = f"swagger {kind}"
        yield node, kind, path
        children = MEMBERS[kind]
        below = len(stack)
        for name, value in node.items():
            child = children.get(name)
            if child is not None and (type(value) is dict or type(value) is list):
                stack += _held(child, value, (*path, name))
        if len(stack) - below > 1:
            stack[below:] = reversed(stack[below:])


def _held(child: Child, value: dict[str, Any] | list[Any], path: Path) -> Iterator[Node]:
    members: Mapping[Any, Any] | None = None
    if child.held is Held.NAMED and type(value) is dict:
        members = value
    elif (type(value) is list and child.kind == "schema") or child.held is Held.LIST:
        members = dict(enumerate(value)) if type(value) is list else None
    elif type(value) is dict:
        yield value, child.kind, path
    for name, each in members.items() if members else ():
        if type(each) is dict:
            yield each, child.kind, (*path, name)


def around(document: dict[str, Any], path: Path) -> list[Around]:
    """What holds the place, and what holds that, the innermost first: up to the document."""
    found: list[Around] = []
    node: Any = document
    state: Child | None = Child(Held.ONE, "document")
    for depth in range(len(path) + 1):
        if type(node) is dict and state is not None:
            is_map = state.held is Held.NAMED
            found.append(Around(state.kind, path[:depth], node, is_map))
        if depth == len(path) or not isinstance(node, dict | list):
            break
        step = path[depth]
        if state is not None and type(node) is dict:
            is_map = state.held is Held.NAMED
            state = Child(Held.ONE, state.kind) if is_map else MEMBERS[state.kind].get(str(step))
        elif state is not None:
            state = Child(Held.ONE, state.kind)
        node = node[step]
    return found[::-1]
