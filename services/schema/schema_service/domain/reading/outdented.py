"""One line that begins too far left, so that it ends the objects that the lines below it go on."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_levels import Level, levels
from schema_service.domain.reading.yaml_line import (
    Proposal,
    is_blank,
    line_of,
    where_to_begin,
    width,
)

MAX_LINES = 2_000
"""How far above the failed line it may be."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A line above the failed one that ends the object which the failed line is in the column of.

    `failed_at` is that column, and `least` the least one of the lines between the two.
    """

    index: int
    failed: int
    column: int
    failed_at: int
    least: int | None


def outdented_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """For the nearest line above, if the failed line stands well without it."""
    head = _head(lines, failed)
    if head is None:
        return
    around = _around(lines, head)
    if not any(each.column == head.failed_at for each in around):
        return
    key = (line_of(lines[head.index]).key or "").strip("\"'")
    fits = [each for each in around if head.column < each.column and _fits(lines, head, each)]
    taking = [each for each in fits if _takes(each, key)]
    if not taking:
        return
    own = next((each for each in around if each.column == head.column), None)
    is_sure = own is None or not _takes(own, key)
    yield _indented(lines, head, taking[0].column, is_sure=is_sure)


def _head(lines: list[str], failed: int) -> _Head | None:
    if failed >= len(lines) or is_blank(lines[failed]):
        return None
    failed_at, least = width(lines[failed]), None
    for index in range(failed - 1, max(-1, failed - MAX_LINES), -1):
        if is_blank(lines[index]):
            continue
        here = width(lines[index])
        if here >= failed_at:
            least = here if least is None else min(least, here)
            continue
        line = line_of(lines[index])
        is_member = line.key is not None and not lines[index].lstrip().startswith("- ")
        return _Head(index, failed, here, failed_at, least) if is_member else None
    return None


def _around(lines: list[str], head: _Head) -> list[Level]:
    """What is open above the head, with the object that the line above it may begin."""
    above = next((i for i in range(head.index - 1, -1, -1) if not is_blank(lines[i])), None)
    if above is None:
        return []
    before, deep = lines[: head.index], width(lines[above])
    if not line_of(lines[above]).value and head.least is not None:
        begun = deep + _step(lines[above], head.least - deep)
        before = [*before, " " * begun + "x: y\n"]
        deep = begun
    return levels([*before, " " * (deep + 2) + "x: y\n"], len(before))


def _step(above: str, room: int) -> int:
    """How many columns deeper its members are: two, or half of what the lines below leave."""
    return max(1, min(4, room // 2)) if room > 1 and not above.lstrip().startswith("- ") else 4


def _takes(level: Level, key: str) -> bool:
    """Names of the document's own stand where an object has no names of OpenAPI's."""
    if level.members is None:
        return False
    if level.members:
        return key in level.members
    return key not in openapi_names.PLAIN


def _fits(lines: list[str], head: _Head, level: Level) -> bool:
    """What is below the head is deeper then, and the failed line no deeper than its level."""
    if head.failed_at > level.column:
        return False
    if head.least is None or head.least > level.column:
        return True
    first = next(i for i in range(head.index + 1, head.failed) if not is_blank(lines[i]))
    return lines[first].lstrip().startswith("- ") and head.least >= level.column


def _indented(lines: list[str], head: _Head, column: int, *, is_sure: bool) -> Proposal:
    at = head.index
    key = line_of(lines[at]).key
    where = "at the left margin" if not head.column else f"in column {head.column + 1}"
    return Proposal(
        at,
        head.column,
        f"{key} of line {at + 1} begins {where}, further left than the object that it belongs to, "
        f"so that line {head.failed + 1} fits nothing above it",
        f"{where_to_begin(column)}, like the lines of its level.",
        f"Indent {key} by {column} spaces",
        {at: " " * column + lines[at].lstrip(" ")},
        is_sure=is_sure,
    )
