"""How many findings of a document are stored and shown, where some join those that it has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from schema_service.domain.examination import MAX_FINDINGS, MAX_FINDINGS_BYTES
from schema_service.domain.finding import Severity
from schema_service.domain.json_list import JsonList
from schema_service.domain.ordering import fitting

_GRAVITY = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class CappedFindings:
    """`more` counts those that are left out."""

    findings: JsonList
    more: int


def capped(
    findings: Sequence[dict[str, Any]], first: Sequence[dict[str, Any]] = ()
) -> CappedFindings:
    """In the order given, those in `first` before the others; at most `MAX_FINDINGS` with
    `MAX_FINDINGS_BYTES` as JSON: those in `first`, then errors before warnings before notes.
    What does not fit loses its repair, or is left out, as by `ordering.most_important`.
    """
    every = [*first, *findings]
    others = sorted(range(len(first), len(every)), key=lambda each: _gravity(every[each]))
    order = [*range(len(first)), *others][:MAX_FINDINGS]
    fits = fitting(_sizes(every[each] for each in order), MAX_FINDINGS_BYTES)
    kept = {order[position]: with_repair for position, with_repair in fits}
    shown = [
        every[each] if kept[each] else {**every[each], "repair": None} for each in sorted(kept)
    ]
    return CappedFindings(JsonList.of(shown), len(every) - len(shown))


def _gravity(finding: dict[str, Any]) -> int:
    return _GRAVITY.get(finding["severity"], 0)


def _sizes(findings: Iterable[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    for each in findings:
        repair = len(orjson.dumps(each.get("repair")))
        yield len(orjson.dumps({**each, "repair": None})), repair
