"""Texts behind | or > whose lines begin too far left (YAML 1.2.2, 8.1)."""

import re
from collections.abc import Iterator

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import openapi_names, rules
from schema_service.domain.reading.loose_lines import is_unknown
from schema_service.domain.reading.reading import Reading
from schema_service.domain.reading.yaml_line import Proposal, is_blank, line_of, spaces, width

MAX_TEXT = 50
"""Lines below a | or > among which reading failed, or which one text may have too far left."""
MAX_FOUND = 50
BLOCK_MARKS = ("|", ">", "|-", ">-", "|+", ">+")
_ANNOUNCED = re.compile(r":[ \t]+[|>][-+]?[ \t]*\r?$", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_TEXTS = ("description", "summary", "title")
TITLE = "Indent the text"


def block_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """For the nearest such text at or above the failed line."""
    for index in range(min(failed, len(lines)) - 1, max(-1, failed - MAX_TEXT), -1):
        line = line_of(lines[index])
        if line.key is None or line.value not in BLOCK_MARKS:
            continue
        proposal = _proposal(lines, index)
        if proposal is not None:
            yield proposal
        return


def block_texts(reading: Reading) -> list[Finding]:
    """Of a text that can be read all the same, as its lines look like members."""
    if not _ANNOUNCED.search(reading.text):
        return []
    lines = _LINE.findall(reading.text)
    found: list[Finding] = []
    start = 0
    for index, text in enumerate(lines):
        proposal = None
        if text.rstrip()[-1:] in ("|", ">", "-", "+") and len(found) < MAX_FOUND:
            line = line_of(text)
            if line.key in _TEXTS and line.value in BLOCK_MARKS:
                proposal = _proposal(lines, index)
        if proposal is not None:
            found.append(_finding(lines, index, start, proposal))
        start += len(text)
    return found


def _finding(lines: list[str], index: int, start: int, proposal: Proposal) -> Finding:
    starts = {index: start}
    for each in range(index, max(proposal.lines)):
        starts[each + 1] = starts[each] + len(lines[each])
    edits = [
        Edit.of_text(Splice(starts[each], starts[each] + width(lines[each]), _indent(line)))
        for each, line in proposal.lines.items()
    ]
    line = line_of(lines[index])
    finding = rules.TEXT_NOT_INDENTED.at("", reason=proposal.reason, hint=proposal.hint)
    placed = finding.placed(proposal.line + 1, proposal.column + 1)
    return placed.repaired_by(f"{TITLE} of {line.key}", *edits)


def _indent(line: str) -> str:
    return line[: width(line)]


def _proposal(lines: list[str], head: int) -> Proposal | None:
    line, column = line_of(lines[head]), len(lines[head]) - len(lines[head].lstrip(" -"))
    below = _without_comments(lines, [*_text_lines(lines, head, column)], column)
    if not below:
        return None
    first = width(lines[below[0]])
    if any(width(lines[each]) < first and _is_member(lines[each]) for each in below):
        return None  # the head is what stands too far left
    base = first if first > column else column + 2
    changed = {
        each: " " * base + lines[each].lstrip(" ") for each in below if width(lines[each]) < base
    }
    if not changed:
        return None
    at = min(changed)
    reason = f"the text that {line.named} announces with {line.value} is not indented"
    if at != below[0]:
        reason = (
            f"line {at + 1}, in the text that {line.named} announces with {line.value}, begins "
            "further left than the first line of that text"
        )
    return Proposal(
        at,
        0,
        reason,
        f"Indent its lines by {spaces(base)}, deeper than {line.named}.",
        TITLE,
        changed,
    )


def _without_comments(lines: list[str], below: list[int], column: int) -> list[int]:
    """Without the lines at its end that are no deeper than the key and look like comments."""
    while below and width(lines[below[-1]]) <= column and is_blank(lines[below[-1]]):
        below.pop()
    return below


def _is_member(text: str) -> bool:
    """Whether it is clear that it is one of OpenAPI's objects or names of a path."""
    line = line_of(text)
    key = (line.key or "").strip("\"'")
    if key.startswith("/"):
        return not line.value
    return key in openapi_names.PLAIN or key.startswith("x-")


def _text_lines(lines: list[str], head: int, column: int) -> Iterator[int]:
    """Those that are deeper than the key, and those that can hardly be members of its object."""
    is_first, left = line_of(lines[head]).key in _TEXTS, 0
    for index in range(head + 1, len(lines)):
        text = lines[index]
        if not text.strip():
            continue
        if width(text) <= column:
            left += 1
            if left > MAX_TEXT or not _is_text(text, column, is_first=is_first):
                return
        yield index
        is_first = is_first and width(text) <= column


def _is_text(text: str, column: int, *, is_first: bool) -> bool:
    """`is_first` where no line of a description is indented yet, so that any unknown name may
    begin one.
    """
    line = line_of(text)
    if line.key is None:
        return not line.is_entry or width(text) == column
    return width(text) == column and is_unknown(line.key) and (is_first or " " in line.key)
