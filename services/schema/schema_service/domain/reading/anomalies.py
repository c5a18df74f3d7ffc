"""Findings about a text that was read all the same."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.members import Member
from schema_service.domain.reading import rules
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.reading.tidying import Tidied

MAX_EACH = 50
"""A kind of anomaly is listed this often at most."""
MAX_EDITS = 2_000
"""Keys that one repair quotes."""
MAX_MARKS = 20_000
"""Anchors and aliases that are compared with each other."""
MAX_CHARACTERS = 50_000_000
"""How much text is gone through in search of repeated keys; each level reads its own again."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(\s*+:)?', re.DOTALL)
"""A JSON string, and the colon behind it if it is a key."""
_ANCHOR = re.compile(r"&(?<![^\s,\[{]&)([^\s,\[\]{}]+)")
_ALIAS = re.compile(r"\*(?<![^\s,\[{]\*)([^\s,\[\]{}]+)")
"""They begin with the character that is searched for, which makes them fast."""


def of_values(tidied: Tidied) -> Iterator[Finding]:
    yield from _keys(tidied)
    for rule, paths in (
        (rules.MERGE_KEY, tidied.merges),
        (rules.NUMBER_TOO_LARGE, tidied.numbers),
        (rules.NOT_JSON, tidied.others),
    ):
        yield from (rule.at(path) for path in paths[:MAX_EACH])


def duplicates(reading: Reading) -> list[Finding]:
    """Looks for them only where counting shows that there are some."""
    if not _some_key_repeats(reading):
        return []
    return list(_repeated(reading))


def self_aliases(text: str) -> Iterator[Finding]:
    """An alias before the end of its own anchor's value: that line, or all indented deeper."""
    if "&" not in text or "*" not in text:
        return
    anchors = list(_ANCHOR.finditer(text))
    if not anchors:
        return
    last: dict[str, int] = {}
    marks = sorted([*anchors, *_ALIAS.finditer(text)], key=lambda mark: mark.start())
    for mark in marks[:MAX_MARKS]:
        if text[mark.start()] == "&":
            last[mark[1]] = mark.start()
        elif mark[1] in last and _inside(text, last[mark[1]], mark.start()):
            finding = rules.SELF_ALIAS.at("", name=mark[1])
            yield finding.placed(*place_of(text, mark.start()))


def _keys(tidied: Tidied) -> Iterator[Finding]:
    if not tidied.keys:
        return
    path, _ = tidied.keys[0]
    edits = [Edit("quote_key", pointers.join(each)) for each, _ in tidied.keys[:MAX_EDITS]]
    found = rules.KEY_NOT_TEXT.at(path, count=len(tidied.keys), key=path[-1])
    yield found.repaired_by("Quote these keys", *edits)


def _some_key_repeats(reading: Reading) -> bool:
    """Every key of JSON is followed by one colon outside strings."""
    if reading.syntax is not Syntax.JSON:
        return True
    raw = reading.raw
    if raw.count(b'":') - raw.count(b'\\":') == reading.survey.keys and b'" :' not in raw:
        return False
    return sum(1 for text in _STRING.finditer(raw) if text[1]) != reading.survey.keys


def _repeated(reading: Reading) -> Iterator[Finding]:
    stack: list[tuple[Any, tuple[str, ...]]] = [(reading.document, ())]
    passed = 0
    while stack and passed < MAX_CHARACTERS:
        container, path = stack.pop()
        if isinstance(container, dict):
            members = reading.locator.members_of(pointers.join(path))
            passed += members[-1].key_end - members[0].key_offset if members else 0
            yield from _repeated_in(reading, path, members)
            stack += [(value, (*path, key)) for key, value in container.items() if _deep(value)]
        else:
            stack += [(value, (*path, str(i))) for i, value in enumerate(container) if _deep(value)]


def _repeated_in(
    reading: Reading, path: tuple[str, ...], members: list[Member]
) -> Iterator[Finding]:
    counts = Counter(member.key for member in members)
    for key, count in counts.items():
        if count > 1 and key is not None:
            yield _again(reading, path, [m for m in members if m.key == key])


def _again(reading: Reading, path: tuple[str, ...], same: list[Member]) -> Finding:
    key = str(same[0].key)
    finding = rules.DUPLICATE_KEY.at((*path, key), key=key)
    return finding.placed(*place_of(reading.text, same[1].key_offset))


def _deep(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _inside(text: str, anchor: int, alias: int) -> bool:
    between = text[anchor:alias]
    if "\n" not in between:
        opened = sum(between.count(mark) for mark in "[{")
        return opened > sum(between.count(mark) for mark in "]}")
    indent = _indent(text, anchor)
    later = (line for line in between.split("\n")[1:] if line.strip())
    return all(len(line) - len(line.lstrip(" ")) > indent for line in later) and (
        _indent(text, alias) > indent
    )


def _indent(text: str, offset: int) -> int:
    line = text[text.rfind("\n", 0, offset) + 1 : offset + 1]
    return len(line) - len(line.lstrip(" "))
