"""The findings of the fast answer and those of deep verification as one list."""

from collections.abc import Iterable

from schema_service.domain.finding import Finding


def merged(fast: Iterable[Finding], deep: Iterable[Finding]) -> list[Finding]:
    """In the order of the text; of two findings at one place the fast answer's stays."""
    first = list(fast)
    places = {finding.pointer for finding in first}
    together = [*first, *(finding for finding in deep if finding.pointer not in places)]
    return sorted(together, key=lambda finding: (finding.line or 0, finding.column or 0))
