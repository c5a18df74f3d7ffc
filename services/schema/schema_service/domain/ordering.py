"""Findings in the order of the document, the gravest of them where they are too many."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from schema_service.domain import pointers
from schema_service.domain.finding import Finding, Severity

_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Shown:
    findings: list[Finding]
    more: int


def unrepeated(found: Iterable[Finding]) -> list[Finding]:
    """Each once: the same component may be looked at from many operations."""
    return list({(each.code, each.pointer, each.message): each for each in found}.values())


def explained(found: Iterable[Finding], whole: Collection[str]) -> list[Finding]:
    """Without what follows from a finding whose code is in `whole`, at its place and below."""
    every = [*found]
    places = {each.pointer for each in every if each.code in whole}
    if not places:
        return every
    return [each for each in every if each.code in whole or not _is_below(each.pointer, places)]


def _is_below(pointer: str, places: set[str]) -> bool:
    steps = pointers.split(pointer)
    return any(pointers.join(steps[: depth + 1]) in places for depth in range(len(steps)))


def most_important(found: Sequence[Finding], document: Any, limit: int, max_bytes: int) -> Shown:
    """At most `limit`, errors before warnings before notes; then in the order of the document.

    `max_bytes` is for all of them, as JSON: each may repeat a long pointer. What does not fit loses
    its repair, and what still does not is not shown; the first one always is.
    """
    gravest = sorted(found, key=lambda finding: _GRAVITY[finding.severity])[:limit]
    fits = fitting(map(_sizes, gravest), max_bytes)
    chosen = [
        gravest[position] if with_repair else replace(gravest[position], repair=None)
        for position, with_repair in fits
    ]
    ranks = Ranks(document)
    chosen.sort(key=lambda finding: ranks.of(finding.pointer))
    return Shown(chosen, len(found) - len(chosen))


def fitting(sizes: Iterable[tuple[int, int]], room: int) -> Iterator[tuple[int, bool]]:
    """The positions of those that fit, and whether with their repairs. `sizes` are those of each
    finding without its repair, and of the repair, as JSON.
    """
    for position, (size, repair) in enumerate(sizes):
        if size > room and position:
            continue
        fits = size + repair <= room
        room -= size + repair if fits else size
        yield position, fits


def _sizes(finding: Finding) -> tuple[int, int]:
    return len(orjson.dumps(replace(finding, repair=None))), len(orjson.dumps(finding.repair))


class Ranks:
    """The order of pointers in a document, without looking at its text."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._positions: dict[int, dict[str, int]] = {}

    def of(self, pointer: str) -> tuple[int, ...]:
        here, rank = self._document, []
        for step in pointers.split(pointer):
            rank.append(self._position(here, step))
            here = pointers.look_up(here, [step])
            if here is pointers.MISSING:
                break
        return tuple(rank)

    def _position(self, node: Any, step: str) -> int:
        if isinstance(node, list):
            return int(step) if step.isdigit() else -1
        if not isinstance(node, dict):
            return -1
        known = self._positions.get(id(node))
        if known is None:
            known = self._positions[id(node)] = {key: i for i, key in enumerate(node)}
        return known.get(step, -1)
