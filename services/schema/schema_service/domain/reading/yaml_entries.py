"""Slips that are about several lines: list items without a space, and commas at the end of lines.

What is guessed here loses no member; where two readings are possible, nothing is written.
"""

import re
from collections.abc import Iterator

from schema_service.domain.reading.yaml_line import Proposal, is_blank, line_of, width

_GLUED = re.compile(r"([ ]*)-(?=[A-Za-z_$\"'][\w$.-]*[\"']?[ ]*:(?:\s|$))")
_NO_SPACE = re.compile(r"([ ]*(?:- +)*)([A-Za-z_$][\w$-]*|\"[^\"]*\"|'[^']*'):(?=[^\s/:])")
_ONE_WORD = re.compile(r"[\w./#$-]+,|(?:\"[^\"]*\"|'[^']*')\s*,|[\[{].*[\]}]\s*,")
MAX_LINES = 200
"""How far one slip may go on."""


def entry_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    yield from _glued_dashes(lines, failed)
    yield from _missing_spaces(lines, failed)
    yield from _trailing_commas(lines, failed)


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
