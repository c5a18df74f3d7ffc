"""Text behind a document in YAML: what a chat says after it, or the mark that ends a code block."""

from collections.abc import Iterator

from schema_service.domain.reading.yaml_line import Proposal, is_blank, line_of

MAX_LINES = 50
_MARKS = ("```", "~~~")
_OF_YAML = ("{", "}", "[", "]", '"', "'", "---", "...", "#", "%", "-", "\t")


def trailing_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """Words become comments, so that nothing that was written is lost; marks go."""
    first = _first(lines)
    if first is None or first > failed or first == 0:
        return
    changed = {
        at: "" if lines[at].startswith(_MARKS) else f"# {lines[at]}"
        for at in range(first, len(lines))
        if lines[at].strip()
    }
    is_mark = all(not each for each in changed.values())
    yield Proposal(
        first,
        0,
        "the mark of a code block stands behind the document"
        if is_mark
        else "other text stands behind the document, and is no member of it",
        f"Leave out everything from line {first + 1} on, or write a # before each line of it.",
        f"{'Leave out' if is_mark else 'Make a comment of'} what stands behind the document "
        f"(line {first + 1})",
        changed,
    )


def _first(lines: list[str]) -> int | None:
    """The first of the lines at the end that begin at the margin and are no members."""
    first = None
    for at in range(len(lines) - 1, max(-1, len(lines) - MAX_LINES), -1):
        if is_blank(lines[at]):
            continue
        is_word = not lines[at].startswith((" ", *_OF_YAML)) and not line_of(lines[at]).is_entry
        if not (is_word and " " in lines[at].strip()) and not lines[at].startswith(_MARKS):
            break
        first = at
    return first
