"""Where in a text repairs were made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schema_service.domain.finding import Edit, Repair
from schema_service.domain.position.lines import Lines
from schema_service.domain.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class Change:
    """`line` counts from one, in the text as this repair found it; `pointer` is empty where the
    repair is about characters, which belong to no member yet.
    """

    title: str
    line: int
    pointer: str


@dataclass(frozen=True, slots=True)
class Made:
    """A repair that was made in the text of `reading`, by its title. Of several edits, `edit` is
    the one where what was wrong stood.
    """

    title: str
    edit: Edit
    reading: Reading

    @classmethod
    def of(cls, repair: Repair, reading: Reading) -> "Made":
        taken = (edit for edit in repair.edits if edit.op in ("remove", "rename"))
        return cls(repair.title, next(taken, repair.edits[0]), reading)


def changes(made: Iterable[Made | Change]) -> Iterator[Change]:
    """In the order given. Looked up once a round: tries that come to nothing cost none of it, and
    no text is kept longer than its round.
    """
    lines: dict[int, Lines] = {}
    for each in made:
        if isinstance(each, Change):
            yield each
            continue
        edit = each.edit
        if edit.op == "text":
            known = lines.setdefault(id(each.reading), Lines(each.reading.text))
            line, _ = known.place_of(edit.as_splice().start)
        else:
            line, _ = each.reading.locator.place(edit.pointer)
        yield Change(each.title, line, edit.pointer)
