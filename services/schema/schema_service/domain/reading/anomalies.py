"""Findings about a text that was read all the same."""

import re
from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import Lines
from schema_service.domain.position.members import Member
from schema_service.domain.reading import rules
from schema_service.domain.reading.alias_size import inside_ends
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
    lines, ends = Lines(text), inside_ends(text, [mark.end() for mark in anchors[:MAX_MARKS]])
    marks = sorted([*anchors, *_ALIAS.finditer(text)], key=lambda mark: mark.start())
    for mark in marks[:MAX_MARKS]:
        if text[mark.start()] == "&":
            last[mark[1]] = mark.end()
        elif mark.start() < ends.get(last.get(mark[1], -1), 0):
            finding = rules.SELF_ALIAS.at("", name=mark[1])
            yield finding.placed(*lines.place_of(mark.start()))


def _keys(tidied: Tidied) -> Iterator[Finding]:
    if not tidied.keys:
        return
    path, _ = tidied.keys[0]
    edits = [Edit("quote_key", pointers.join(each)) for each, _ in tidied.keys[:MAX_EDITS]]
    count = len(tidied.keys)
    keys = f"Keys such as {path[-1]} are" if count == 1 else f"{count} keys such as {path[-1]} are"
    found = rules.KEY_NOT_TEXT.at(path, keys=keys)
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
    groups: dict[str, list[Member]] = {}
    for member in members:
        if member.key is not None:
            groups.setdefault(_meaning(reading, member), []).append(member)
    yield from (_again(reading, path, same) for same in groups.values() if len(same) > 1)


def _meaning(reading: Reading, member: Member) -> str:
    """What two keys have in common that the YAML reader takes for one: 1, 1.0 and true."""
    key = str(member.key)
    written = reading.text[member.key_offset : member.key_end]
    if reading.syntax is Syntax.JSON or written[:1] in ("'", '"'):
        return key
    return _SAME.get(key, key)


_SAME = {"true": "1", "True": "1", "TRUE": "1", "1.0": "1", "false": "0", "False": "0"} | {
    "FALSE": "0",
    "0.0": "0",
    "~": "null",
    "Null": "null",
    "NULL": "null",
}


def _again(reading: Reading, path: tuple[str, ...], same: list[Member]) -> Finding:
    """At the second; named as it was read, where both were written differently."""
    spelled = dict.fromkeys(str(member.key) for member in same)
    first, second = (reading.place_of(member.key_offset) for member in same[:2])
    last, _ = reading.place_of(same[-1].key_offset)
    key = next((each for each in spelled if _has(reading, path, each)), next(iter(spelled)))
    shown = " (the same as ".join(spelled) + ")" * (len(spelled) - 1)
    lines = f"line {last}" if first[0] == last else f"lines {first[0]} and {last}"
    finding = rules.DUPLICATE_KEY.at((*path, key), key=shown, lines=lines)
    return finding.placed(*second)


def _has(reading: Reading, path: tuple[str, ...], key: str) -> bool:
    return pointers.look_up(reading.document, (*path, key)) is not pointers.MISSING


def _deep(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)
