"""Paths, operations and their members that a text seems to have, and its reading does not."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_levels import places
from schema_service.domain.reading.yaml_line import filled_lines, line_of, width

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_PATH = re.compile(r"/[^\s\"':]*")
_OWN = frozenset({"callbacks", "example", "examples", "default", "value", "const", "enum", "links"})
"""Members below which a path's own objects may have names that begin with a slash."""
_NO_PATHS = frozenset({"info", "servers", "tags", "security", "schema", "description", "required"})
_WITH_VALUE = frozenset({"operationId", "x-openai-isConsequential"})
_WITH_MEMBERS = frozenset({"requestBody", "responses", "parameters", "properties", "content"})
_HOLD_NONE = _NO_PATHS | _WITH_MEMBERS | _METHODS
Entry = tuple[str, str]
"""A path and a method, which is empty for the path itself."""


@dataclass(slots=True)
class Entries:
    """`members` counts those of `_WITH_VALUE` and `_WITH_MEMBERS`."""

    paths: set[Entry] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    """Paths that stand beside `paths`, or in what holds none."""
    members: Counter[str] = field(default_factory=Counter)

    def are_kept_in(self, after: "Entries") -> bool:
        """Whether nothing is gone, and no path has left `paths`."""
        moved = after.outside - self.outside
        return self.paths <= after.paths and not moved and self.members <= after.members


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    column: int
    value: str
    dash: int | None
    """The column of the first dash before the key."""


def looking_alike(lines: Sequence[str]) -> Entries:
    """What looks like a path, or like an operation of one, or like a member of those."""
    entries = [*_entries(lines)]
    named = [each for each in entries if not each.key.startswith("/") or _is_path(each)]
    below = {two.column for one, two in pairwise(named) if one.key.startswith("/")}
    """The columns of operations: those that the first line below some path has."""
    often = Counter(each.key for each in named)
    found = Entries(members=_members(entries))
    path = ""
    for each in named:
        if each.key.startswith("/"):
            path = each.key if often[each.key] == 1 else ""  # of equal keys only the last is read
            found.paths.add((each.key, ""))
            if not each.column:
                found.outside.add(each.key)
        elif path and each.key.lower() in _METHODS and each.column in below:
            found.paths.add((path, each.key.lower()))
    return found


def _is_path(line: _Line) -> bool:
    return _PATH.fullmatch(line.key) is not None and not line.value


def _entries(lines: Sequence[str]) -> Iterator[_Line]:
    """Lines with a key, outside texts that go on for several lines."""
    for _, text in filled_lines(lines):
        indent, line = width(text), line_of(text)
        if line.key is None:
            continue
        inside = len(text) - len(text.lstrip(" -"))
        dash = indent if text[indent] == "-" else None
        yield _Line(line.key.strip("\"'"), inside, line.value, dash)


def _members(entries: Sequence[_Line]) -> Counter[str]:
    """Of two equal ones in an object only one, as only the last is read."""
    found: Counter[str] = Counter()
    seen: dict[int, set[str]] = {}
    for each in entries:
        outer = each.column if each.dash is None else each.dash - 1
        for column in [column for column in seen if column > outer]:
            del seen[column]
        of_object = seen.setdefault(each.column, set())
        counts = each.key in (_WITH_MEMBERS if not each.value else _WITH_VALUE)
        if counts and each.key not in of_object:
            found[each.key] += 1
        of_object.add(each.key)
    return found


def held(root: Any) -> Entries:
    """All that a tree has. A path in another one, with methods, is outside."""
    found = Entries()
    stack = [(root, False)]
    while stack:
        node, inside = stack.pop()
        if isinstance(node, list):
            stack += [(each, inside) for each in node]
        elif isinstance(node, dict):
            for key, value in node.items():
                is_path = isinstance(key, str) and key.startswith("/")
                if is_path:
                    _hold(found, key, value, outside=inside or node is root)
                elif key in _WITH_MEMBERS or key in _WITH_VALUE:
                    found.members[key] += 1
                if isinstance(value, dict | list):
                    stack.append(
                        (value, (inside or is_path or key in _HOLD_NONE) and key not in _OWN)
                    )
    return found


def _hold(found: Entries, path: str, item: Any, *, outside: bool) -> None:
    found.paths.add((path, ""))
    of_item = item if isinstance(item, dict) else {}
    members = {str(name).lower() for name, value in of_item.items() if value is not None}
    found.paths |= {(path, each) for each in members}
    if outside and members & _METHODS:
        found.outside.add(path)


def are_moved(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether lines, whose indexes stay, are in another object then, though they may stand where
    they were by OpenAPI; or one that was moved, or is OpenAPI's, where it may not stand, or where a
    member has its name.
    """
    was, then = places(before), places(after)
    changed = {i for i, (one, two) in enumerate(zip(before, after, strict=True)) if one != two}
    holders = {each.within for each in was.values()}
    for index, now in then.items():
        place = was.get(index)
        if place is None:
            if index in changed and line_of(before[index]).key is None and not now.is_certain:
                return True
            continue
        stays = now.within == place.within and now.within in changed
        if stays or not _has_spaces(before[index]):
            continue
        is_else = now.within != place.within
        is_headed = now.within in changed and now.within not in holders
        if is_else and place.is_certain and place.within not in changed and not is_headed:
            return True
        is_moved = is_else or width(before[index]) != width(after[index])
        is_suspect = index in changed or now.key in openapi_names.ALL
        if is_moved and is_suspect and not now.is_certain:
            return True
    return False


def _has_spaces(text: str) -> bool:
    """Whether nothing else indents it, so that its column is certain."""
    return text.lstrip(" ") == text.lstrip()
