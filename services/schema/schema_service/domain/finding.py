"""What is wrong with a document, or worth knowing about it, in words a builder understands."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from schema_service.domain import pointers
from schema_service.domain.position.splices import Splice


class Severity(StrEnum):
    """An *error* must be corrected, a *warning* should be, a *note* only explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a document, at an RFC 6901 pointer.

    `add` puts a member or an item there, `rename` gives the member there the key `value`,
    `quote_key` writes the key there as a quoted string, `text` writes `value["text"]` over the
    characters from `value["start"]` up to `value["end"]` of the document's text. `first` has the
    item there come before all others of its list, changed by the edits in `value`, whose pointers
    begin at the item. The others are those of RFC 6902.
    With `needs`, `value` is a form that a value of the builder's fills in (`repairing.needed`).
    """

    op: Literal["add", "replace", "remove", "rename", "quote_key", "text", "first"]
    pointer: str
    value: Any = None
    needs: str | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Edit":
        """As any release wrote it."""
        return cls(data["op"], data["pointer"], data.get("value"), data.get("needs"))

    @classmethod
    def of_text(cls, splice: Splice, pointer: str = "") -> "Edit":
        """Offsets in characters from the beginning of the text without its byte order mark."""
        value = {"start": splice.start, "end": splice.end, "text": splice.text}
        return cls("text", pointer, value)

    def as_splice(self) -> Splice:
        """Of an edit of the text."""
        return Splice(self.value["start"], self.value["end"], self.value["text"])


@dataclass(frozen=True, slots=True)
class Repair:
    """What one click would change.

    `needs` names what only the builder knows, each by its place among the values that a repair
    takes: `base_url`, `server_variables.NAME`. Without them the repair is not made.
    """

    title: str
    edits: tuple[Edit, ...]
    needs: tuple[str, ...] = ()

    @classmethod
    def of(cls, title: str, edits: Iterable[Edit]) -> "Repair":
        made = tuple(edits)
        return cls(title, made, tuple(dict.fromkeys(edit.needs for edit in made if edit.needs)))


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is permanent. Line and column count characters from one; None: not looked up."""

    severity: Severity
    code: str
    message: str
    pointer: str = ""
    line: int | None = None
    column: int | None = None
    hint: str = ""
    repair: Repair | None = None

    def repaired_by(self, title: str, *edits: Edit) -> "Finding":
        return replace(self, repair=Repair.of(title, edits))

    def placed(self, line: int | None, column: int | None) -> "Finding":
        return replace(self, line=line, column=column)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its code, its severity, and its words with gaps for the particulars."""

    code: str
    severity: Severity
    message: str
    hint: str = ""

    def at(self, place: Sequence[str | int] | str, /, **gaps: object) -> Finding:
        """The finding for one place; text from the document stays literal, whatever it contains."""
        return Finding(
            severity=self.severity,
            code=self.code,
            message=_filled(self.message, gaps),
            pointer=place if isinstance(place, str) else pointers.join(place),
            hint=_filled(self.hint, gaps),
        )


MAX_SHOWN = 200
"""Characters of a foreign text that a message repeats."""


_SENTENCES = frozenset({"hint", "reason", "way", "why"})
"""Gaps in which sentences of our own stand, which may repeat a foreign text within."""
MAX_SENTENCE = 3 * MAX_SHOWN


def shown(text: object, most: int = MAX_SHOWN) -> str:
    """A foreign text as a message may repeat it: one line, printable, not too long. Values that
    are no texts, as a document writes them.
    """
    whole = json.dumps(text) if text is None or isinstance(text, bool) else str(text)
    cut = whole if len(whole) <= most else whole[: most - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def _filled(words: str, gaps: dict[str, object]) -> str:
    most = {name: MAX_SENTENCE if name in _SENTENCES else MAX_SHOWN for name in gaps}
    return words.format_map({name: shown(value, most[name]) for name, value in gaps.items()})
