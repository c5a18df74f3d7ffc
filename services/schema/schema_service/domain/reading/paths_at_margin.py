"""`/items:` in the column of `paths:`, which then has none (OAS 3.1, 4.8.8)."""

import re

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import rules
from schema_service.domain.reading.reading import Reading

MAX_LINES = 20_000
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PATH = re.compile(r"[\"']?/")
_HEAD = re.compile(r"paths[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n?")


def paths_at_margin(reading: Reading) -> list[Finding]:
    """One for all, with a repair that indents them; what follows them stays."""
    root = reading.document
    if root is None or root.get("paths", "") is not None:
        return []
    outside = [name for name, each in root.items() if name[:1] == "/" and isinstance(each, dict)]
    if not outside:
        return []
    finding = rules.PATHS_AT_MARGIN.at((outside[0],), path=outside[0])
    lines = _LINE.findall(reading.text)
    head = next((at for at, line in enumerate(lines) if _HEAD.fullmatch(line)), None)
    if head is None or len(lines) > MAX_LINES:
        return [finding]
    edits = _indented(lines, head)
    return [finding.repaired_by("Indent the paths", *edits) if edits else finding]


def _indented(lines: list[str], head: int) -> list[Edit]:
    """All lines from the first path below the head to the next member that is none."""
    edits, inside = [], False
    start = sum(map(len, lines[: head + 1]))
    for line in lines[head + 1 :]:
        at_margin = line[:1] not in (" ", "\t", "#") and line.strip()
        if at_margin and not _PATH.match(line):
            break
        inside = inside or bool(at_margin)
        if inside and line.strip():
            edits.append(Edit.of_text(Splice(start, start, "  ")))
        start += len(line)
    return edits
