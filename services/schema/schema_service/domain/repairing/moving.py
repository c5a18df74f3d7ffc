"""An item of a list comes before all others: the texts change places, and what is between stays."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schema_service.domain.finding import Edit
from schema_service.domain.position.members import Member
from schema_service.domain.position.splices import Splice, spliced
from schema_service.domain.position.yaml_flow import entry_end

Slot = tuple[int, int]
"""From where to where an item reaches."""
_SPACE = " \t\r\n"
_TAIL = re.compile(r"((?:[ \t]*,)?)([ \t]+#[^\r\n]*)?")
"""Behind an item: its comma, and its comment, of which the space before it is a part."""
_LINE_ENDS = ("\r", "\n", "")
_ALIAS = re.compile(r"(?<![^\s\[{,])\*([^\s,\[\]{}]+)")
_ANCHOR = re.compile(r"(?<![^\s\[{,])&([^\s,\[\]{}]+)")


def inner_edits(edit: Edit) -> Iterator[Edit]:
    """What changes the item, at pointers of the document."""
    return (replace(each, pointer=edit.pointer + each.pointer) for each in edit.value)


def last_first(text: str, slots: Sequence[Slot], within: Sequence[Splice | None]) -> Splice | None:
    """The last item before the others, changed by `within`; None where one of those is not."""
    start, end = slots[-1]
    made = [each for each in within if each is not None]
    if len(made) < len(within) or any(each.start < start or each.end > end for each in made):
        return None
    shifted = [Splice(each.start - start, each.end - start, each.text) for each in made]
    items = [spliced(text[start:end], shifted), *(text[s:e] for s, e in slots[:-1])]
    return _in_places(text, slots, items)


def _in_places(text: str, slots: Sequence[Slot], items: Sequence[str]) -> Splice:
    """Comments behind items on their lines go with them, where lines end behind all of those."""
    tails = [found for _, end in slots if (found := _TAIL.match(text, end))]
    starts = [*(start for start, _ in slots[1:]), tails[-1].end()]
    comments = [each[2] or "" for each in tails]
    moved = [comments[-1], *comments[:-1]]
    if any(text[each.end() : each.end() + 1] not in _LINE_ENDS for each in tails):
        moved = comments
    pieces = [
        item + tail[1] + comment + text[tail.end() : start]
        for item, tail, comment, start in zip(items, tails, moved, starts, strict=True)
    ]
    return Splice(slots[0][0], tails[-1].end(), "".join(pieces))


def flow_slots(text: str, members: Sequence[Member]) -> list[Slot]:
    """Of items in brackets."""
    return [(each.value.offset, entry_end(text, each.value.offset)) for each in members]


def block_slots(text: str, members: Sequence[Member], number: int) -> list[Slot]:
    """Of the items up to `number` behind dashes: whole lines, with the comments above each that are
    indented no deeper than its dash. None where a dash does not begin its line.
    """
    column = members[0].value.indent
    dashes = [_dash_line(text, each.key_offset, column) for each in members[: number + 2]]
    if -1 in dashes:
        return []
    starts = [_with_comments(text, start, column) for start in dashes]
    last = _end_of_item(text, dashes[number], column)
    ends = [*starts[1 : number + 1], starts[number + 1] if number + 1 < len(starts) else last]
    return [
        (start, start + len(text[start:end].rstrip(_SPACE)))
        for start, end in zip(starts, ends, strict=False)
    ]


def refers_back(text: str, slots: Sequence[Slot]) -> bool:
    """Whether the last item has an alias of what stands in one before it."""
    start, end = slots[-1]
    anchors = set(_ANCHOR.findall(text, slots[0][0], start))
    return not anchors.isdisjoint(_ALIAS.findall(text, start, end))


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _dash_line(text: str, offset: int, column: int) -> int:
    """Where it begins, of the item whose content is at the offset: behind a dash, or below it and
    an anchor. -1 where there is none.
    """
    dash = " " * column + "-"
    start = _line_start(text, offset)
    while not text.startswith(dash, start):
        if start == 0:
            return -1
        start = _line_start(text, start - 1)
    return start


def _with_comments(text: str, start: int, column: int) -> int:
    while start:
        above = _line_start(text, start - 1)
        line = text[above : start - 1]
        bare = line.lstrip(" ")
        if not bare.startswith("#") or len(line) - len(bare) > column:
            break
        start = above
    return start


def _end_of_item(text: str, start: int, column: int) -> int:
    """Before the first line below that is indented no deeper than the dash."""
    outside = re.compile(rf"^ {{0,{column}}}(?=[^\s\]}}])", re.MULTILINE | re.ASCII)
    line = text.find("\n", start)
    found = outside.search(text, line + 1) if line >= 0 else None
    return found.start() if found else len(text)
