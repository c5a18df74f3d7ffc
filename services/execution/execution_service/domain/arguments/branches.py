"""What one call may ask about the parts of an operation's schema, and how much of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from execution_service.domain.arguments.exact_json import with_values
from execution_service.domain.arguments.json_type import Converted, conversions
from execution_service.domain.arguments.refused_null import RefusedNull
from execution_service.domain.arguments.schema_parts import SchemaParts

MAX_CHECKED = 1_000
"""Alternatives that one call asks about."""
MAX_CHECKED_VALUES = 100_000
"""That these alternatives have looked at, all within a value counted, and names beside patterns."""
MAX_VALUES = 5_000
"""That one call has looked at."""
_A_MATCH = 4
"""Values checked in the time in which a pattern is looked for in a name."""
_A_VIEW = 2
"""The same, of one more schema that a member's own is looked for in."""
_DEFINITIONS = "#/$defs/"


class Branches:
    """Once it is exhausted, values that were not looked at stay as they are. To look at a value
    counts `cost` times.
    """

    def __init__(self, root: Mapping[str, Any], parts: SchemaParts, cost: float = 1) -> None:
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._parts = parts
        self._cost = cost
        self._checks = MAX_CHECKED
        self._checked_values: float = MAX_CHECKED_VALUES
        self._values = MAX_VALUES
        self._converted: dict[tuple[str, str], Sequence[Converted]] = {}
        self._null = RefusedNull(self.target)

    @property
    def exhausted(self) -> bool:
        return min(self._checks, self._checked_values, self._values) < 0

    def may_look_at_another_value(self) -> bool:
        self._values -= 1
        return not self.exhausted

    def may_look_for_schemas(self, views: int) -> bool:
        """Among so many, of a member by its name."""
        self._checked_values -= (views - 1) * _A_VIEW
        return not self.exhausted

    def target(self, reference: str) -> Any:
        return self._definitions.get(reference.removeprefix(_DEFINITIONS), True)

    def admit(self, alternative: Any, value: Any) -> bool:
        """`alternative` is a `$ref`, true or false. It admits nothing once this is exhausted."""
        if not isinstance(alternative, Mapping):
            return alternative is True
        self._checks -= 1
        self._checked_values -= _size(value) * self._cost
        return not self.exhausted and self._parts.admit(alternative["$ref"], with_values(value))

    def match(self, pattern: str, name: str) -> bool:
        """It is about nothing once this is exhausted."""
        self._checked_values -= _A_MATCH
        return not self.exhausted and self._parts.match(pattern, name)

    def conversions(self, value: Any, kind: str) -> Sequence[Converted]:
        """A text may be long: it is read once, and not for each alternative."""
        if type(value) is not str:
            return [*conversions(value, kind)]
        asked = value, kind
        if asked not in self._converted:
            self._converted[asked] = [*conversions(value, kind)]
        return self._converted[asked]

    def refuse_null(self, schema: Any) -> bool:
        return self._null.by(schema)


def _size(value: Any) -> int:
    kind = type(value)
    if kind is dict:
        value = [*value.values()]
    elif kind is not list:
        return 1
    return 1 + sum(map(_size, value))
