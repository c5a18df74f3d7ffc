"""Slips that are about several lines: list items without a space, and commas at the end of lines.

What is guessed here loses no member; where two readings are possible, nothing is written.
"""

import re
from collections.abc import Iterator

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.guesses import each_made
from schema_service.domain.reading.yaml_levels import Level, levels
from schema_service.domain.reading.yaml_line import (
    Proposal,
    is_blank,
    line_of,
    spaces,
    where_to_begin,
    width,
)

_GLUED = re.compile(r"([ ]*)-(?=[A-Za-z_$\"'][\w$.-]*[\"']?[ ]*:(?:\s|$))")
_NO_SPACE = re.compile(r"([ ]*(?:- +)*)([A-Za-z_$][\w$-]*|\"[^\"]*\"|'[^']*'):(?=[^\s/:])")
_DASH = re.compile(r"[ ]*- +")
_EQUALS = re.compile(r"([ ]*(?:- +)*)([A-Za-z$][\w$-]*)[ ]*(=)")
_ONE_WORD = re.compile(r"[\w./#$-]+,|(?:\"[^\"]*\"|'[^']*')\s*,|[\[{].*[\]}]\s*,")
MAX_LINES = 200
"""How far one slip may go on."""


def entry_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    yield from each_made(
        _glued_dashes(lines, failed),
        _below_dash(lines, failed),
        _equals(lines, failed),
        _missing_spaces(lines, failed),
        _trailing_commas(lines, failed),
    )


def _glued_dashes(lines: list[str], failed: int) -> Iterator[Proposal]:
    """`-name: q`, and the members below it at the column that the dash would give them."""
    above = range(min(failed, len(lines) - 1), max(-1, failed - MAX_LINES), -1)
    first = next((index for index in above if _GLUED.match(lines[index])), None)
    if first is None:
        return
    indent = width(lines[first])
    items = [
        index
        for index, line in enumerate(lines)
        if abs(index - first) < MAX_LINES and width(line) == indent and _GLUED.match(line)
    ]
    changed: dict[int, str] = {}
    for index in items:
        changed[index] = _GLUED.sub(r"\1- ", lines[index], count=1)
        below = _members_below(lines, index, indent)
        if below:
            shift = indent + 2 - width(lines[below[0]])
            changed |= {each: _moved(lines[each], shift) for each in below if shift}
    yield Proposal(
        items[0],
        indent,
        f"no space stands behind the dash of line {items[0] + 1}, so that it begins no list",
        f"Write a space behind the dash: - {lines[items[0]].strip()[1:61]}",
        "Put a space behind the dash",
        changed,
    )


def _below_dash(lines: list[str], failed: int) -> Iterator[Proposal]:
    """`in: query` in the column of the dash of `- name: q`, to whose item it belongs; or `get:`,
    which belongs to what the list is in.
    """
    if failed >= len(lines) or line_of(lines[failed]).key not in openapi_names.ALL:
        return
    if _DASH.match(lines[failed]):
        return  # the next item
    indent = width(lines[failed])
    above = [i for i in range(failed) if not is_blank(lines[i]) and width(lines[i]) <= indent]
    if not above or width(lines[above[-1]]) != indent or not _DASH.match(lines[above[-1]]):
        return
    item, *around = levels(lines, failed)
    keys = [*_members_from(lines, failed, indent)]
    if _belongs_to(item, lines, above[-1], keys[0][1]):
        yield _into_item(lines, failed, above[-1], _of_item(item, around, lines, keys))
        return
    outer = next((each for each in around if each.takes(keys[0][1])), None)
    if outer is not None:
        yield _out_of_list(lines, failed, outer, keys)


def _of_item(
    item: Level, around: list[Level], lines: list[str], keys: list[tuple[int, str | None]]
) -> tuple[int, bool]:
    """The line behind those that belong to it, and whether it is sure that they do."""
    end = next((at for at, key in keys if item.members is not None and not item.takes(key)), None)
    names = [key for at, key in keys if end is None or at < end]
    outside = [any(each.takes(name) for each in around) for name in names]
    return len(lines) if end is None else end, not all(outside)


def _belongs_to(item: Level, lines: list[str], dash: int, key: str | None) -> bool:
    """Whether it may, and the item has none yet."""
    indent = width(lines[dash])
    if line_of(lines[dash]).key is None:
        return False
    own = [line_of(lines[dash]).key]
    for index in range(dash + 1, len(lines)):
        if not is_blank(lines[index]) and width(lines[index]) <= indent:
            break
        if width(lines[index]) == item.column:
            own.append(line_of(lines[index]).key)
    return (item.members is None or item.takes(key)) and key not in own


def _members_from(lines: list[str], first: int, indent: int) -> Iterator[tuple[int, str | None]]:
    """Lines in the column, with their keys, until the next item or what is around the list."""
    for index in range(first, min(len(lines), first + MAX_LINES)):
        if is_blank(lines[index]) or width(lines[index]) > indent:
            continue
        if width(lines[index]) < indent or _DASH.match(lines[index]):
            return
        yield index, line_of(lines[index]).key


def _into_item(lines: list[str], failed: int, dash: int, until: tuple[int, bool]) -> Proposal:
    indent, item = width(lines[failed]), _DASH.match(lines[dash])
    shift = len(item[0]) - indent if item else 2
    moved = [each for each in _until_next_item(lines, failed, indent) if each < until[0]]
    return Proposal(
        failed,
        indent,
        f"line {failed + 1} begins in the column of the dash above it, so that it is outside the "
        "item of the list that it belongs to",
        f"Indent it by {spaces(indent + shift)}, like {lines[dash].strip()[:40]} behind its dash.",
        "Indent the lines of the item",
        {index: _moved(lines[index], shift) for index in moved},
        is_sure=until[1],
    )


def _out_of_list(
    lines: list[str], failed: int, outer: Level, keys: list[tuple[int, str | None]]
) -> Proposal:
    """With what stands in the same column below it, as far as it belongs there, too."""
    indent, key = width(lines[failed]), keys[0][1]
    shift = outer.column - indent
    ends = len(lines)
    names = outer.holds_names(key) and not line_of(lines[failed]).value
    if names and len(keys) > 1 and not outer.takes(keys[1][1]):
        ends = keys[1][0]
    fits = all(outer.takes(each) for at, each in keys if at < ends)
    moved = [*_region(lines, failed, indent, ends)]
    goes_on = next((i for i in range(moved[-1] + 1, len(lines)) if not is_blank(lines[i])), None)
    is_clear = goes_on is None or not _DASH.match(lines[goes_on]) or width(lines[goes_on]) != indent
    return Proposal(
        failed,
        indent,
        f"line {failed + 1} begins in the column of the dash above it, and {key} is no member of "
        "the items of that list",
        f"{where_to_begin(outer.column)}, with the lines below it, if it belongs to what the list "
        "is in.",
        f"Move {key} out of the list",
        {index: _moved(lines[index], shift) for index in moved},
        is_sure=fits and is_clear,
    )


def _region(lines: list[str], first: int, indent: int, ends: int) -> Iterator[int]:
    for index in range(first, min(len(lines), ends)):
        if is_blank(lines[index]):
            continue
        if width(lines[index]) < indent or (
            width(lines[index]) == indent and _DASH.match(lines[index])
        ):
            return
        yield index


def _until_next_item(lines: list[str], first: int, indent: int) -> Iterator[int]:
    """What begins in the column, and what stands below it where it has no value of its own."""
    opens = False
    for index in range(first, min(len(lines), first + MAX_LINES)):
        if is_blank(lines[index]):
            continue
        here = width(lines[index])
        if here < indent or (here == indent and _DASH.match(lines[index])):
            return
        if here == indent:
            opens = not line_of(lines[index]).value
        if here == indent or opens:
            yield index


def _equals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """`operationId = getA`, where a colon is meant."""
    for index in (failed, failed - 1):
        found = _EQUALS.match(lines[index]) if 0 <= index < len(lines) else None
        if found and found[2] in openapi_names.ALL:
            value = lines[index][found.end() :]
            yield Proposal(
                index,
                found.start(3),
                f"an = stands behind {found[2]}, where a colon belongs",
                f"Write a colon and a space: {found[2]}: {value.strip()[:60]}",
                f"Write a colon behind {found[2]}",
                {index: f"{found[1]}{found[2]}: {value.lstrip(' ')}"},
            )


def _members_below(lines: list[str], index: int, indent: int) -> list[int]:
    below = []
    for each in range(index + 1, min(len(lines), index + MAX_LINES)):
        if is_blank(lines[each]):
            continue
        if width(lines[each]) <= indent:
            break
        below.append(each)
    return below


def _moved(line: str, by: int) -> str:
    return " " * by + line if by > 0 else line[min(-by, width(line)) :]


def _missing_spaces(lines: list[str], failed: int) -> Iterator[Proposal]:
    """In two lines or more, which are one text as they stand."""
    run: list[int] = []
    for index in range(min(failed, len(lines) - 1), max(-1, failed - MAX_LINES), -1):
        if _NO_SPACE.match(lines[index]):
            run.append(index)
        elif run or index < failed - 1:
            break
    if len(run) < 2:  # noqa: PLR2004 - one alone is found elsewhere
        return
    first = run[-1]
    found = _NO_SPACE.match(lines[first])
    name = found[2] if found else ""
    changed = {index: _NO_SPACE.sub(r"\1\2: ", lines[index], count=1) for index in run}
    yield Proposal(
        first,
        len(found[1]) if found else 0,
        f"no space stands behind the colon of {name}, and of {len(run) - 1} more below it",
        f"Write a space behind each: {name}: {lines[first].partition(':')[2].strip()[:60]}",
        "Put a space behind each colon",
        changed,
    )


def _trailing_commas(lines: list[str], failed: int) -> Iterator[Proposal]:
    """Of a list or an object in brackets, with those of the lines beside it, as in JSON."""
    for index in dict.fromkeys((failed, failed - 1)):
        if not 0 <= index < len(lines):
            continue
        line = line_of(lines[index])
        if not line.is_entry or not line.value.endswith(",") or line.value[0] not in "[{":
            continue
        if not _ONE_WORD.fullmatch(line.value):
            continue
        ended = _beside(lines, index)
        yield Proposal(
            index,
            line.at + len(line.value) - 1,
            f"a comma stands behind the value of {line.named}",
            "Leave the comma out: in YAML each line is a member of its own.",
            "Leave out the comma",
            {each: _without_comma(lines[each]) for each in ended},
        )


def _beside(lines: list[str], index: int) -> list[int]:
    """Lines of the same object whose value is one word, quoted or in brackets, and a comma."""
    indent = width(lines[index])
    found = []
    for step in (-1, 1):
        each = index if step < 0 else index + 1
        while 0 <= each < len(lines) and abs(each - index) < MAX_LINES:
            blank = is_blank(lines[each])
            if not blank and width(lines[each]) < indent:
                break
            line = line_of(lines[each])
            same = not blank and width(lines[each]) == indent and line.is_entry
            if same and _ONE_WORD.fullmatch(line.value):
                found.append(each)
            each += step
    return sorted(found)


def _without_comma(text: str) -> str:
    line = line_of(text)
    return text[: line.at] + line.value[:-1].rstrip() + line.rest
