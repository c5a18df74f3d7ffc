"""Repairs applied to a text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.repairing.edited_tree import edited
from schema_service.domain.repairing.json_edits import JsonEdits
from schema_service.domain.repairing.needed import with_values
from schema_service.domain.repairing.splices import Splice, overlap, spliced
from schema_service.domain.repairing.yaml_edits import YamlEdits


@dataclass(frozen=True, slots=True)
class Repaired:
    """The new text; `skipped` are the titles of repairs that this text does not allow."""

    text: str
    applied: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def repair(text: str, repairs: Sequence[Repair], values: NeededValues = NO_VALUES) -> Repaired:
    """Each repair wholly or not at all; the result reads as the repairs say, or it is not made.

    One that needs a value which is not among `values` is skipped.
    """
    made = [with_values(each, values) for each in repairs]
    waiting = tuple(each.title for each, done in zip(repairs, made, strict=True) if done is None)
    repaired = _repaired(text, [each for each in made if each is not None and each.edits])
    return replace(repaired, skipped=(*repaired.skipped, *waiting)) if waiting else repaired


def _repaired(text: str, repairs: Sequence[Repair]) -> Repaired:
    reading = read_document(text)
    if not repairs:
        return Repaired(text)
    if reading.document is None:
        return Repaired(text, skipped=tuple(each.title for each in repairs))
    return _together(reading, repairs) or _one_by_one(reading, repairs)


def _together(reading: Reading, repairs: Sequence[Repair]) -> Repaired | None:
    """All in one go, the usual case; None where the text then reads differently."""
    edits = {_identity(edit): edit for each in repairs for edit in each.edits}
    text = _edited_text(reading, list(edits.values()))
    return None if text is None else Repaired(text, tuple(each.title for each in repairs))


def _one_by_one(reading: Reading, repairs: Sequence[Repair]) -> Repaired:
    applied, skipped = [], []
    for each in sorted(repairs, key=lambda each: max(map(_turn, each.edits))):
        text = _edited_text(reading, list(each.edits))
        if text is None:
            skipped.append(each.title)
            continue
        applied.append(each.title)
        reading = read_document(text)
    return Repaired(reading.text, tuple(applied), tuple(skipped))


def _edited_text(reading: Reading, edits: list[Edit]) -> str | None:
    edits = sorted(edits, key=_turn)
    editor = JsonEdits(reading) if reading.syntax is Syntax.JSON else YamlEdits(reading)
    splices = [editor.splice(edit) for edit in edits]
    made = [splice for splice in splices if splice is not None]
    once = {edit.pointer for edit in edits if not edit.pointer.endswith("/-")}
    repeated = sum(not edit.pointer.endswith("/-") for edit in edits) > len(once)
    if len(made) < len(splices) or repeated or _collide(made):
        return None
    text = spliced(reading.text, made)
    after = read_document(text)
    return text if after.document == edited(reading.document, edits) else None


def _collide(splices: list[Splice]) -> bool:
    ordered = sorted(splices, key=lambda splice: (splice.start, splice.end))
    return any(overlap(one, other) for one, other in pairwise(ordered))


def _identity(edit: Edit) -> tuple[str, str, str]:
    return edit.op, edit.pointer, repr(edit.value)


def _turn(edit: Edit) -> tuple[int, int]:
    """Removals and renamings last, and the last items first: they make other pointers wrong."""
    last = edit.pointer.rpartition("/")[2]
    index = int(last) if last.isdigit() else 0
    return {"remove": 1, "rename": 2}.get(edit.op, 0), -index if edit.op == "remove" else 0
