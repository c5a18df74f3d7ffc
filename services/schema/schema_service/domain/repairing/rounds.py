"""Repairs of a whole document, until there is nothing left that a repair would change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from schema_service.domain.examination import Examination, examine
from schema_service.domain.finding import Finding, Repair
from schema_service.domain.given_values import not_written, unused_base_url, writing
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.operator_rules import offered
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading
from schema_service.domain.repairing.made import Change, changes
from schema_service.domain.repairing.needed import Subject
from schema_service.domain.repairing.repair import NOT_TRIED, Repaired, Skip, is_textual, repair
from schema_service.domain.repairing.standing import Standing, standing
from schema_service.domain.repairing.terms import NO_TERMS, Budget, Terms

WORSE = "With it fewer operations could be called, or there would be more errors."


@dataclass(frozen=True, slots=True)
class _Version:
    text: str
    reading: Reading
    found: Examination
    standing: Standing


def repair_all(
    text: str,
    first: Sequence[Repair],
    terms: Terms = NO_TERMS,
    budget: Budget | None = None,
) -> Repaired:
    """`first` in the first round, then whatever the new text's findings offer.

    What a repair of one round uncovered is repaired in the next, as a text that could not be read
    becomes one that can. A repair that would make anything worse is skipped, and so is what the
    budget leaves no room for; every skip has its reason.
    """
    budget = budget or Budget()
    now = _version(text, terms)
    made: list[Change] = []
    skips: list[Skip] = []
    given = NO_VALUES if terms.rounds == 1 else terms.values
    repairs = _with_given(now, _with_operators(now, first, terms), given, terms)
    for left in reversed(range(terms.rounds)):
        after, outcome = _first_the_text(now, repairs, terms, budget, last=not left)
        made += changes(outcome.made)
        skips = [*_still(skips, outcome), *outcome.skips]
        found = [finding.repair for finding in after.found.findings if finding.repair]
        repairs = _with_given(after, _with_operators(after, found, terms), given, terms)
        changed, now = after.text != now.text, after
        if not changed or not repairs:
            break
    unused = tuple(_unused(now, given, terms))
    return Repaired(now.text, tuple(made), tuple(dict.fromkeys(skips)), unused)


def _with_operators(now: _Version, repairs: Sequence[Repair], terms: Terms) -> Sequence[Repair]:
    """With those that the operator's settings lead to, in place of others about the same URLs.

    In a single round only what was chosen is repaired.
    """
    if terms.rounds == 1:
        return repairs
    by_base_url = terms.values.base_url is not None
    own = [*offered(now.found, terms.rules, by_base_url=by_base_url)]
    places = {edit.pointer for each in own for edit in each.edits}
    others = [each for each in repairs if places.isdisjoint(edit.pointer for edit in each.edits)]
    return [*others, *own]


def _with_given(
    now: _Version, repairs: Sequence[Repair], values: NeededValues, terms: Terms
) -> list[Repair]:
    """What writes the builder's values of server variables comes first, but for lists of servers of
    which one of the repairs writes them.
    """
    written = {
        edit.pointer
        for each in repairs
        for edit in each.edits
        if edit.needs and (values.base_url is not None or values.find(edit.needs) is not None)
    }
    own = writing(now.reading.document or {}, values, written, terms)
    about = Subject(lambda: now.reading.document, terms.source_url, terms.known_rules)
    return [*own, *(each for each in repairs if not about.is_led_away(each, values))]


def _unused(now: _Version, values: NeededValues, terms: Terms) -> Iterator[Finding]:
    if now.reading.document is None:
        return
    found = [*not_written(now.reading.document, values, terms)]
    origins = {server.origin: server.url for server in now.found.servers}
    found += unused_base_url(values.base_url, origins)
    for each in found:
        yield each.placed(*now.reading.locator.place(each.pointer))


def _first_the_text(
    now: _Version, repairs: Sequence[Repair], terms: Terms, budget: Budget, *, last: bool
) -> tuple[_Version, Repaired]:
    """What the text's own repairs uncover makes other findings: those of now may be wrong then."""
    textual = [each for each in repairs if is_textual(each)]
    if 0 < len(textual) < len(repairs) and not last:
        after, outcome = _round(now, textual, terms, budget)
        if after.text != now.text:
            return after, outcome
    return _round(now, repairs, terms, budget)


def _still(skips: Iterable[Skip], outcome: Repaired) -> list[Skip]:
    """Those of earlier rounds, without what a later round made up for or says anew."""
    settled = {*outcome.applied, *outcome.skipped}
    return [each for each in skips if each.title not in settled]


def _round(
    base: _Version, repairs: Sequence[Repair], terms: Terms, budget: Budget
) -> tuple[_Version, Repaired]:
    """As many as make nothing worse: all together, or else halves of them, down to single ones.

    Each try is made on the round's own text, which is the one that the repairs are about.
    """
    best, outcome = base, Repaired(base.text)
    accepted: list[Repair] = []
    refused: list[Skip] = []
    waiting = [[*repairs]] if repairs else []
    while waiting:
        some = waiting.pop()
        if not budget.take():
            refused += [Skip(each.title, NOT_TRIED) for each in some]
            continue
        wanted, source = [*accepted, *some], terms.source_url
        tried = repair(base.text, wanted, terms.values, budget.is_late, source, terms.known_rules)
        after = best if tried.text == best.text else _version(tried.text, terms)
        if not after.standing.is_worse_than(best.standing):
            best, outcome = after, tried
            accepted += some
        elif len(some) == 1:
            refused.append(Skip(some[0].title, WORSE))
        else:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return best, replace(outcome, skips=(*outcome.skips, *refused))


def _version(text: str, terms: Terms) -> _Version:
    reading = read_document(text)
    found = examine(reading, source_url=terms.source_url)
    return _Version(text, reading, found, standing(found, terms))
