"""Texts that YAML takes for something else, because nothing says where they begin and end."""

import re
from collections.abc import Iterator

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_brackets import bracket_proposals, is_flow
from schema_service.domain.reading.yaml_line import (
    Line,
    Proposal,
    is_blank,
    line_of,
    quoted,
    shown_value,
    width,
)

MAX_CONTINUED = 50
"""Lines that one text may go on for."""
_BACKSLASH = re.compile(r'\\(?![0abtnvfre "/\\N_LPxuU\t])')
_WHOLE = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_UNCLEAR = "is not one that YAML can read without quotes"
_STARTS = {
    "@": "an @, which no text may begin with",
    "`": "a backquote, which no text may begin with",
    "%": "a %, which no text may begin with",
    "*": "a *, which refers to another place",
    "&": "an &, which names this place",
    "!": "a !, which names a type",
    "|": "a |, behind which a text begins on the next line",
    ">": "a >, behind which a text begins on the next line",
    "?": "a ?, which begins a key",
    "-": "a dash, which begins a list",
    "[": "a [, which begins a list",
    "{": "a {, which begins an object",
}


def quoting_proposals(lines: list[str], failed: int, reason: str) -> Iterator[Proposal]:
    """About the line where reading failed, then about the one before it."""
    del reason
    for index in _candidates(lines, failed):
        line = line_of(lines[index])
        if not line.value or not line.is_entry:
            continue
        if line.value[0] in ("'", '"'):
            yield from _of_quotes(lines, index, line)
        elif line.value[0] in "[{":
            yield from bracket_proposals(lines, index, line)
            if not is_flow(line.value):
                yield from _unquoted(lines, index, line)
        else:
            yield from _unquoted(lines, index, line)


def _candidates(lines: list[str], failed: int) -> Iterator[int]:
    """The failed line, the one before it, and the one whose text goes on in them."""
    if failed < len(lines):
        yield failed
    indent = None
    for index in range(min(failed, len(lines)) - 1, max(-1, failed - MAX_CONTINUED), -1):
        if is_blank(lines[index]):
            continue
        here = width(lines[index])
        if indent is None or here < indent:
            yield index
        if indent is not None:
            return
        indent = here


def _of_quotes(lines: list[str], index: int, line: Line) -> Iterator[Proposal]:
    mark, value = line.value[0], line.value
    if value.endswith((",", ";")) and _WHOLE.fullmatch(value[:-1].rstrip()):
        behind = "comma" if value[-1] == "," else "semicolon"
        end = len(value[:-1].rstrip())
        yield Proposal(
            index,
            line.at + end,
            f"a {behind} stands behind a text in quotes",
            f"Leave the {behind} out: in YAML each line is a member of its own.",
            f"Leave out the {behind}",
            {index: _with_value(lines[index], line, value[:end])},
        )
    if mark == '"' and _BACKSLASH.search(value) and _WHOLE.fullmatch(value):
        yield _backslashes(lines, index, line)
    inner = value[1:-1] if len(value) > 1 and value.endswith(mark) else value[1:]
    if value.count(mark) == 1 or (mark == '"' and value.count(mark) == 1 + value.count('\\"')):
        yield Proposal(
            index,
            line.at,
            f"the quote that opens behind {line.named} is not closed",
            f"Write a {mark} at the end of the text: {mark}{_short(value[1:])}{mark}.",
            "Close the quote",
            {index: _with_value(lines[index], line, f"{value}{mark}")},
        )
    elif value.endswith(mark):
        yield _requoted(lines, index, line, inner.replace(f"\\{mark}", mark))
    else:
        yield _requoted(lines, index, line, value)


def _backslashes(lines: list[str], index: int, line: Line) -> Proposal:
    inner = line.value[1:-1]
    if "'" not in inner and "\\\\" not in inner and '\\"' not in inner:
        new = f"'{inner}'"
        hint = f"Put the text in single quotes, where a backslash is only that: {_short(new)}"
    else:
        new = '"' + _BACKSLASH.sub(r"\\\\", inner) + '"'
        hint = "Write each backslash twice."
    reason = f"the text behind {line.named} holds a backslash, which double quotes take for more"
    changed = {index: _with_value(lines[index], line, new)}
    return Proposal(index, line.at, reason, hint, "Write the backslashes as they are", changed)


def _requoted(lines: list[str], index: int, line: Line, inner: str) -> Proposal:
    return Proposal(
        index,
        line.at,
        f"the text behind {line.named} holds the same quotes as those it stands in",
        f"Put all of it in other quotes: {line.key or '-'}: {shown_value(inner)}.",
        "Put the text in other quotes",
        {index: _with_value(lines[index], line, quoted(inner))},
    )


def _unquoted(lines: list[str], index: int, line: Line) -> Iterator[Proposal]:
    """The value with the lines that it goes on for, or else on this line alone."""
    reason = _reason(line)
    dash = line.key is None
    hint = f"Put the text in quotes: {'-' if dash else f'{line.key}:'} {shown_value(line.value)}."
    end = _last_line(lines, index)
    changed = _quoted_lines(lines, index, end, line) if end > index else {}
    is_sure = not any(_begins_member(lines[each]) for each in range(index + 1, end + 1))
    if changed:
        more = "Put all of the text in quotes, from its first line to its last."
        plain = reason.endswith(_UNCLEAR)
        below = f'the text behind {line.named} goes on below and holds ": " there'
        why = below if plain else reason
        more = more if is_sure else _TEXT_OR_MEMBERS
        yield Proposal(index, line.at, why, more, "Put the text in quotes", changed, is_sure)
    whole = _with_value(lines[index], line, quoted(line.value))
    yield Proposal(index, line.at, reason, hint, "Put the text in quotes", {index: whole})


_TEXT_OR_MEMBERS = (
    "Put all of it in quotes if it is one text; if its lines are members, write a space behind "
    "each colon and each dash, and begin them all in one column."
)


def _begins_member(text: str) -> bool:
    return line_of(text).key in openapi_names.ALL


def _reason(line: Line) -> str:
    mark = line.value[0]
    if ": " not in line.value and not line.value.endswith(":") and mark in _STARTS:
        return f"the text behind {line.named} begins with {_STARTS[mark]}"
    held = '": "' if ": " in line.value else "a colon at its end"
    if ": " not in line.value and not line.value.endswith(":"):
        return f"the text behind {line.named} {_UNCLEAR}"
    return f"the text behind {line.named} holds {held}, which begins a new value in YAML"


def _last_line(lines: list[str], index: int) -> int:
    last, indent = index, width(lines[index])
    for below in range(index + 1, min(len(lines), index + MAX_CONTINUED)):
        if not lines[below].strip():
            continue
        if width(lines[below]) <= indent:
            break
        last = below
    return last


def _quoted_lines(lines: list[str], first: int, last: int, line: Line) -> dict[int, str]:
    """One quoted text over several lines reads as the plain one would (YAML 1.2.2, 7.3.2)."""
    texts = [line.value, *(lines[index].strip() for index in range(first + 1, last + 1))]
    mark = '"' if not any('"' in text or "\\" in text for text in texts) else "'"
    changed = {}
    for index in range(first, last + 1):
        body = lines[index].rstrip("\r\n")
        end = lines[index][len(body) :]
        if mark == "'":
            start = line.at if index == first else 0
            body = body[:start] + body[start:].replace("'", "''")
        opening = f"{body[: line.at]}{mark}{body[line.at :]}" if index == first else body
        changed[index] = opening.rstrip() + (mark if index == last else "") + end
    return changed


def _with_value(text: str, line: Line, value: str) -> str:
    return text[: line.at] + value + line.rest


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004 - as shown_value
