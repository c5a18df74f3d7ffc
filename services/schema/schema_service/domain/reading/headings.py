"""A text behind a key whose members follow below it: `get: List items`, `parameters: []`."""

import re
from collections.abc import Iterator
from itertools import islice

from schema_service.domain.reading.yaml_line import (
    Line,
    Proposal,
    is_blank,
    line_of,
    shown_value,
    width,
)

MAX_LOOKED_AT = 3
"""Lines with anything, at and above the one where reading failed."""
_NAMES = """info servers paths webhooks components externalDocs contact license variables
get put post delete options head patch trace parameters requestBody responses callbacks
schema content examples encoding headers links items properties allOf anyOf oneOf
definitions securityDefinitions schemas requestBodies securitySchemes pathItems flows"""
_HOLDERS = frozenset(_NAMES.split())
"""What is never a text. `security` and `tags` may be lists in brackets."""
_NAMED_IN_DOCUMENT = re.compile(r"/.*|[\"']?[1-5][\dX]{2}[\"']?|[a-z]+/[\w.+*-]+")
_EMPTY = frozenset({"[]", "{}", "null", "~"})
_NO_TEXT = "[]{}'\"|>&*!#@`%"


def heading_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """The text becomes a comment: nothing that was written is lost."""
    above = range(min(failed, len(lines) - 1), -1, -1)
    for index in islice((at for at in above if not is_blank(lines[at])), MAX_LOOKED_AT):
        line = line_of(lines[index])
        if _holds_members(line) and _has_members_below(lines, index):
            yield _proposal(lines[index], index, line)
            return


def _holds_members(line: Line) -> bool:
    if line.key is None or not line.value:
        return False
    if line.key not in _HOLDERS and not _NAMED_IN_DOCUMENT.fullmatch(line.key):
        return False
    return line.value in _EMPTY or line.value[0] not in _NO_TEXT


def _has_members_below(lines: list[str], index: int) -> bool:
    below = next((each for each in lines[index + 1 :] if not is_blank(each)), "")
    is_item = below.lstrip().startswith("- ") and width(below) == width(lines[index])
    return line_of(below).is_entry and (is_item or width(below) > width(lines[index]))


def _proposal(text: str, index: int, line: Line) -> Proposal:
    key = text[: line.at].rstrip()
    ending = text[len(text.rstrip("\r\n")) :]
    kept = line.rest if line.value in _EMPTY else f" # {line.value}{ending}"
    title = "Leave out" if line.value in _EMPTY else "Make a comment of"
    return Proposal(
        index,
        line.at,
        f"{shown_value(line.value)} stands behind {line.named}, whose members follow below it",
        f"Remove what stands behind {line.key}: its members follow, and nothing else stands there.",
        f"{title} what stands behind {line.key}: (line {index + 1})",
        {index: f"{key}{kept}"},
    )
