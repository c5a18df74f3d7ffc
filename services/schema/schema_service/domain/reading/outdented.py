"""One line that begins too far left, so that it ends the objects that the lines below it go on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_levels import MAX_HEAD, OF_SWAGGER, Level, levels
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
    """For the nearest line above, if the failed line stands well without it; or for the first
    members of an object, which are too far right.
    """
    yield from _first_member(lines, failed)
    head = _head(lines, failed)
    if head is None:
        return
    around = _around(lines, head)
    if not any(each.column == head.failed_at for each in around):
        yield from _with_its_parent(lines, head)
        return
    text = lines[head.index]
    fits = [each for each in around if head.column < each.column and _fits(lines, head, each)]
    taking = [each for each in fits if each.may_hold(text)]
    if taking:
        deeper = (each for each in around if head.column < each.column and each.may_hold(text))
        is_innermost = next(deeper) is taking[0]
        is_sure = is_innermost and not _stands_well(lines, head, around)
        yield _indented(lines, head, taking[0].column, is_sure=is_sure)


def _first_member(lines: list[str], failed: int) -> Iterator[Proposal]:
    """`required: true` below `requestBody:`, deeper than `content:` in the failed line."""
    head = _head(lines, failed)
    if head is None or head.least is None or line_of(lines[head.index]).value:
        return
    inner = [i for i in range(head.index + 1, failed) if not is_blank(lines[i])]
    first = inner[0]
    above = [*lines[: head.index + 1], " " * head.failed_at + "x: y\n"]
    around = levels([*above, " " * (head.failed_at + 2) + "x: y\n"], len(above))
    child = next((each for each in around if each.column == head.failed_at), None)
    if child is None or width(lines[first]) != head.least or head.least <= head.failed_at:
        return
    alone = sum(width(lines[each]) == head.least for each in inner) == 1
    alone = alone and head.failed_at - head.column == _step(lines, head.index, None)
    if not alone or not line_of(lines[inner[-1]]).value or _is_openapis(child, lines[failed]):
        return  # the failed line is what stands wrong
    if not child.may_hold(lines[failed]) or not child.may_hold(lines[first]):
        return
    by = head.least - head.failed_at
    yield Proposal(
        first,
        head.least,
        f"line {first + 1} is indented by {head.least} spaces and line {failed + 1}, which belongs "
        f"to the same object, by {head.failed_at}",
        f"{where_to_begin(head.failed_at)}, like the lines of its level.",
        f"Indent {line_of(lines[first]).key} by {head.failed_at} spaces",
        {each: lines[each][by:] for each in inner},
    )


def _is_openapis(level: Level, text: str) -> bool:
    return level.names == "schema" and line_of(text).key in openapi_names.ALL


def _with_its_parent(lines: list[str], head: _Head) -> Iterator[Proposal]:
    """`properties:` and the first name below it, both too far left, so that the second name stands
    between the first one and its members.
    """
    outer = (i for i in range(head.index - 1, -1, -1) if not is_blank(lines[i]))
    above = next((i for i in outer if width(lines[i]) < head.column), None)
    opens = above is not None and not line_of(lines[head.index]).value
    if above is None or not opens or head.least is None or head.least <= head.failed_at:
        return
    parent = _Head(above, head.failed, width(lines[above]), head.failed_at, head.failed_at)
    shift = head.failed_at - head.column
    around = _around(lines, parent)
    key = line_of(lines[above]).key
    if not any(each.column == parent.column + shift and each.takes(key) for each in around):
        return
    indented = _indented(lines, parent, parent.column + shift)
    moved = indented.lines | {head.index: " " * shift + lines[head.index]}
    yield replace(indented, lines=moved)


def _stands_well(lines: list[str], head: _Head, around: list[Level]) -> bool:
    """Whether the object in whose column it is may have it, and has it nowhere else."""
    own = next((each for each in around if each.column == head.column), None)
    key = line_of(lines[head.index]).key or ""
    if own is None or not own.may_hold(lines[head.index]):
        return False
    if own is around[-1] and key in OF_SWAGGER:
        return any(line_of(line).key == "swagger" for line in lines[:MAX_HEAD])
    begin = f"{' ' * head.column}{key}:"
    return sum(line.startswith(begin) for line in lines) == 1


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
    if not line_of(lines[above]).value:
        begun = deep + _step(lines, above, None if head.least is None else head.least - deep)
        before = [*before, " " * begun + "x: y\n"]
        deep = begun
    return levels([*before, " " * (deep + 2) + "x: y\n"], len(before))


def _step(lines: list[str], above: int, room: int | None) -> int:
    """How many columns deeper its members are: as many as itself, or half of what the lines below
    leave.
    """
    if lines[above].lstrip().startswith("- "):
        return 4
    here = width(lines[above])
    outer = (width(each) for each in reversed(lines[:above]) if not is_blank(each))
    usual = here - next((each for each in outer if each < here), max(here - 2, 0)) or 2
    return usual if room is None or usual < room else max(1, room // 2)


def _fits(lines: list[str], head: _Head, level: Level) -> bool:
    """What is below the head is deeper then, and the failed line no deeper than its level."""
    if head.failed_at > level.column:
        return False
    if head.least is None or head.least > level.column:
        return True
    first = next(i for i in range(head.index + 1, head.failed) if not is_blank(lines[i]))
    return lines[first].lstrip().startswith("- ") and head.least >= level.column


def _indented(lines: list[str], head: _Head, column: int, *, is_sure: bool = True) -> Proposal:
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
