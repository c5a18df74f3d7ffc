"""One line of a YAML text that cannot be read, taken apart by its looks."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINE = re.compile(
    r"(?P<indent>[ \t\u00a0]*)(?P<dashes>(?:-[ \t]+)*)"
    r"(?:(?P<key>\"[^\"\n]*\"|'[^'\n]*'|[^\s#\"'\[\]{},&*!|>@`%][^\n]*?(?<![ \t]))"
    r"[ \t]*+:(?P<gap>[ \t]+|$))?"
    r"(?P<value>[^\n]*)"
)
_COMMENT = re.compile(r"(?<![ \t])[ \t]++(?:#[^\n]*)?$")
MAX_SHOWN_VALUE = 60
_BLOCK = re.compile(r"[|>][-+0-9]*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Lines as they were meant (by index), and the finding about the first of them."""

    line: int
    column: int
    reason: str
    hint: str
    title: str
    lines: dict[int, str]
    is_sure: bool = True
    """Else the lines only let reading go on: something else may have been meant by them."""


@dataclass(frozen=True, slots=True)
class Line:
    """`value` is what stands behind the key or the dash, without comment; `at` is its column."""

    indent: str
    key: str | None
    value: str
    at: int
    rest: str
    """The comment and the line break behind the value."""
    is_entry: bool = True
    """Whether it begins with a key or a dash; else a text goes on in it."""

    @property
    def named(self) -> str:
        return f'"{self.key}:"' if self.key is not None else "the dash"


def line_of(text: str) -> Line:
    body = text.rstrip("\r\n")
    found = _LINE.match(body)
    if not found:  # the expression matches every line
        return Line("", None, body, 0, "")
    value = found["value"]
    behind = _COMMENT.search(value)
    cut = behind.start() if behind and not value.startswith("#") else len(value)
    at = found.start("value")
    is_entry = found["key"] is not None or bool(found["dashes"])
    return Line(found["indent"], found["key"], value[:cut], at, text[at + cut :], is_entry)


def is_block_mark(value: str) -> bool:
    """Whether the lines below are a text, behind `|` or `>`."""
    return _BLOCK.fullmatch(value) is not None


def is_blank(text: str) -> bool:
    return not text.strip() or text.lstrip().startswith("#")


def filled_lines(lines: Sequence[str]) -> Iterator[tuple[int, str, Line]]:
    """With their index, with two columns for a tab, and taken apart: those that are not blank, and
    that do not go on with a text in quotes or behind | or >, which ends where a line is no deeper
    than its key.
    """
    text_of, mark = -1, ""
    for index, line in enumerate(lines):
        if not line.strip() or (text_of < 0 and is_blank(line)):
            continue
        text = line.expandtabs(2)
        if text_of >= 0 and width(text) > text_of:
            if mark and _ends(text, mark):
                text_of = -1
            continue
        text_of, mark = -1, ""
        if is_blank(line):
            continue
        parts = line_of(text)
        yield index, text, parts
        value = parts.value
        if is_block_mark(value):
            text_of = width(text)
        elif value[:1] in ("'", '"') and value and not _ends(value[1:], value[0]):
            text_of, mark = width(text), value[0]


def _ends(text: str, mark: str) -> bool:
    """Whether a text in such quotes ends there."""
    plain = re.sub(r"\\.", "", text) if mark == '"' else text.replace("''", "")
    return mark in plain


def width(text: str) -> int:
    """How many columns a line is indented by."""
    return len(text) - len(text.lstrip(" "))


def quoted(value: str) -> str:
    """As YAML reads it back: in double quotes where nothing in it means anything there."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def shown_value(value: str) -> str:
    """In quotes as a hint shows it, cut where it is long."""
    short = value if len(value) <= MAX_SHOWN_VALUE else f"{value[:MAX_SHOWN_VALUE]}…"
    return quoted(short) if short.isprintable() else json.dumps(short)


def where_to_begin(column: int) -> str:
    """The beginning of a sentence that says it."""
    if not column:
        return "Begin it at the left margin"
    return f"Indent it by {spaces(column)}"


def spaces(count: int) -> str:
    """So many, in words."""
    return f"{count} space" if count == 1 else f"{count} spaces"
