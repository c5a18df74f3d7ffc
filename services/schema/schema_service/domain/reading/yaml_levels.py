"""The objects that hold a line of a YAML text that cannot be read, by the columns above it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schema_service.domain.linting.known_members import MEMBERS, Child, Held
from schema_service.domain.reading.yaml_line import is_blank, line_of, width

MAX_HEAD = 50
"""Lines within which a document says its version."""
_PLAIN_LISTS = frozenset({"tags", "security", "required", "enum", "consumes", "produces"})
"""Lists whose items have no members that OpenAPI names, where nothing else is known of them."""


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
        line = line_of(text)
        key = (line.key or "").strip("\"'")
        if not self.names:
            return self.takes(key)
        if self.names in ("path", "media"):
            return "/" in key
        if self.names == "response":
            return key == "default" or key[:1].isdigit()
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


def levels(lines: list[str], failed: int) -> list[Level]:
    """Those that are open at the failed line, the innermost first."""
    swagger = any(line_of(line).key == "swagger" for line in lines[:MAX_HEAD])
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
    named = f"swagger {state.kind}"
    return MEMBERS.get(named if swagger and named in MEMBERS else state.kind, {})


def _below(
    state: Child | None, members: Mapping[str, Child | None] | None, key: str
) -> Child | None:
    if state is not None and state.held is Held.NAMED:
        return Child(Held.ONE, state.kind)
    child = members.get(key) if members is not None else None
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
