"""Repairs applied to a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from schema_service.domain import pointers
from schema_service.domain.finding import Edit, Finding, Repair, Severity
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.position.splices import Splice, overlap, spliced
from schema_service.domain.reading.lost_entries import held, looking_alike
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.repairing.edited_tree import edited
from schema_service.domain.repairing.json_edits import JsonEdits
from schema_service.domain.repairing.kept_blocks import KeptBlocks
from schema_service.domain.repairing.made import Change, Made, changes
from schema_service.domain.repairing.needed import Subject, with_values
from schema_service.domain.repairing.yaml_edits import YamlEdits

UNREADABLE = "The text cannot be read yet: correct what keeps it from being read first."
DIFFERENT = (
    "The text is not what this repair was made for: another repair changed the same place, or the "
    "result would read differently."
)
NOT_TRIED = "It was not tried, as there was much else to try: repair the new text once more."


@dataclass(frozen=True, slots=True)
class Skip:
    """A repair that was not made, by its title, and a sentence why."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The new text, what was repaired, what was not, and what the text does not hold of the
    builder's values.
    """

    text: str
    made: tuple[Made | Change, ...] = ()
    skips: tuple[Skip, ...] = ()
    unused: tuple[Finding, ...] = ()

    @property
    def applied(self) -> tuple[str, ...]:
        """Titles."""
        return tuple(each.title for each in self.made)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Each of what was repaired, with its place."""
        return tuple(changes(self.made))

    @property
    def skipped(self) -> tuple[str, ...]:
        """Titles."""
        return tuple(each.title for each in self.skips)


def repair(
    text: str,
    repairs: Sequence[Repair],
    values: NeededValues = NO_VALUES,
    is_late: Callable[[], bool] = lambda: False,
    source_url: str | None = None,
    origins: OriginRules | None = None,
) -> Repaired:
    """Each repair wholly or not at all; the result reads as the repairs say, or it is not made.

    Those that edit the text come first: what they make is what the others' pointers are about.
    One that needs a value which is not among `values` is skipped. Once `is_late`, no more are tried
    one by one.
    """
    about = Subject(cache(lambda: read_document(text).document), source_url, origins)
    made = [with_values(each, values, about) for each in repairs]
    ready: dict[tuple[object, ...], Repair] = {}
    for each, done in zip(repairs, made, strict=True):
        if isinstance(done, Repair) and done.edits:
            alike = tuple(map(_identity, done.edits))  # two that ask for values of one list
            ready.setdefault(alike if each.needs else (id(each), alike), done)
    waiting = [
        Skip(each.title, done)
        for each, done in zip(repairs, made, strict=True)
        if isinstance(done, str)
    ]
    repaired = _repaired(text, [*ready.values()], is_late)
    return replace(repaired, skips=(*repaired.skips, *waiting)) if waiting else repaired


def _repaired(text: str, repairs: Sequence[Repair], is_late: Callable[[], bool]) -> Repaired:
    textual = [each for each in repairs if is_textual(each)]
    others = [each for each in repairs if not is_textual(each)]
    first = _of_text(text, textual, is_late)
    reading = read_document(first.text)
    if reading.document is None:
        unread = [Skip(each.title, UNREADABLE) for each in others]
        return Repaired(first.text, first.made, (*first.skips, *unread))
    if not others:
        return first
    second = _together(reading, others) or _one_by_one(reading, others, is_late)
    skips = (*first.skips, *second.skips)
    if not second.made:
        return Repaired(first.text, first.made, skips)
    return Repaired(second.text, (*first.made, *_mended(reading), *second.made), skips)


def is_textual(each: Repair) -> bool:
    """Whether it edits the text rather than what it reads as."""
    return any(edit.op == "text" for edit in each.edits)


def _mended(reading: Reading) -> list[Made]:
    """A text that is not quite JSON becomes JSON before anything in it can be edited."""
    if reading.mended is None:
        return []
    found = [each.repair for each in reading.findings if each.repair is not None]
    return [Made.of(each, reading) for each in found if is_textual(each)]


def _of_text(text: str, repairs: Sequence[Repair], is_late: Callable[[], bool]) -> Repaired:
    """All together if that is no worse to read; else one by one, the last place first."""
    splices = {id(each): [edit.as_splice() for edit in each.edits] for each in repairs}
    every = [splice for each in splices.values() for splice in each]
    if not every:
        return Repaired(text)
    before = read_document(text)
    if not _collide(every) and all(_fits(splice, text) for splice in every):
        together = spliced(text, every)
        if _reads_better(text, together, before):
            return Repaired(together, tuple(Made.of(each, before) for each in repairs))
    made: list[Splice] = []
    applied, skips = [], []
    for each in sorted(repairs, key=lambda each: splices[id(each)][0].start):
        if is_late():
            skips.append(Skip(each.title, NOT_TRIED))
            continue
        wanted = [*made, *splices[id(each)]]
        fit = not _collide(wanted) and all(_fits(splice, text) for splice in wanted)
        if fit and _reads_better(text, spliced(text, wanted), before):
            made = wanted
            applied.append(Made.of(each, before))
        else:
            skips.append(Skip(each.title, DIFFERENT))
    return Repaired(spliced(text, made), tuple(applied), tuple(skips))


def _fits(splice: Splice, text: str) -> bool:
    return 0 <= splice.start <= splice.end <= len(text)


def _reads_better(text: str, new: str, before: Reading) -> bool:
    """It can be read and has no more errors; or reading goes further than it did. Nothing that
    looks like a path or an operation is lost.
    """
    after = read_document(new)
    return _is_better(after, before) and _keeps_all(text, new, before, after)


def _keeps_all(text: str, new: str, before: Reading, after: Reading) -> bool:
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return True  # its lines say nothing
    had = looking_alike(text.splitlines()) if before.document is None else held(before.document)
    has = looking_alike(new.splitlines()) if after.document is None else held(after.document)
    return had.are_kept_in(has)


def _is_better(after: Reading, before: Reading) -> bool:
    if before.document is not None:
        return after.document is not None and _errors(after) <= _errors(before)
    if after.document is not None:
        return True
    return _failed_at(after) >= _failed_at(before) and _errors(after) <= _errors(before)


def _errors(reading: Reading) -> int:
    return sum(finding.severity is Severity.ERROR for finding in reading.findings)


def _failed_at(reading: Reading) -> int:
    return reading.findings[-1].line or 0


def _together(reading: Reading, repairs: Sequence[Repair]) -> Repaired | None:
    """All in one go, the usual case; None where the text then reads differently."""
    edits = {_identity(edit): edit for each in repairs for edit in each.edits}
    text = _edited_text(reading, list(edits.values()))
    made = (Made.of(each, reading) for each in repairs)
    return None if text is None else Repaired(text, tuple(made))


def _one_by_one(
    reading: Reading, repairs: Sequence[Repair], is_late: Callable[[], bool]
) -> Repaired:
    """Of two that change the same place, the first: the other was made for what was there."""
    before, made, skips = reading, [], []
    changed: set[str] = set()
    for each in sorted(repairs, key=lambda each: max(map(_turn, each.edits))):
        late = is_late()
        taken = late or any(_is_taken(edit, changed) for edit in each.edits)
        text = None if taken else _edited_text(reading, list(each.edits))
        if text is None:
            skips.append(Skip(each.title, NOT_TRIED if late else DIFFERENT))
            continue
        made.append(Made.of(each, before))
        changed |= {edit.pointer for edit in each.edits if not edit.pointer.endswith("/-")}
        reading = read_document(text)
    return Repaired(reading.text, tuple(made), tuple(skips))


def _is_taken(edit: Edit, changed: set[str]) -> bool:
    steps = pointers.split(edit.pointer)
    if edit.op == "first":
        begins = f"{pointers.join(steps[:-1])}/"
        return any(pointer.startswith(begins) for pointer in changed)
    return any(pointers.join(steps[:depth]) in changed for depth in range(1, len(steps) + 1))


def _edited_text(reading: Reading, edits: list[Edit]) -> str | None:
    """What is moved keeps its words and comments, unless it reads otherwise at its new place: an
    alias may stand before its anchor there.
    """
    edits = sorted(edits, key=_turn)
    once = {edit.pointer for edit in edits if not edit.pointer.endswith("/-")}
    if sum(not edit.pointer.endswith("/-") for edit in edits) > len(once):
        return None
    removed = frozenset(edit.pointer for edit in edits if edit.op == "remove")
    if reading.syntax is Syntax.JSON:
        return _as_wanted(reading, edits, JsonEdits(reading, removed).splices(edits))
    replaced = [edit.pointer for edit in edits if edit.op in ("replace", "add")]
    kept = KeptBlocks(reading, removed, replaced)
    text = _as_wanted(reading, edits, YamlEdits(reading, removed, kept).splices(edits))
    if text is None and kept.is_used:
        text = _as_wanted(reading, edits, YamlEdits(reading, removed).splices(edits))
    return text


def _as_wanted(reading: Reading, edits: list[Edit], made: list[Splice] | None) -> str | None:
    """The text with these splices, if it reads as the edits say."""
    if made is None or _collide(made):
        return None
    text = spliced(reading.text, made)
    return text if read_document(text).document == edited(reading.document, edits) else None


def _collide(splices: list[Splice]) -> bool:
    ordered = sorted(splices, key=lambda splice: (splice.start, splice.end))
    return any(overlap(one, other) for one, other in pairwise(ordered))


def _identity(edit: Edit) -> tuple[str, str, str]:
    return edit.op, edit.pointer, repr(edit.value)


def _turn(edit: Edit) -> tuple[int, int]:
    """Removals, renamings and what moves last, and the last items first: they make other pointers
    wrong.
    """
    last = edit.pointer.rpartition("/")[2]
    index = int(last) if last.isdigit() else 0
    turn = {"remove": 1, "rename": 2, "first": 3}.get(edit.op, 0)
    return turn, -index if edit.op == "remove" else 0
