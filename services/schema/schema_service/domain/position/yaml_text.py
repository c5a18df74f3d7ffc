"""Where things are in a YAML text that is known to be well-formed.

No parser: the tree is known, so only the way down to one place is followed. A block mapping at
column n has its keys on the lines indented by exactly n, because all that belongs to a value is
indented deeper (YAML 1.2.2, chapter 8); comments, closing brackets and the items of a sequence
that shares its key's column are the exceptions.
"""

import re
from collections.abc import Iterator

from schema_service.domain.position.members import Member, Spot
from schema_service.domain.position.yaml_flow import flow_members
from schema_service.domain.position.yaml_scalars import read_key

_GAP = re.compile(r"(?:[ \t\r\n]+|(?:(?<=\s)|^)\#[^\n]*)*", re.MULTILINE | re.ASCII)
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*[ \t]*", re.ASCII)
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)", re.ASCII)
_START = re.compile(r"(?:(?:%[^\n]*|#[^\n]*|[ \t]*|\.\.\.[ \t]*)\r?\n)*(?:---(?=\s))?", re.ASCII)
_MARKER = re.compile(r"(?:---|\.\.\.)(?=\s|$)", re.ASCII)
_ITEM = re.compile(r"-(?=\s|$)", re.ASCII)
_NO_KEY = re.compile(r"[-:](?=\s|$)", re.ASCII)


class YamlText:
    """Finds members by indentation; gives none where the text is not what it expects."""

    def __init__(self, text: str) -> None:
        self._text = text

    def root(self) -> Spot:
        begun = _START.match(self._text)
        return Spot(self._content(begun.end() if begun else 0), -1)

    def members(self, spot: Spot, container: object) -> Iterator[Member]:
        """`container` is the dict or list that was read there: it tells block style apart."""
        start = self._aliased(self._content(spot.offset))
        opening = self._text[start : start + 1]
        if spot.flow or opening in ("{", "["):
            return flow_members(self._text, start)
        if isinstance(container, dict):
            return self._keys(start)
        return self._items(start)

    def _content(self, offset: int) -> int:
        """The first character of the content, behind space, comments, anchors and tags."""
        at = self._skip(_GAP, offset)
        while self._text[at : at + 1] in ("&", "!"):
            at = self._skip(_GAP, self._skip(_PROPERTY, at))
        return at

    def _aliased(self, offset: int) -> int:
        """Where the content of an alias is written: at the last anchor of that name before it."""
        alias = _ALIAS.match(self._text, offset)
        if not alias:
            return offset
        anchor = self._text.rfind("&" + alias[1], 0, offset)
        return self._content(anchor) if anchor >= 0 else offset

    def _keys(self, start: int) -> Iterator[Member]:
        column = self._column(start)
        for at in self._entries(start, column):
            if _NO_KEY.match(self._text, at):
                continue
            key = read_key(self._text, at)
            if key:
                yield Member(key.text, key.start, key.end, Spot(key.after, column))

    def _items(self, start: int) -> Iterator[Member]:
        column = self._column(start)
        for at in self._entries(start, column):
            if not _ITEM.match(self._text, at):
                return
            value = self._content(at + 1)
            yield Member(None, value, value, Spot(value, column))

    def _entries(self, start: int, column: int) -> Iterator[int]:
        """The lines indented by exactly `column`, up to the first that is indented less."""
        yield start
        line = re.compile(rf"^( {{0,{column}}})(?=[^\s#\]}}])", re.MULTILINE | re.ASCII)
        for found in line.finditer(self._text, start + 1):
            if len(found[1]) < column or _MARKER.match(self._text, found.start()):
                return
            yield found.end()

    def _column(self, offset: int) -> int:
        return offset - (self._text.rfind("\n", 0, offset) + 1)

    def _skip(self, pattern: re.Pattern[str], offset: int) -> int:
        found = pattern.match(self._text, offset)
        return found.end() if found else offset
