"""Texts that go on where YAML ends them: cut off within quotes, or where a comment begins."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import rules
from schema_service.domain.reading.json_reader import Unreadable, ends_early
from schema_service.domain.reading.reading import Reading
from schema_service.domain.reading.yaml_line import line_of, quoted

MAX_FOUND = 50
_UNCLOSED = "unclosed quote"
_AT_COMMENT = re.compile(
    r"^[ ]*+(?:-[ ]++)*+(description|summary|title|example|default)[ ]*+:[ ]++"
    r"(?P<text>[^\s\"'|>&*!\[{#%@`\n][^\n#]*+)(?<=[ \t])(?P<rest>#[^\s#!][^\n\r]*)",
    re.MULTILINE,
)


def cut_in_quotes(text: str, why: Unreadable) -> Unreadable | None:
    """Where the text ends within quotes, behind which nothing begins a member or an item.

    A document that is whole ends with a line break; then only the quote may be missing.
    """
    if why.reason != _UNCLOSED or why.line is None or text.endswith("\n"):
        return None
    behind = text.splitlines()[why.line :]
    if any(line_of(line).is_entry for line in behind):
        return None
    return ends_early(*place_of(text, len(text) - 1))


def cut_at_comments(reading: Reading) -> list[Finding]:
    """Texts behind which a word follows that begins with #, as in `the #1 of the shop`. A comment
    has a space behind its #.
    """
    spots = list(islice(_AT_COMMENT.finditer(reading.text), MAX_FOUND))
    if not spots:
        return []
    texts = {*_texts(reading.document, {spot[1] for spot in spots})}
    cut = [spot for spot in spots if (spot[1], spot["text"].rstrip(" \t")) in texts]
    return [_about(reading.text, spot) for spot in cut]


def _about(text: str, spot: re.Match[str]) -> Finding:
    start, end = spot.start("text"), spot.end("rest")
    whole = quoted(text[start:end].rstrip())
    finding = rules.TEXT_CUT_AT_COMMENT.at("", name=spot[1], rest=spot["rest"])
    placed = finding.placed(*place_of(text, spot.start("rest")))
    return placed.repaired_by("Put the text in quotes", Edit.of_text(Splice(start, end, whole)))


def _texts(document: Any, names: set[str]) -> Iterator[tuple[str, str]]:
    """Each with the name of the member that has it: none is a line within another text."""
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield from ((name, node[name]) for name in names if isinstance(node.get(name), str))
        if isinstance(node, dict | list):
            stack += node.values() if isinstance(node, dict) else node
