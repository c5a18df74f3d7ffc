"""The objects that hold the lines of a YAML text that cannot be read, by the columns above them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schema_service.domain.linting.known_members import MEMBERS, Child, Held
from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_line import Line, filled_lines, is_blank, line_of, width

OF_SWAGGER = frozenset(
    {"host", "basePath", "schemes", "consumes", "produces", "definitions"}
    | {"parameters", "responses"}
)
"""Members of a document that only Swagger 2.0 has."""
MAX_HEAD = 50
"""Lines within which a document says its version."""
_PLAIN_LISTS = frozenset({"tags", "security", "required", "enum", "consumes", "produces"})
"""Lists whose items have no members that OpenAPI names, where nothing else is known of them."""

_PAIRS = (
    ("schema", "content"),
    ("example", "examples"),
    ("value", "externalValue"),
    ("operationId", "operationRef"),
)
"""Of each, an object has one (OAS 3.1, 4.8.12, 4.8.14, 4.8.19 to 4.8.21)."""
APART = dict(_PAIRS) | {two: one for one, two in _PAIRS}
_DIGITS = frozenset("123456789/")
"""What a status or a path begins with."""
_OTHER_MAPS = {
    "examples": Child(Held.NAMED, "example"),
    "links": Child(Held.NAMED, "link"),
    "callbacks": Child(Held.NAMED, "callback"),
}
"""Maps with names of the document's own, in which nothing else is looked for."""
_OTHER_KINDS: Mapping[str, Mapping[str, Child | None]] = {
    "example": dict.fromkeys(
        ("$ref", "summary", "description", "value", "externalValue", "dataValue")
    ),
    "link": dict.fromkeys(
        ("$ref", "operationRef", "operationId", "parameters", "requestBody", "description")
    )
    | {"server": Child(Held.ONE, "server")},
    "callback": {},
}
"""OAS 3.2, 4.8.19 and 4.8.20; expressions are the names in a callback."""


@dataclass(frozen=True, slots=True)
class Level:
    """An object, with the column of its members and those that OpenAPI gives it; None: unknown."""

    column: int
    members: Mapping[str, Child | None] | None
    names: str = ""
    """What stands below names of the document's own, where the object has those."""

    def takes(self, key: str | None) -> bool:
        return self.members is not None and key in self.members

    def may_hold(self, text: str) -> bool:
        """Whether the line begins a member of it; also one of a name of the document's own."""
        return self.may_hold_line(line_of(text))

    def may_hold_line(self, line: Line) -> bool:
        key = (line.key or "").strip("\"'")
        if not self.names:
            return self.takes(key)
        if self.names in ("path", "media"):
            return "/" in key
        if self.names == "response":
            return key == "default" or key[:1].isdigit()
        if self.names in _OTHER_KINDS and (key in openapi_names.ALL or key[:1] in _DIGITS):
            return False
        return line.value[:1] in ("", "{", "&")

    def holds_names(self, key: str | None) -> bool:
        """Whether the member has names of the document's own below it, as `paths` has."""
        child = self.members.get(key or "") if self.members is not None else None
        return child is not None and child.held is Held.NAMED


@dataclass(frozen=True, slots=True)
class _Step:
    """A key with its column, or an item of a list (None) with the column of its members."""

    key: str | None
    column: int


def is_of_swagger(lines: Sequence[str]) -> bool:
    return any(line_of(line).key == "swagger" for line in lines[:MAX_HEAD])


def levels(lines: list[str], failed: int) -> list[Level]:
    """Those that are open at the failed line, the innermost first."""
    swagger = is_of_swagger(lines)
    found: list[Level] = []
    state: Child | None = Child(Held.ONE, "document")
    for step in reversed([*_steps(lines, failed)]):
        if step.key is None:
            is_known = state is not None and state.held is Held.LIST
            state = Child(Held.ONE, state.kind) if state is not None and is_known else None
            found.append(Level(step.column, _members(state, swagger=swagger)))
            continue
        members = _members(state, swagger=swagger)
        if not found or found[-1].column < step.column:
            is_named = state is not None and state.held is Held.NAMED
            found.append(Level(step.column, members, state.kind if state and is_named else ""))
        state = _below(state, members, step.key)
    return found[::-1]


def _members(state: Child | None, *, swagger: bool) -> Mapping[str, Child | None] | None:
    if state is None:
        return None
    if state.held is not Held.ONE:
        return {}
    if state.kind in _OTHER_KINDS:
        return _OTHER_KINDS[state.kind]
    named = f"swagger {state.kind}"
    return MEMBERS.get(named if swagger and named in MEMBERS else state.kind, {})


def _below(
    state: Child | None, members: Mapping[str, Child | None] | None, key: str
) -> Child | None:
    if state is not None and state.held is Held.NAMED:
        return Child(Held.ONE, state.kind)
    child = members.get(key) if members is not None else None
    if child is None and members is not None and key in members:
        child = _OTHER_MAPS.get(key)
    return Child(Held.LIST, "") if child is None and key in _PLAIN_LISTS else child


def _steps(lines: list[str], failed: int) -> Iterator[_Step]:
    """From the failed line upwards: the lines that hold it, and the one above it in its column."""
    limit, inner, items_at = width(lines[failed]) + 1, width(lines[failed]), -1
    for index in range(failed - 1, -1, -1):
        here, is_item = width(lines[index]), lines[index].lstrip(" ").startswith("- ")
        if is_blank(lines[index]) or here >= limit or (is_item and here == items_at):
            continue
        line = line_of(lines[index])
        key = line.key.strip("\"'") if line.key is not None else None
        if is_item:
            inside = len(lines[index]) - len(lines[index].lstrip(" -"))
            if key is not None and inner >= inside and not line.value:
                yield _Step(key, inside)
            yield _Step(None, inside)
            limit, items_at = here + 1, here  # the list's key may stand in the column of its dashes
        elif key is not None:
            yield _Step(key, here)
            limit, items_at = here, -1
        inner = here


_OWN_NAMES = frozenset({"header", "example", "link"})
"""Kinds of objects whose names hardly are those of OpenAPI's members."""
_NOWHERE = Child(Held.ONE, "")
"""What stands below a name that is none: nothing has its place there."""
ROOT = -1
"""What the lines at the margin stand in: the document."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line with a key stands: in what the line `within` holds; None where that line holds
    nothing, as it has a value or no key.
    """

    within: int | None
    of: int
    """The object, by its first line; one item of a list is one."""
    key: str
    is_member: bool
    """Whether what it is in may have it by OpenAPI; also where nothing is known of that."""
    is_repeated: bool = False

    @property
    def is_certain(self) -> bool:
        return self.is_member and not self.is_repeated


@dataclass(slots=True)
class _Open:
    """What lines in columns beyond `column` stand in."""

    column: int
    within: int | None
    of: int
    state: Child | None
    is_item: bool = False
    is_list: bool | None = None
    """Whether its first line begins an item; None before there is one."""


@dataclass(slots=True)
class _Places:
    swagger: bool
    open: list[_Open] = field(default_factory=list)
    found: dict[int, Place] = field(default_factory=dict)

    def add(self, index: int, text: str, line: Line, below: str) -> None:
        """`below` is the line that follows."""
        indent = width(text)
        is_item = text[indent : indent + 2].strip() == "-"
        self._close(indent, is_item=is_item)
        if is_item:
            self._begin_item(index, indent)
        inside = len(text) - len(text.lstrip(" -"))
        if line.key is None:
            self.open.append(_Open(inside if is_item else indent, None, index, None))
            return
        key, around = line.key.strip("\"'"), self.open[-1]
        if around.is_list is None:
            around.is_list = False
        is_member = around.within is not None and not around.is_list
        is_member = is_member and self._may_have(around, line, below)
        self.found[index] = Place(around.within, around.of, key, is_member)
        holds = not line.value or line.value[0] == "&"
        state: Child | None = _NOWHERE
        if is_member:
            state = _below(around.state, _members(around.state, swagger=self.swagger), key)
        self.open.append(_Open(inside, index if holds else None, index, state))

    def _close(self, indent: int, *, is_item: bool) -> None:
        """A list's dashes may stand in the column of its key."""
        while len(self.open) > 1:
            last = self.open[-1]
            goes_on = is_item and not last.is_item and last.within == last.of
            if last.column < indent or (goes_on and last.column == indent):
                return
            self.open.pop()

    def _begin_item(self, index: int, indent: int) -> None:
        around = self.open[-1]
        if around.is_list is None:
            around.is_list = True
        state = around.state
        is_known = state is not None and state.held is Held.LIST
        kind = state.kind if state is not None and is_known else ""
        item = None if state is None else Child(Held.ONE, kind)
        within = around.within if around.is_list else None
        self.open.append(_Open(indent, within, index, item, is_item=True))

    def _may_have(self, around: _Open, line: Line, below: str) -> bool:
        state, key = around.state, (line.key or "").strip("\"'")
        if state is None or key.startswith("x-"):
            return True
        if state.held is Held.LIST:
            return False
        members = _members(state, swagger=self.swagger) or {}
        if state.held is Held.NAMED:
            own = openapi_names.ALL if state.kind in _OWN_NAMES else ()
            holds_list = not line.value and below.lstrip(" ").startswith("- ")
            is_openapis = key in openapi_names.PLAIN if state.kind == "schema" else key in own
            return (
                not holds_list
                and not is_openapis
                and Level(0, members, state.kind).may_hold_line(line)
            )
        is_of_2 = around.of == ROOT and not self.swagger and key in OF_SWAGGER
        return key in members and not is_of_2


def places(lines: Sequence[str]) -> dict[int, Place]:
    """Of all lines with a key, by their index; none of those within a text."""
    swagger = is_of_swagger(lines)
    is_openapi = swagger or any(line_of(line).key == "openapi" for line in lines[:MAX_HEAD])
    root = Child(Held.ONE, "document") if is_openapi else None
    walk = _Places(swagger, [_Open(-1, ROOT, ROOT, root)])
    filled = [*filled_lines(lines)]
    following = [*(text for _, text, _ in filled[1:]), ""][: len(filled)]
    for (index, text, line), below in zip(filled, following, strict=True):
        walk.add(index, text, line, below)
    often = Counter((each.of, each.key) for each in walk.found.values())
    return {
        index: replace(each, is_repeated=True)
        if often[each.of, each.key] > 1 or often[each.of, APART.get(each.key, "")]
        else each
        for index, each in walk.found.items()
    }
