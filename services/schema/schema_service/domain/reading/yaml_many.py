"""Many unquoted texts with a colon: mended in one try, as each try reads all of the text."""

import re
from collections.abc import Iterator

from schema_service.domain.reading.yaml_line import Line, Proposal, is_blank, line_of, quoted, width

MIN_LINES = 10
"""Fewer are named one by one."""
_BLOCK = re.compile(r"[|>][-+0-9]*")
_KEY = re.compile(r"[\w$.-]+")
_NOT_PLAIN = "[{'\"|>&*!#@`%"


def many_colons(lines: list[str], failed: int) -> Iterator[Proposal]:
    """Up to a line where a quoted text may go on: what stands in that is no slip."""
    if failed >= len(lines) or not _is_wrong(line_of(lines[failed])):
        return
    wrong = [*_texts_with_colon(lines, failed)]
    if len(wrong) < MIN_LINES:
        return
    first = line_of(lines[wrong[0]])
    changed = {}
    for index in wrong:
        line = line_of(lines[index])
        changed[index] = lines[index][: line.at] + quoted(line.value) + line.rest
    yield Proposal(
        wrong[0],
        first.at,
        f'the text behind {first.named}, and those of {len(wrong) - 1} lines below it, hold ": ", '
        "which begins a new value in YAML",
        f"Put each of these texts in quotes: {first.key}: {quoted(first.value[:60])}.",
        "Put the texts in quotes",
        changed,
    )


def _texts_with_colon(lines: list[str], failed: int) -> Iterator[int]:
    block: int | None = None
    for index, text in enumerate(lines):
        if is_blank(text) or (block is not None and width(text) > block):
            continue
        line = line_of(text)
        block = width(text) if _BLOCK.fullmatch(line.value) else None
        if index >= failed and text.count('"') % 2:
            return
        if index >= failed and _is_wrong(line) and not _goes_on(lines, index):
            yield index


def _is_wrong(line: Line) -> bool:
    if line.key is None or not _KEY.fullmatch(line.key) or not line.value:
        return False
    return ": " in line.value and line.value[0] not in _NOT_PLAIN


def _goes_on(lines: list[str], index: int) -> bool:
    below = next((each for each in lines[index + 1 : index + 50] if not is_blank(each)), "")
    return width(below) > width(lines[index])
