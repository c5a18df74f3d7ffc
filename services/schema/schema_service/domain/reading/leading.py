"""Text before a document: what a chat says first, the name of a code block's language, or JSON
without its first brace.
"""

import re
from collections.abc import Iterator

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import rules
from schema_service.domain.reading.json_reader import Unreadable, read_json
from schema_service.domain.reading.json_slips import json_slips
from schema_service.domain.reading.yaml_line import Proposal, is_blank, line_of

MAX_LINES = 20
MAX_CHARACTERS = 2_000_000
_BEGINS = re.compile(r"[\"']?(?:openapi|swagger|info|servers|paths)[\"']?[ \t]*:(?:\s|$)")
_MEMBER = re.compile(r"\ufeff?\s*+(?=[\"'](?:openapi|swagger|info)[\"']\s*:)")
_OF_YAML = ("```", "~~~", "---", "- ", *" \t{}[]\"'%&*!|>")
_BUTTONS = frozenset({"yaml", "yml", "json", "copy", "copy code", "yamlcopy", "yamlcopy code"})
"""What a chat's page shows beside a code block."""


def leading_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """Words become comments, so that nothing that was written is lost; a page's own go."""
    start = next((at for at, line in enumerate(lines[:MAX_LINES]) if _BEGINS.match(line)), 0)
    before = [at for at in range(start) if not is_blank(lines[at])]
    if not before or failed > start or not all(_is_text(lines[at]) for at in before):
        return
    changed = {at: "" if _is_button(lines[at]) else f"# {lines[at]}" for at in before}
    title = "Make a comment of" if any(changed.values()) else "Leave out"
    first, last = before[0] + 1, before[-1] + 1
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    yield Proposal(
        before[0],
        0,
        f"other text stands before the document ({where}), and is no member of it",
        f"Leave out everything before line {start + 1}, or write a # before each line of it.",
        f"{title} what stands before the document ({where})",
        changed,
    )


def _is_text(line: str) -> bool:
    return not line.startswith(_OF_YAML) and not line_of(line).is_entry


def _is_button(line: str) -> bool:
    return line.strip().casefold() in _BUTTONS


def without_brace(text: str) -> Finding | None:
    """About a text that cannot be read, and is JSON once a brace stands before it."""
    found = _MEMBER.match(text) if len(text) <= MAX_CHARACTERS else None
    if found is None:
        return None
    at = found.end()
    whole = f"{{{text[at:]}"
    if isinstance(read_json(whole.encode(errors="replace")), Unreadable):
        slips = json_slips(whole)
        if slips is None or slips.cut_at is not None:
            return None
    line, column = place_of(text, at)
    hint = "Write a { before the first member: a document in JSON stands between { and }."
    why = Unreadable("the first { of the document is missing", line, column, hint)
    edit = Edit.of_text(Splice(at, at, "{"))
    return rules.unparsable(why).repaired_by("Write the first {", edit)
