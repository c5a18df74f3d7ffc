"""Where an operation's schema has integers, and how they are written outside JSON.

To JSON Schema `1.0` and `1e3` are integers (2020-12, 4.2.3). Most APIs refuse them in a query, a
path, a header or a form, where the type is all that says how to read the text: there an integer is
written without fraction and exponent. Numbers of any other type keep their digits, and so does all
that is sent as JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from execution_service.domain.arguments.exact_json import ExactNumber

MAX_DEPTH = 32
"""Of a schema; what is deeper keeps its digits."""
_ALTERNATIVES = ("allOf", "anyOf", "oneOf")
_LOCAL = "#/"


@dataclass(slots=True)
class Integers:
    """Of one schema: whether its value is an integer, and those within the value."""

    here: bool = False
    items: Self | None = None
    members: dict[str, Self] = field(default_factory=dict)
    others: Self | None = None
    """Of members that have no schema of their own."""

    @property
    def are_none(self) -> bool:
        return not (self.here or self.items or self.members or self.others)

    def member(self, name: str) -> Self | None:
        return self.members.get(name, self.others)

    def written(self, value: Any) -> Any:
        """The value with integers of Python where the schema has the type integer."""
        kind = type(value)
        if kind is ExactNumber or kind is float:
            return _integer(value) if self.here else value
        if kind is list and self.items is not None:
            return [self.items.written(item) for item in value]
        if kind is dict and (self.members or self.others):
            return {name: written(self.member(name), item) for name, item in value.items()}
        return value


NO_INTEGERS: Final = Integers()


def written(integers: Integers | None, value: Any) -> Any:
    return value if integers is None else integers.written(value)


def _integer(number: float | ExactNumber) -> Any:
    value = number.value if type(number) is ExactNumber else number
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if type(value) is int else number


class IntegersOf:
    """Reads schemas within `root`, the schema of all arguments, whose `$defs` they refer to."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._read: dict[int, tuple[Integers, bool]] = {}

    def argument(self, name: str) -> Integers | None:
        """None where nothing of it is an integer."""
        found, _ = self._of(self._root.get("properties", {}).get(name), 0)
        return None if found.are_none else found

    def _of(self, schema: Any, depth: int) -> tuple[Integers, bool]:
        """And whether the value may be a number that is no integer."""
        if not isinstance(schema, dict) or depth > MAX_DEPTH:
            return Integers(), False
        known = self._read.get(id(schema))
        if known is None:
            self._read[id(schema)] = Integers(), False  # while it is read: a schema within itself
            known = self._read[id(schema)] = self._made(schema, depth + 1)
        return known

    def _made(self, schema: dict[str, Any], depth: int) -> tuple[Integers, bool]:
        kinds = schema.get("type", ())
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        found, may_be_any = Integers("integer" in kinds), "number" in kinds
        found.items = self._within(schema.get("items"), depth)
        others = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        found.others = self._within(others, depth)
        for name, member in (schema.get("properties") or {}).items():
            if (inner := self._within(member, depth)) is not None:
                found.members[name] = inner
        for applied in self._applied(schema):
            other, others_any = self._of(applied, depth)
            may_be_any = may_be_any or others_any
            found.here = found.here or other.here
            found.items = found.items or other.items
            found.others = found.others or other.others
            found.members = {**other.members, **found.members}
        found.here = found.here and not may_be_any
        return found, may_be_any

    def _within(self, schema: Any, depth: int) -> Integers | None:
        found, _ = self._of(schema, depth)
        return None if found.are_none else found

    def _applied(self, schema: dict[str, Any]) -> Iterator[Any]:
        """The schemas that apply to the same value."""
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith(_LOCAL):
            yield self._at(reference.removeprefix(_LOCAL))
        for keyword in _ALTERNATIVES:
            yield from schema.get(keyword) or ()

    def _at(self, pointer: str) -> Any:
        found: Any = self._root
        for step in pointer.split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, dict) else None
        return found
