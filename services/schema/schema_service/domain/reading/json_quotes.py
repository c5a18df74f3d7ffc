"""Texts of JSON that reach the end of their line: a quote was forgotten (RFC 8259, 7)."""

from dataclasses import replace

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.splices import Splice, spliced
from schema_service.domain.reading import rules
from schema_service.domain.reading.json_reader import Unreadable, read_json

MAX_QUOTES = 20
MAX_CHARACTERS = 2_000_000
"""Of a text in which more than one is looked for: each costs as much as reading it."""
_HINT = 'Write " at the end of the text, before the comma if there is one.'


def is_open_quote(why: Unreadable) -> bool:
    """What JSON's reader says where it comes to the end of the line."""
    return why.line is not None and "control character in string" in why.reason


def open_quotes(text: str, why: Unreadable) -> list[Finding]:
    """One after the other, each with a repair if the reader then comes beyond its line."""
    found: list[Finding] = []
    while is_open_quote(why) and len(found) < MAX_QUOTES:
        line = why.line or 1
        splice = _closing(text, line)
        reason = Unreadable("a quote on this line is not closed", *place_of(text, splice.start))
        finding = rules.unparsable(replace(reason, hint=_HINT))
        text = spliced(text, [splice])
        after = read_json(text.encode())
        if isinstance(after, Unreadable) and (after.line or 0) <= line:
            return [*found, finding]
        written = splice.start - len(found)  # each one before it has lengthened the text by one
        edit = Edit.of_text(Splice(written, written, splice.text))
        found.append(finding.repaired_by("Close the quote", edit))
        if not isinstance(after, Unreadable) or len(text) > MAX_CHARACTERS:
            return found
        why = after
    return found


def _closing(text: str, line: int) -> Splice:
    """Before the last comma of a line (from one)."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    end = text.find("\n", start)
    written = text[start : end if end >= 0 else len(text)].rstrip()
    at = start + len(written) - written.endswith(",")
    return Splice(at, at, '"')
