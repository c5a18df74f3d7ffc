"""One slip on many lines: all that are like the first are mended in one try.

Each try reads all of the text, and whoever writes one text without quotes writes them all so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_line import Proposal, is_blank, line_of, width
from schema_service.domain.reading.yaml_quoting import quoting_proposals

MIN_LINES = 4
"""Fewer are named one by one."""
MAX_LINES = 50_000
_GLUED = re.compile(r"([ ]*(?:- +)*)([A-Za-z_$][\w$-]*):(?=[^\s:])")
_DASHES = re.compile(r"[ ]*(?:- +)+")
_PLAIN = re.compile(r"(?:[A-Za-z0-9][\w ./-]*)?")
"""Values that can always be read."""
_BLOCK = re.compile(r"[|>][-+0-9]*")
Reads = Callable[[str], object]
"""None where a text can be read."""


def alike(lines: list[str], first: Proposal, reads: Reads) -> Proposal | None:
    """`first` with every line below it that has the same slip; None where it is not alone.

    A line counts if it cannot be read by itself, and can with the same repair, which only those
    about quotes can be.
    """
    if len(first.lines) != 1 or not first.is_sure or len(lines) > MAX_LINES:
        return None
    if any(_mended(lines[index], first.title) is None for index in first.lines):
        return None
    changed = dict(first.lines)
    for index in _entries(lines, first.line):
        if index in changed or _PLAIN.fullmatch(line_of(lines[index]).value):
            continue
        if reads(lines[index].strip()) is not None:
            mended = _mended(lines[index], first.title)
            if mended is not None and reads(mended.strip()) is None:
                changed[index] = mended
    return _with(first, changed)


def glued_alike(lines: list[str], failed: int) -> Iterator[Proposal]:
    """Names of OpenAPI's with no space behind their colon, on many lines."""
    near = range(max(0, failed - 1), min(len(lines), failed + 1))
    if not any(_is_glued(lines[index]) for index in near) or len(lines) > MAX_LINES:
        return
    found = [index for index in _entries(lines, 0) if _is_glued(lines[index])]
    if len(found) < MIN_LINES:
        return
    spots = {index: _GLUED.match(lines[index]) for index in found}
    name = next((spot[2] for spot in spots.values() if spot), "")
    below = lines[found[0]].partition(":")[2].strip()[:60]
    yield Proposal(
        found[0],
        next((spot.start(2) for spot in spots.values() if spot), 0),
        f"no space stands behind the colon of {name}, and of {len(found) - 1} more below it",
        f"Write a space behind each: {name}: {below}",
        "Put a space behind each colon",
        {index: _GLUED.sub(r"\1\2: ", lines[index], count=1) for index in found},
    )


def _is_glued(text: str) -> bool:
    found = _GLUED.match(text)
    return found is not None and found[2] in openapi_names.ALL


def _mended(text: str, title: str) -> str | None:
    for each in quoting_proposals([text], 0, ""):
        if each.title == title and [*each.lines] == [0]:
            return each.lines[0]
    return None


def _with(first: Proposal, changed: dict[int, str]) -> Proposal | None:
    if len(changed) < MIN_LINES:
        return None
    more = f"{first.reason}; {len(changed) - 1} lines below it have the same slip"
    return replace(first, reason=more, lines=changed)


def _entries(lines: list[str], start: int) -> Iterator[int]:
    """Lines that begin a member or an item: none that a text above goes on in."""
    inside: int | None = None
    for index in range(start, len(lines)):
        text = lines[index]
        if is_blank(text) or (inside is not None and width(text) > inside):
            continue
        yield index
        inside = _column(text) if _holds_text(text) else None


def _column(text: str) -> int:
    dashes = _DASHES.match(text)
    behind = dashes.end() if dashes else width(text)
    return behind if _GLUED.match(text) or line_of(text).key is not None else width(text)


def _holds_text(text: str) -> bool:
    line = line_of(text)
    return bool(line.value) and (_BLOCK.fullmatch(line.value) is not None or line.value[0] != "&")
