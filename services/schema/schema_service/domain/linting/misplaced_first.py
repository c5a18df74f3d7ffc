"""What else may be repaired where something of the document stands in the wrong place."""

from dataclasses import replace

from schema_service.domain.compiling.path_rules import (
    METHOD_BESIDE_PATH,
    OPERATION_MISPLACED,
    PATH_INSIDE_OPERATION,
    PATH_INSIDE_PATH,
    PATH_MISPLACED,
)
from schema_service.domain.finding import Finding
from schema_service.domain.linting.rules import MEMBER_MISPLACED
from schema_service.domain.reading.rules import PATHS_AT_MARGIN

_LOST = frozenset(
    rule.code
    for rule in (
        MEMBER_MISPLACED,
        METHOD_BESIDE_PATH,
        OPERATION_MISPLACED,
        PATHS_AT_MARGIN,
        PATH_INSIDE_OPERATION,
        PATH_INSIDE_PATH,
        PATH_MISPLACED,
    )
)


def misplaced_first(found: list[Finding]) -> list[Finding]:
    """Without others about what is moved, and without the repairs of all others: what is invalid
    because a line is in the wrong column must not become valid without what that line holds.
    """
    if not any(each.code in _LOST for each in found):
        return found
    moved = {
        edit.pointer
        for each in found
        if each.code in _LOST and each.repair
        for edit in each.repair.edits
        if edit.op == "remove"
    }
    others = [each for each in found if each.code in _LOST or each.pointer not in moved]
    return [each if _may_stay(each) else replace(each, repair=None) for each in others]


def _may_stay(finding: Finding) -> bool:
    """What edits the text may be what brings them back."""
    edits = finding.repair.edits if finding.repair else ()
    return finding.code in _LOST or any(edit.op == "text" for edit in edits)
