"""JSON in the middle of something else: a chat's answer, a program, an HTTP response, a text."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.splices import Splice, spliced
from schema_service.domain.reading import rules
from schema_service.domain.reading.json_reader import Unreadable, read_json
from schema_service.domain.reading.json_slips import json_slips

MAX_CHARACTERS = 2_000_000
_MAX_BEFORE = 10_000
"""Characters in which the first brace of the document is looked for."""
_MAX_TRIES = 5
_MAX_MEANT = 500_000
"""Characters of a document that is not quite JSON."""
_COMMENTS = re.compile(r"\ufeff?(?:\s++|//[^\n]*+|/\*.*?\*/)*+(?=\{)", re.DOTALL)
_BRACE = re.compile(r"\{(?=\s*[\"'\w/])")
_OF_A_DOCUMENT = re.compile(
    r"^[ \t]*+[\"']?(?:openapi|swagger|info|paths)[\"']?[ \t]*+[:=]", re.MULTILINE
)
_OF_JSON = re.compile(r"[{\[]|[\"']\s*:")
"""What no text behind a document holds; else it may have been closed too early."""
_VERSIONS = ("openapi", "swagger")
_OURS, _MIDDLE, _THEIRS = "\n<<<<<<< ", "\n=======", "\n>>>>>>> "


def begins_as_json(text: str) -> bool:
    """Whether nothing but comments of a program stands before its first brace."""
    return text.lstrip("\ufeff \t\r\n").startswith(("//", "/*")) and bool(_COMMENTS.match(text))


def surrounded(text: str) -> Finding | None:
    """About a text that cannot be read; None where no document in JSON stands in it."""
    if len(text) > MAX_CHARACTERS or "```" in text:
        return None
    starts = [*_starts(text)]
    for start in starts:
        end = _end(text, start)
        if end is not None:
            return _about(text, start, end)
    end = text.rfind("}") + 1
    if starts and end - starts[0] <= _MAX_MEANT and _is_meant(text[starts[0] : end]):
        return _about(text, starts[0], end)
    return None


def merge_conflict(text: str) -> Finding | None:
    """The marks that Git writes around two versions of the same lines."""
    at = 0 if text.startswith(_OURS[1:]) else text.find(_OURS) + 1
    middle = text.find(_MIDDLE, at)
    if not text.startswith(_OURS[1:], at) or middle < 0 or text.find(_THEIRS, middle) < 0:
        return None
    line, column = place_of(text, at)
    reason = f"a merge conflict of Git is not resolved, from line {line} on"
    hint = (
        "Keep one of the two versions, between <<<<<<< and ======= or between ======= and "
        ">>>>>>>, and remove the three lines with the marks."
    )
    return rules.unparsable(Unreadable(reason, line, column, hint))


def document_in_quotes(text: str, inner: str) -> Finding | None:
    """About a whole text that is one quoted string, and holds a document."""
    if not re.match(r"\s*(?:\{|openapi:|swagger:|[\"'](?:openapi|swagger))", inner):
        return None
    reason = "the document stands in quotes, with its own quotes and line breaks escaped"
    finding = rules.unparsable(Unreadable(reason, 1, 1, "Paste what the quoted text stands for."))
    return finding.repaired_by(
        "Write what stands in the quotes", Edit.of_text(Splice(0, len(text), inner))
    )


def _starts(text: str) -> Iterator[int]:
    head = text[:_MAX_BEFORE]
    if head.lstrip("\ufeff \t\r\n").startswith("["):
        return  # a list, which is refused as one
    for found in islice(_BRACE.finditer(head), _MAX_TRIES):
        if _OF_A_DOCUMENT.search(head, 0, found.start()):
            return
        yield found.start()


def _end(text: str, start: int) -> int | None:
    """Just behind the object that begins there, if it is an OpenAPI document."""
    try:
        root, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return end if _is_document(root) else None


def _is_meant(text: str) -> bool:
    """Whether it is a document in JSON as people write it."""
    slips = json_slips(text)
    return slips is not None and _is_document(
        read_json(spliced(text, slips.splices).encode(errors="replace"))
    )


def _is_document(root: Any) -> bool:
    return isinstance(root, dict) and any(name in root for name in _VERSIONS)


def _about(text: str, start: int, end: int) -> Finding | None:
    before, behind = text[:start].strip("\ufeff \t\r\n"), text[end:].strip()
    if not before and not behind:
        return None
    if _OF_JSON.search(behind):
        return _second(text, end) if behind.startswith("{") else None
    places = []
    if before:
        places.append(f"before the document ({_lines(text, 0, start)})")
    if behind:
        at = end + len(text[end:]) - len(text[end:].lstrip())
        places.append(f"behind the document ({_lines(text, at, len(text.rstrip()))})")
    reason = f"other text stands {' and '.join(places)}"
    line = 1 if before else place_of(text, at)[0]
    hint = "Leave out everything but the document, from its first { to its last }."
    finding = rules.unparsable(Unreadable(reason, line, 1, hint))
    edits = [Splice(0, start, "")] if start else []
    edits += [Splice(end, len(text), "\n")] if behind else []
    return finding.repaired_by("Keep only the document", *map(Edit.of_text, edits))


def _second(text: str, end: int) -> Finding:
    at = text.index("{", end)
    line, column = place_of(text, at)
    reason = f"a second object in braces stands behind the document, from line {line} on"
    hint = "Keep one document only, and import the other one by itself."
    return rules.unparsable(Unreadable(reason, line, column, hint))


def _lines(text: str, start: int, end: int) -> str:
    """`line 1`, `lines 1 to 3`: of the characters from `start` up to `end`."""
    written = text[start:end]
    first = place_of(text, start + len(written) - len(written.lstrip()))[0]
    last = place_of(text, start + max(len(written.rstrip()) - 1, 0))[0]
    return f"line {first}" if first == last else f"lines {first} to {last}"
