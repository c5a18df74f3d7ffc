"""Comments as programs have them, `// …`, in YAML, which has # for them."""

import re
from collections.abc import Iterator

from schema_service.domain.reading.yaml_line import Proposal, filled_lines, line_of, width

MAX_LINES = 2_000
_BEHIND = re.compile(
    r"(?:(?<![^\s\[{,:])(?:\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\n]|'')*+')|[\]}])[ \t]+(?P<mark>//)"
)
"""Behind a text in quotes, or a bracket: there nothing else can stand. A quote amid a word opens no
text: of many quotes in an unclosed text, none is gone through to the end of the line.
"""


def slash_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """All of them at once: who writes one writes more. Texts in quotes and behind | keep theirs."""
    changed = {}
    for index, text, _ in filled_lines(lines):
        at = _mark_in(lines[index]) if "//" in text else None
        if at is not None:
            changed[index] = f"{lines[index][:at]}#{lines[index][at + 2 :]}"
        if len(changed) == MAX_LINES:
            break
    first = min(changed, default=failed + 1)
    if first > failed:
        return
    yield Proposal(
        first,
        _mark_in(lines[first]) or 0,
        f"line {first + 1} has a comment that begins with //, and in YAML a comment begins with #",
        "Write # in place of //.",
        "Write # in place of //",
        changed,
    )


def _mark_in(line: str) -> int | None:
    """Where a comment of the line begins."""
    if line.lstrip().startswith("//"):
        return width(line) if line[width(line)] == "/" else None
    value = line_of(line)
    found = _BEHIND.search(line, value.at) if "//" in value.value else None
    begins = value.value[:1]
    if found is None or begins not in ("'", '"', "[", "{"):
        return None
    if begins in ("'", '"') and found.start() != value.at:
        return None
    return found.start("mark")
