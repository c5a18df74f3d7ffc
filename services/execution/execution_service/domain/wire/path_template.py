"""A path template (OAS 4.8.8), filled so that the result is still an instance of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

from contracts.wire import LITERAL, PLACEHOLDER, leads_elsewhere, template_leads_elsewhere
from execution_service.domain.errors import OperationUnusable, PathEscapes
from execution_service.domain.wire.parameter import Slot

_FILLED = r"[A-Za-z0-9._~%,;=-]+"
"""What the path styles write. No slash, question mark, hash or backslash: one segment."""


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """`base` and `template` as one printf format, and the pattern that every result must match."""

    shown: str
    form: str
    slots: tuple[Slot, ...]
    instance: re.Pattern[str]

    @classmethod
    def of(cls, base: str, template: str, slots: Sequence[Slot]) -> Self:
        """Raises OperationUnusable for a placeholder that no parameter fills, and for a path that
        is read as another one whatever fills it.
        """
        if template_leads_elsewhere(f"{base}{template}"):
            raise OperationUnusable(
                f"The path {base}{template[:200]} holds a dot segment or a control character.",
                hint="Write the path in the schema as the server is to read it.",
            )
        by_name = {slot.name: slot for slot in slots}
        parts = PLACEHOLDER.split(f"{base.rstrip('/')}/{template.removeprefix('/')}")
        literals = [quote(part, safe=LITERAL) for part in parts[::2]]
        if missing := [name for name in parts[1::2] if name not in by_name]:
            raise OperationUnusable(
                f"No path parameter fills {{{missing[0][:80]}}} of {template[:200]}.",
                hint="Declare the parameter in the schema, with `in: path`.",
            )
        return cls(
            shown=template,
            form="%s".join(part.replace("%", "%%") for part in literals),
            slots=tuple(by_name[name] for name in parts[1::2]),
            instance=re.compile(_FILLED.join(re.escape(part) for part in literals)),
        )

    def unfilled(self, arguments: Mapping[str, Any]) -> Iterator[str]:
        """Arguments that are given, and are nothing in a path: null, an empty text, list or object.

        A number or a text that is not empty is something, without being written.
        """
        for slot in self.slots:
            value = arguments.get(slot.argument, 0)
            if type(value) is int or (type(value) is str and value):
                continue
            if not slot.text(arguments):
                yield slot.argument

    def fill(self, arguments: Mapping[str, Any]) -> str:
        """The raw path, percent-encoded, starting with a slash."""
        texts = tuple([slot.text(arguments) or "" for slot in self.slots])
        path = self.form % texts
        if not all(texts) or not self.instance.fullmatch(path) or leads_elsewhere(path):
            raise self._refusal(arguments)
        return path

    def _refusal(self, arguments: Mapping[str, Any]) -> PathEscapes:
        empty = [slot.argument for slot in self.slots if not slot.text(arguments)]
        if empty:
            sentence = f"The path {self.shown} needs a value that is not empty for {empty[0]!r}."
        else:
            names = ", ".join(repr(slot.argument) for slot in self.slots)
            sentence = f"The value of {names} would lead out of the path {self.shown}."
        return PathEscapes(
            sentence, hint="Path values hold no dot segments (`.`, `..`) and no control characters."
        )
