"""Repairs of a whole document, until there is nothing left that a repair would change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schema_service.domain.examination import Examination, examine
from schema_service.domain.finding import Finding, Repair, Severity
from schema_service.domain.given_values import not_written, unused_base_url, writing
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading
from schema_service.domain.repairing.repair import Repaired, repair

MAX_ROUNDS = 5
MAX_ALONE = 30
"""Repairs that are tried one by one, where all of them together make something worse."""


@dataclass(frozen=True, slots=True)
class _Version:
    text: str
    reading: Reading
    found: Examination


@dataclass(frozen=True, slots=True)
class _Round:
    version: _Version
    applied: list[str]
    skipped: list[str]


def repair_all(
    text: str,
    first: Sequence[Repair],
    source_url: str | None = None,
    rounds: int = MAX_ROUNDS,
    values: NeededValues = NO_VALUES,
) -> Repaired:
    """`first` in the first round, then whatever the new text's findings offer.

    What a repair of one round uncovered is repaired in the next, as a text that could not be read
    becomes one that can. A repair that would make anything worse is skipped.
    """
    now = _version(text, source_url)
    applied: list[str] = []
    skipped: list[str] = []
    given = NO_VALUES if rounds == 1 else values
    repairs = _with_given(now, first, given)
    for _ in range(rounds):
        after = _round(now, repairs, source_url, values)
        applied += after.applied
        skipped = after.skipped
        offered = [finding.repair for finding in after.version.found.findings if finding.repair]
        repairs = _with_given(after.version, offered, given)
        if after.version.text == now.text or not repairs:
            now = after.version
            break
        now = after.version
    return Repaired(now.text, tuple(applied), tuple(skipped), tuple(_unused(now, given)))


def _with_given(now: _Version, repairs: Sequence[Repair], values: NeededValues) -> list[Repair]:
    """What writes the builder's values of server variables comes first, but for those that one of
    the repairs writes.
    """
    written = tuple(edit.pointer for each in repairs for edit in each.edits)
    writings = writing(now.reading.document or {}, values)
    return [each for each in writings if not each.edits[0].pointer.startswith(written)] + [*repairs]


def _unused(now: _Version, values: NeededValues) -> Iterator[Finding]:
    if now.reading.document is None:
        return
    found = [*not_written(now.reading.document, values)]
    origins = {server.origin: server.url for server in now.found.servers}
    found += unused_base_url(values.base_url, origins)
    for each in found:
        yield each.placed(*now.reading.locator.place(each.pointer))


def _round(
    now: _Version, repairs: Sequence[Repair], source_url: str | None, values: NeededValues
) -> _Round:
    outcome = repair(now.text, repairs, values)
    if outcome.text == now.text:
        return _Round(now, [], [*outcome.skipped])
    after = _version(outcome.text, source_url)
    if not _is_worse(after.found, now.found):
        return _Round(after, [*outcome.applied], [*outcome.skipped])
    applied: list[str] = []
    skipped: list[str] = []
    for index, each in enumerate(repairs):
        alone = repair(now.text, [each], values) if index < MAX_ALONE else Repaired(now.text)
        after = _version(alone.text, source_url) if alone.applied else now
        if not alone.applied or _is_worse(after.found, now.found):
            skipped.append(each.title)
        else:
            now = after
            applied += alone.applied
    return _Round(now, applied, skipped)


def _version(text: str, source_url: str | None) -> _Version:
    reading = read_document(text)
    return _Version(text, reading, examine(reading, source_url=source_url))


def _is_worse(after: Examination, before: Examination) -> bool:
    """Fewer operations can be called, or there are more errors about the same operations.

    A document that could not be read before shows only now what else is wrong with it.
    """
    if before.dialect is None:
        return False
    if after.dialect is None or _callable(after) < _callable(before):
        return True
    same = len(after.operations) == len(before.operations)
    return same and _errors(after) > _errors(before)


def _callable(found: Examination) -> int:
    return sum(each.operation is not None for each in found.operations)


def _errors(found: Examination) -> int:
    return sum(finding.severity is Severity.ERROR for finding in found.findings)
