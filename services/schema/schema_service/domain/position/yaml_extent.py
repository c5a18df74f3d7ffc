"""From where to where a value reaches in a YAML text that is known to be well-formed."""

import re
from typing import Any

from schema_service.domain.position.members import Spot
from schema_service.domain.position.yaml_flow import flow_end
from schema_service.domain.position.yaml_scalars import SPACE, read_scalar

_LINES = re.MULTILINE | re.ASCII
_GAP = re.compile(r"[ \t]*")
_PLAIN_IN_FLOW = re.compile(r"(?:[^,\[\]{}:#\n]++|:(?=[^\s,\[\]{}])|(?<=\S)#)*+", re.ASCII)
_PLAIN_IN_BLOCK = re.compile(r"(?:[^#\n]++|(?<=\S)#)*+", re.ASCII)


class YamlExtent:
    def __init__(self, text: str) -> None:
        self._text = text

    def is_alias(self, spot: Spot) -> bool:
        return self._text.startswith("*", self.content(spot))

    def content(self, spot: Spot) -> int:
        """The first character on the same line, behind white space."""
        found = _GAP.match(self._text, spot.offset)
        return found.end() if found else spot.offset

    def of(self, spot: Spot, value: Any) -> tuple[int, int] | None:
        """Start and end; a value that is not written at all is empty, right where it would be."""
        start = self.content(spot)
        opening = self._text[start : start + 1]
        if opening in ("\n", "\r", "", "#"):
            return self._below(spot, value)
        if opening in ("&", "!"):
            return None
        if opening in ("{", "["):
            end = flow_end(self._text, start)
            return None if end is None else (start, end)
        if opening in ("'", '"'):
            scalar = read_scalar(self._text, start)
            return (start, scalar[1]) if scalar else None
        if spot.flow:
            return start, self._trimmed(_PLAIN_IN_FLOW, start)
        return self._in_block(spot, start, value)

    def _in_block(self, spot: Spot, start: int, value: Any) -> tuple[int, int]:
        if isinstance(value, dict | list) or self._text[start] in "|>":
            return start, self._lines_end(spot, start, value)
        one_line = self._trimmed(_PLAIN_IN_BLOCK, start)
        whole = self._lines_end(spot, start, value)
        below = self._text[one_line:whole].split("\n")[1:]
        continued = any(
            line.strip(SPACE) and not line.lstrip(SPACE).startswith("#") for line in below
        )
        return start, whole if continued else one_line

    def _below(self, spot: Spot, value: Any) -> tuple[int, int]:
        if value is None:
            return spot.offset, spot.offset
        return spot.offset, self._lines_end(spot, spot.offset, value)

    def _lines_end(self, spot: Spot, start: int, value: Any) -> int:
        """Up to the first line that is indented no deeper than what holds the value."""
        dash = r"(?!- |-$)" if isinstance(value, list) else ""
        indent = max(spot.indent, 0)
        if spot.indent < 0:
            return len(self._text.rstrip(SPACE))
        outside = re.compile(rf"^ {{0,{indent}}}(?=[^\s\]}}]){dash}", _LINES)
        line = self._text.find("\n", start)
        found = outside.search(self._text, line + 1) if line >= 0 else None
        end = found.start() if found else len(self._text)
        return start + len(self._text[start:end].rstrip(SPACE))

    def _trimmed(self, pattern: re.Pattern[str], start: int) -> int:
        found = pattern.match(self._text, start)
        return start + len(found[0].rstrip(SPACE)) if found else start
