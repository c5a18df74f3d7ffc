"""Which of a document's findings blocks an operation."""

from bisect import bisect_left
from collections.abc import Iterable

from schema_service.domain import pointers
from schema_service.domain.compiling import body_rules, path_rules, rules, server_rules
from schema_service.domain.compiling.operations import Draft
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding, Severity
from schema_service.domain.linting import rules as linting
from schema_service.domain.reading import rules as reading

UNSAFE = frozenset(
    rule.code
    for rule in (
        path_rules.PATH_LEADS_ELSEWHERE,
        server_rules.SERVER_VARIABLE_ENDS_HOST,
        body_rules.BODY_MEDIA_UNKNOWN,
        rules.HEADER_NAME_INVALID,
    )
)
"""What may lead a call to another place than was written, or end a header: an operation that one
of them blocks is never called, not even as an earlier compiler made it."""
_HARMLESS = frozenset(
    rule.code
    for rule in (
        rules.OPERATION_ID_REPEATED,
        rules.WRONG_TYPE,
        path_rules.MEMBER_BESIDE_METHODS,
        path_rules.METHOD_REPEATED,
        path_rules.OPERATION_MISPLACED,
        path_rules.PATH_MISPLACED,
        linting.MEMBER_MISPLACED,
        reading.DUPLICATE_KEY,
    )
)
"""Errors that block nothing: what they are about is left out, or read otherwise."""


class Blockers:
    """Errors of one document, to be asked for those that concern an operation."""

    def __init__(self, found: Iterable[Finding]) -> None:
        errors = (each for each in found if _blocks(each))
        self._errors = sorted(errors, key=lambda each: each.pointer)
        self._pointers = [each.pointer for each in self._errors]

    def of(self, draft: Draft) -> Finding | None:
        """What is unsafe comes first, then what was found at the operation, then at what it refers
        to. None only where the document has no error that blocks.
        """
        own = [each for each in draft.found if _blocks(each)]
        unsafe = next((each for each in own if each.code in UNSAFE), None)
        if unsafe is not None or own:
            return unsafe or own[0]
        for place in (draft.place.pointer, draft.broken_at):
            if place is not None and (found := self._at(place)):
                return found
        return next(iter(self._errors), None)

    def _at(self, place: Path) -> Finding | None:
        """The first at this place or below it."""
        pointer = pointers.join(place)
        position = bisect_left(self._pointers, pointer)
        if self._pointers[position : position + 1] == [pointer]:
            return self._errors[position]
        position = bisect_left(self._pointers, f"{pointer}/")
        nearest = self._errors[position : position + 1]
        return next((each for each in nearest if each.pointer.startswith(f"{pointer}/")), None)


def _blocks(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.code not in _HARMLESS
