"""What is said of a member that stands in the wrong place: where it is, where it belongs, by how
many columns it must move; and the repair that moves it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.looks import ALL_METHODS, STATUS, are_answers
from schema_service.domain.compiling.path_rules import (
    OPERATION_MISPLACED,
    PATH_INSIDE_OPERATION,
    PATH_MISPLACED,
)
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting import rules
from schema_service.domain.linting.known_objects import Around, Path, around

Columns = Callable[[str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Stray:
    """`kind` and `path` are those of what it stands in. `members` are the names of those beside it
    that are its own, where it has no value itself; `key` is where it stands, if deeper than there.
    """

    name: str
    value: Any
    kind: str
    path: Path
    in_map: bool = False
    members: tuple[str, ...] = ()
    key: Path = ()
    is_whole: bool = True
    """Whether all that follows it is its own."""

    @property
    def written(self) -> str:
        """Its name where it belongs: methods in small letters."""
        return self.name.lower() if self.name.lower() in ALL_METHODS else self.name

    @property
    def place(self) -> Path:
        return self.key or (*self.path, self.name)


@dataclass(frozen=True, slots=True)
class _Home:
    """The object that it belongs to; `node` is None where it is not there or has no members yet."""

    words: str
    path: Path
    node: dict[str, Any] | None
    is_there: bool = True

    def has(self, name: str) -> bool:
        """Of methods also what is written in capitals."""
        names = [each for each in self.node or () if each == name or _is_method(each, name)]
        return self.node is not None and any(self.node[each] is not None for each in names)


def _is_method(key: str, name: str) -> bool:
    return name in ALL_METHODS and key.lower() == name


def about(
    stray: Stray, document: dict[str, Any], dialect: Dialect, columns: Columns | None
) -> Finding:
    levels = around(document, stray.path)
    home = _home(stray, levels, document, dialect)
    finding = _finding(stray, levels[0], _hint(stray, home, columns))
    if home is None or home.has(stray.written) or not stray.is_whole or _is_open(stray):
        return finding
    edits = [*_added(stray, home), *_removed(stray)]
    source = f" out of {_where(levels[0]).partition(' ')[2]}" * bool(stray.path)
    return finding.repaired_by(f"Move {stray.name}{source} to {home.words}", *edits)


def _is_open(stray: Stray) -> bool:
    """A method without a value, of which it is not known what belongs to it."""
    return stray.value is None


def _finding(stray: Stray, holder: Around, hint: str) -> Finding:
    if stray.name.startswith("/"):
        rule = PATH_INSIDE_OPERATION if stray.kind == "operation" else PATH_MISPLACED
        return rule.at(stray.place, path=stray.name, where=_where(holder), hint=hint)
    if stray.name.lower() in ALL_METHODS:
        return OPERATION_MISPLACED.at(
            stray.place, method=stray.name, where=_where(holder), hint=hint
        )
    return rules.MEMBER_MISPLACED.at(stray.place, name=stray.name, where=_where(holder), hint=hint)


def _added(stray: Stray, home: _Home) -> Iterator[Edit]:
    name = stray.written
    if home.node is not None:
        is_there, where, value = name in home.node, (*home.path, name), stray.value
    else:
        is_there, where, value = home.is_there, home.path, {name: stray.value}
    yield Edit("replace" if is_there else "add", pointers.join(where), value)


def _removed(stray: Stray) -> Iterator[Edit]:
    yield Edit("remove", pointers.join(stray.place))
    for name in stray.members:
        yield Edit("remove", pointers.join((*stray.path, name)))


def _home(
    stray: Stray, levels: list[Around], document: dict[str, Any], dialect: Dialect
) -> _Home | None:
    name, value = stray.name, stray.value
    if name.startswith("/"):
        has_paths = isinstance(document.get("paths"), dict)
        return _member_of(document, (), "paths", "the other paths") if has_paths else None
    if name.lower() in ALL_METHODS:
        return _nearest(levels, ("path",))
    if STATUS.fullmatch(name) or name == "default":
        within = _enclosing(levels, ("operation",))
        if within is None:
            return None
        return _member_of(within.node, within.path, "responses", "the responses")
    if name == "content":
        return _body_of(levels)
    is_named = isinstance(value, dict) and not are_answers(value)
    if name in _SECTIONS or (name in ("parameters", "responses") and is_named):
        if dialect is Dialect.SWAGGER_2:
            return None
        return _member_of(document, (), "components", "components")
    return _nearest(levels, _HOMES.get(name, ("document",)))


_SECTIONS = frozenset({"schemas", "requestBodies", "securitySchemes"})
_HOMES = {
    "operationId": ("operation",),
    "parameters": ("operation", "path"),
    "requestBody": ("operation",),
    "responses": ("operation",),
    "security": ("operation", "document"),
    "servers": ("operation", "path", "document"),
}
"""The kinds of objects that have such a member; all others are the document's."""


def _enclosing(levels: list[Around], kinds: tuple[str, ...]) -> Around | None:
    return next((each for each in levels if each.kind in kinds and not each.is_map), None)


def _nearest(levels: list[Around], kinds: tuple[str, ...]) -> _Home | None:
    found = _enclosing(levels, kinds)
    return None if found is None else _Home(_named(found), found.path, found.node)


def _body_of(levels: list[Around]) -> _Home | None:
    """Where one is begun, and empty."""
    operation = _enclosing(levels[:1], ("operation",))
    if operation is None or operation.node.get("requestBody", 0) not in (None, {}):
        return None
    return _member_of(operation.node, operation.path, "requestBody", "requestBody")


def _member_of(holder: dict[str, Any], path: Path, name: str, words: str) -> _Home | None:
    node = holder.get(name)
    if node is not None and not isinstance(node, dict):
        return None
    return _Home(words, (*path, name), node, name in holder)


def _hint(stray: Stray, home: _Home | None, columns: Columns | None) -> str:
    if home is None:
        if stray.name.startswith("/"):
            return "Write it below paths, and indent it deeper than paths."
        return _WITHOUT_HOME.get(stray.name.lower(), _WITHOUT_HOME[""])
    if home.has(stray.written):
        return (
            f"It belongs to {home.words}, which has {stray.written} already: keep one of the two, "
            "or give this one a place of its own."
        )
    moved = _moved(stray, home, columns)
    return f"{moved}: it belongs to {home.words}."


_NO_METHOD = (
    "Write it below the path that it belongs to, which begins with a slash, and indent it deeper "
    "than that path."
)
_WITHOUT_HOME = dict.fromkeys(ALL_METHODS, _NO_METHOD) | {
    "content": "Write it below requestBody if it describes what is sent, or below the status of an "
    "answer, such as 200, and indent it deeper than that.",
    "": "Write it below the method that it is about, such as get or post, and indent it deeper "
    "than that method.",
}


def _moved(stray: Stray, home: _Home, columns: Columns | None) -> str:
    """How the lines are moved, as far as the text shows it."""
    plain = "Move it, with all that belongs to it"
    if columns is None:
        return plain
    line, column = columns(pointers.join(stray.place))
    if stray.path and columns(pointers.join(stray.path))[0] == line:
        return plain  # on one line with what it stands in: columns mean nothing
    if not home.is_there:
        return f"Write {home.path[-1]}: above it, and indent it, with the lines that belong to it"
    if not home.node:
        return f"Indent it, with the lines that belong to it, deeper than {home.path[-1]}"
    first = next(iter(home.node))
    target = columns(pointers.join((*home.path, first)))[1]
    if target == column:
        return plain
    many = f"{abs(column - target)} column{'s' * (abs(column - target) > 1)}"
    side = "left" if target < column else "right"
    return (
        f"Move it, with the lines that belong to it, to the {side} by {many}, so that it begins in "
        f"column {target}"
    )


def _named(each: Around) -> str:
    last = str(each.path[-1]) if each.path else ""
    if each.kind == "path":
        return f"path {last}"
    if each.kind == "operation":
        return f"{last} of {each.path[-2]}"
    return "the document itself"


def _where(holder: Around) -> str:
    """With a preposition."""
    if holder.is_map:
        return f"among the {_MAPS.get(holder.kind, holder.kind)}"
    if holder.kind == "document":
        return "at the outermost level"
    if holder.kind in ("path", "operation"):
        return f"in {_named(holder)}"
    return f"in {_WORDS.get(holder.kind, f'a {holder.kind}')}"


_MAPS = {
    "body": "request bodies",
    "media": "media types",
    "parameter": "parameters",
    "path": "paths",
    "response": "answers",
    "schema": "schemas",
    "scheme": "security schemes",
}
_WORDS = {
    "body": "a request body",
    "components": "components",
    "docs": "externalDocs",
    "info": "info",
    "media": "a media type",
    "operation": "an operation",
    "response": "an answer",
    "scheme": "a security scheme",
    "variable": "a server's variable",
    "xml": "an xml object",
    "encoding": "an encoding",
}
