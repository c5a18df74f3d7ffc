"""Tabs, indentation, spaces and colons that are missing or out of place in a YAML text."""

import re
from collections.abc import Iterator
from itertools import pairwise

from schema_service.domain.misspelt import misspelt
from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.block_texts import BLOCK_MARKS
from schema_service.domain.reading.guesses import each_made
from schema_service.domain.reading.yaml_entries import entry_proposals
from schema_service.domain.reading.yaml_levels import Level, levels
from schema_service.domain.reading.yaml_line import (
    Proposal,
    is_blank,
    line_of,
    where_to_begin,
    width,
)

_BAD_INDENT = re.compile(r"^[ ]*[\t\u00a0\u2002\u2003\u3000][ \t\u00a0\u2002\u2003\u3000]*(?=\S)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_ABOVE = 200
"""Lines above the failed one, of which the deepest one is looked for."""
_TAB_WIDTHS = (2, 4, 8, 1, 0)
_NO_SPACE = re.compile(r"([ ]*(?:- +)*)([A-Za-z_$/][\w$./{}-]*|\"[^\"]*\"|'[^']*'):(?=[^\s/:])")
_ALONE = re.compile(r"([ ]*(?:- +)*)([\w$./{}-]+|\"[^\"]*\"|'[^']*')[ \t]*\r?\n?")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)[\w-]*[ \t]*\r?\n?")
_VERSION = re.compile(r"\s*[{]?\s*[\"']?(?:openapi|swagger)[\"']?\s*:")
_DASHES = re.compile(r"[ ]*(?:- +)+")
_WORD_KEY = re.compile(r"[\w$./{}-]+|\"[^\"]*\"|'[^']*'")


def layout_proposals(
    lines: list[str], failed: int, reason: str, *, before: bool
) -> Iterator[Proposal]:
    """`before` those that have to do with quotes, or behind them: the less certain ones."""
    if before:
        yield from each_made(
            _fences(lines),
            _control_characters(lines),
            _tabs(lines),
            _first_line(lines, failed, reason),
            entry_proposals(lines, failed),
            _missing_space(lines, failed),
            _missing_colon(lines, failed),
            _aligned(lines, failed, sure=True),
        )
    else:
        yield from _aligned(lines, failed, sure=False)


def _fences(lines: list[str]) -> Iterator[Proposal]:
    """The marks that Markdown puts around a code block."""
    marks = [index for index, line in enumerate(lines) if _FENCE.fullmatch(line)]
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None or not marks:
        return
    if marks[0] != first:
        yield from _answer(lines, marks)
        return
    ends = {index: _break(lines[index]) for index in (marks[0], marks[-1])}
    yield Proposal(
        first,
        0,
        "the text stands between the marks of a Markdown code block",
        "Leave out the lines that begin with ```.",
        "Leave out the marks of Markdown",
        ends,
    )


def _answer(lines: list[str], marks: list[int]) -> Iterator[Proposal]:
    """A document inside the answer of a model: what is said around its block goes."""
    for begin, end in pairwise(marks):
        if not any(_VERSION.match(line) for line in lines[begin + 1 : end]):
            continue
        around = [*range(begin + 1), *range(end, len(lines))]
        yield Proposal(
            0,
            0,
            "other text stands around the document, which is in a Markdown code block",
            "Keep only the lines between the marks ```.",
            "Keep only the code block",
            {index: _break(lines[index]) for index in around},
        )


def _control_characters(lines: list[str]) -> Iterator[Proposal]:
    """YAML 1.2.2, 5.1."""
    wrong = [index for index, line in enumerate(lines) if _CONTROL.search(line)]
    if wrong:
        first = _CONTROL.search(lines[wrong[0]])
        column = first.start() if first else 0
        code = f"U+{ord(first[0]):04X}" if first else ""
        yield Proposal(
            wrong[0],
            column,
            f"it holds a control character ({code}), which nobody sees",
            "Remove it.",
            "Remove control characters",
            {index: _CONTROL.sub("", lines[index]) for index in wrong},
        )


def _break(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _tabs(lines: list[str]) -> Iterator[Proposal]:
    """All at once: the width that a tab stands for is one that makes the lines below fit."""
    wrong = [index for index, line in enumerate(lines) if _BAD_INDENT.match(line)]
    if not wrong:
        return
    first = wrong[0]
    column = len(lines[first]) - len(lines[first].lstrip(" "))
    has_tab = any("\t" in _indent(lines[index]) for index in wrong)
    what = "a tab" if has_tab else "a space of another kind, as web pages have them,"
    for size in _TAB_WIDTHS if has_tab else (1,):
        changed = {index: _respaced(lines[index], size) for index in wrong}
        if _flattens(lines, changed):
            continue
        yield Proposal(
            first,
            column,
            f"line {first + 1} is indented with {what} and YAML allows only spaces",
            f"Indent with spaces; that is so in {len(wrong)} line{'s'[: len(wrong) > 1]}.",
            "Indent with spaces",
            changed,
        )


def _flattens(lines: list[str], changed: dict[int, str]) -> bool:
    """Whether a line, deeper by its tabs than the key above it that has no value, no longer is."""
    above = 0
    for index in (i for i, line in enumerate(lines) if not is_blank(line)):
        now, before = changed.get(index, lines[index]), changed.get(above, lines[above])
        head = line_of(before)
        opens = index in changed and head.key is not None and not head.value
        least = width(before) + (_DASHES.match(now) is None)
        if opens and width(now) < least and _columns(lines[above]) < _columns(lines[index]):
            return True
        above = index
    return False


def _columns(line: str) -> int:
    """How far right it begins where a tab takes eight columns."""
    shown = line.expandtabs(8)
    return len(shown) - len(shown.lstrip())


def _indent(line: str) -> str:
    found = _BAD_INDENT.match(line)
    return found[0] if found else ""


def _respaced(line: str, tab: int) -> str:
    indent = _indent(line)
    return "".join(" " * tab if each == "\t" else " " for each in indent) + line[len(indent) :]


def _first_line(lines: list[str], failed: int, reason: str) -> Iterator[Proposal]:
    """Copied with its indentation and the rest without, or the other way round."""
    filled = [index for index, line in enumerate(lines) if not is_blank(line)]
    if len(filled) < 2:  # noqa: PLR2004 - the first and another
        return
    first, indent = filled[0], width(lines[filled[0]])
    others = min(width(lines[index]) for index in filled[1:])
    if indent > others and "document start" in reason:
        changed = {
            index: lines[index][min(indent, width(lines[index])) :]
            for index in filled
            if index < failed
        }
        yield Proposal(
            first,
            0,
            "the first line is indented and those below it are not",
            "Begin the first line at the left margin, like the others of its level.",
            "Remove the indentation",
            changed,
        )
    elif indent < others and ":" in lines[first]:
        yield Proposal(
            first,
            0,
            "the first line begins further left than those of its level below it",
            f"Indent it by {others} spaces like them, or none of them.",
            "Indent the first line",
            {first: " " * (others - indent) + lines[first]},
        )


def _near(lines: list[str], failed: int) -> list[int]:
    """The failed line and the one before it, without blank ones."""
    above = range(min(failed, len(lines)) - 1, -1, -1)
    before = next((index for index in above if not is_blank(lines[index])), None)
    near = [] if before is None else [before]
    return [*near, failed] if failed < len(lines) else near


def _missing_space(lines: list[str], failed: int) -> Iterator[Proposal]:
    for index in _near(lines, failed):
        found = _NO_SPACE.match(lines[index])
        if found:
            at = found.end()
            yield Proposal(
                index,
                found.start(2),
                f"no space stands behind the colon of {found[2]}, so that it is no key",
                f"Write a space behind the colon: {found[2]}: {lines[index][at:].strip()[:60]}",
                f"Put a space behind {found[2]}:",
                {index: f"{lines[index][:at]} {lines[index][at:]}"},
            )


def _missing_colon(lines: list[str], failed: int) -> Iterator[Proposal]:
    for index in _near(lines, failed):
        found = _ALONE.fullmatch(lines[index])
        below = next((line for line in lines[index + 1 :] if not is_blank(line)), "")
        if found and width(below) > len(found[1]):
            at = found.end(2)
            yield Proposal(
                index,
                found.start(2),
                f"no colon stands behind {found[2]}, though members follow below it",
                f"Write a colon behind it: {found[2]}:",
                f"Put a colon behind {found[2]}",
                {index: f"{lines[index][:at]}:{lines[index][at:]}"},
            )


def _aligned(lines: list[str], failed: int, *, sure: bool) -> Iterator[Proposal]:
    """The failed line, with what belongs to it, at the column of the nearest line above it."""
    if failed >= len(lines):
        return
    line, indent = line_of(lines[failed]), width(lines[failed])
    if (line.key is None or not _WORD_KEY.fullmatch(line.key)) == sure:
        return
    above = [*dict.fromkeys(_open_columns(lines, failed))]
    if indent in above or _may_be_deeper(lines, failed):
        return
    goes_on, is_clear = _continues_text(lines, failed)
    if goes_on and is_clear:
        return
    ranked = sorted(above, key=lambda each: abs(each - indent))
    if not ranked:
        return
    ranked = _taking(lines, failed, ranked)
    if len(ranked) > 1 and abs(ranked[0] - indent) == abs(ranked[1] - indent):
        tied = _takers(lines, failed, ranked[:2]) or ranked[:2]
        next_at = _column_below(lines, failed)
        if len(tied) > 1 and next_at not in tied:
            return
        ranked = tied if len(tied) == 1 else [next_at]
    shift = ranked[0] - indent
    is_whole = line.value[:1] not in ("", *"|>&[{'\"") and _DASHES.match(lines[failed]) is None
    below = [failed] if is_whole else [*_block(lines, failed)]
    changed = {i: _shifted(lines[i], shift) for i in below}
    yield Proposal(
        failed,
        indent,
        f"line {failed + 1} is indented by {indent} spaces and fits nothing above it",
        f"{where_to_begin(ranked[0])}, like the lines of its level.",
        f"Indent it by {ranked[0]} spaces",
        changed,
        is_sure=not (goes_on or _empties(lines, failed) or _was_closed_early(lines, failed)),
    )


def _empties(lines: list[str], failed: int) -> bool:
    """Whether a key above it that has no value yet gets none then: it may be too far right."""
    above = next((i for i in range(failed - 1, -1, -1) if not is_blank(lines[i])), None)
    if above is None or width(lines[above]) < width(lines[failed]):
        return False
    line = line_of(lines[above])
    return line.key is not None and not line.value


def _was_closed_early(lines: list[str], failed: int) -> bool:
    """Whether the object in whose column it is, further up, may have it: then a line in between may
    be the one that begins too far left.
    """
    indent = width(lines[failed])
    further_up = range(failed - 1, max(-1, failed - MAX_ABOVE), -1)
    above = next((i for i in further_up if _is_entry_at(lines[i], indent)), None)
    if above is None:
        return False
    own = levels([*lines[: above + 1], lines[failed]], above + 1)
    return bool(own) and own[0].column == indent and own[0].may_hold(lines[failed])


def _is_entry_at(text: str, column: int) -> bool:
    return not is_blank(text) and width(text) == column and line_of(text).key is not None


def _column_below(lines: list[str], failed: int) -> int:
    """Of the next line that is no member of it: where its own stand says nothing about it."""
    inside = {*_block(lines, failed)} if not line_of(lines[failed]).value else {failed}
    after = range(failed + 1, len(lines))
    found = (i for i in after if i not in inside and not is_blank(lines[i]))
    return next((width(lines[each]) for each in found), -1)


def _taking(lines: list[str], failed: int, ranked: list[int]) -> list[int]:
    """Without the columns of objects that have no such member, where another open one has it."""
    open_ones = _open_ones(lines, failed)
    text, nearest = lines[failed], open_ones.get(ranked[0])
    key = line_of(text).key
    if nearest is None or not (nearest.members or nearest.names) or key is None:
        return ranked
    if key not in openapi_names.ALL:
        names = [each for each in ranked if _has_name(open_ones.get(each), text)]
        return names if names and misspelt(key, openapi_names.ALL) is None else ranked
    others = [each for each in ranked if each in open_ones and open_ones[each].takes(key)]
    if key not in openapi_names.PLAIN:
        others = [each for each in ranked if each in others or _has_name(open_ones.get(each), text)]
    return ranked if nearest.may_hold(text) or not others else others


def _takers(lines: list[str], failed: int, columns: list[int]) -> list[int]:
    """Those of the objects that have such a member by OpenAPI."""
    open_ones, key = _open_ones(lines, failed), line_of(lines[failed]).key
    return [each for each in columns if key and each in open_ones and open_ones[each].takes(key)]


def _open_ones(lines: list[str], failed: int) -> dict[int, Level]:
    """The objects that the line may stand in, by the column of their members."""
    deepest = " " * max(map(width, lines[max(0, failed - MAX_ABOVE) : failed + 1])) + " x: y\n"
    return {each.column: each for each in levels([*lines[:failed], deepest], failed)}


def _has_name(level: Level | None, text: str) -> bool:
    return level is not None and level.names != "" and level.may_hold(text)


def _continues_text(lines: list[str], failed: int) -> tuple[bool, bool]:
    """Whether the line, two columns deeper or more, may belong to the text of the line above it,
    and whether it is clear that it does: its key is no name of OpenAPI's.
    """
    above = next((i for i in range(failed - 1, -1, -1) if not is_blank(lines[i])), None)
    if above is None or width(lines[failed]) < width(lines[above]) + 2:
        return False, False
    head, key = line_of(lines[above]), line_of(lines[failed]).key or ""
    if head.key is None or not head.value or head.value[0] in "[{'\"|>&*":
        return False, False
    if " " not in head.value or key in openapi_names.PLAIN or key.startswith("/"):
        return False, False
    return True, key not in openapi_names.ALL


def _open_columns(lines: list[str], failed: int) -> Iterator[int]:
    """The columns at which a line may stand there: those of the lines that hold it."""
    limit, is_item = None, _DASHES.match(lines[failed]) is not None
    for index in range(failed - 1, -1, -1):
        if is_blank(lines[index]):
            continue
        here = width(lines[index])
        if limit is not None and here >= limit:
            continue
        limit = here
        dashes = _DASHES.match(lines[index])
        if dashes is None or is_item:
            yield here
        else:
            yield dashes.end()


def _may_be_deeper(lines: list[str], failed: int) -> bool:
    """Right below a key that has no value yet, any column further right will do."""
    above = next((i for i in range(failed - 1, -1, -1) if not is_blank(lines[i])), None)
    if above is None or width(lines[above]) >= width(lines[failed]):
        return False
    return line_of(lines[above]).value in ("", *BLOCK_MARKS)


def _block(lines: list[str], first: int) -> Iterator[int]:
    indent = width(lines[first])
    yield first
    for index in range(first + 1, len(lines)):
        if is_blank(lines[index]):
            continue
        if width(lines[index]) <= indent:
            return
        yield index


def _shifted(line: str, by: int) -> str:
    return " " * by + line if by > 0 else line[min(-by, width(line)) :]
