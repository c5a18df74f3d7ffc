"""An operation's argument schema, compiled once, and what it says about arguments it refuses.

No reference leaves the schema: retrieval is off. Patterns run on a linear-time engine only, with a
bounded automaton. A pattern which that engine cannot run (look-around, back-references, too large)
is left out and listed in `unenforced`: the API has the last word about it, whereas a backtracking
engine could be held up for minutes by whoever writes the schema. Where leaving a pattern out would
turn its meaning around (under `not`, `if`, `oneOf`, as a key of `patternProperties`) the operation
is unusable instead. `format` is not asserted (JSON Schema 2020-12, 7.2.1).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any, Self

import jsonschema_rs
import orjson

from execution_service.domain.arguments.assertions import assertions
from execution_service.domain.arguments.change import Changed
from execution_service.domain.arguments.coercion import coerced
from execution_service.domain.arguments.fault import MAX_FAULTS, Fault, fault, pointer
from execution_service.domain.arguments.leftover_members import without_doubles
from execution_service.domain.arguments.listed_values import LISTING, cost_of_listing
from execution_service.domain.arguments.outline import Outline
from execution_service.domain.arguments.schema_fault import Sources, faults_of
from execution_service.domain.arguments.schema_parts import SchemaParts
from execution_service.domain.arguments.schema_reach import Reach, reach
from execution_service.domain.arguments.schema_weight import MAX_WEIGHT, weight
from execution_service.domain.arguments.steps import MAX_STEPS, amount, steps
from execution_service.domain.arguments.validator import compiled
from execution_service.domain.errors import OperationUnusable

BYTES_A_CHARACTER = 32
"""Of a compiled validator, for each character of its schema's JSON. Whole documents take 16 to 24
(`tests/bench/operation_memory.py`), a schema of nothing but bare types and enums up to 45."""

MAX_FULLY_EXPLAINED_BYTES = 16 * 1024
"""Of arguments all of whose faults are collected, at 7 µs each."""
MAX_CHECKED_STEPS = 1_000_000
"""Of the validator where it only says whether values fit, at 50 ns each."""
_UNCOUNTED_STEPS = 2 * MAX_CHECKED_STEPS
"""That there can be at most for values to be checked uncounted: such estimates are rather high."""
_MAX_FLAT_STEPS = 20_000
"""Within which all faults are looked for where alternatives are not nested, at 7 µs each."""
_BYTES_AN_ERROR = 2
"""The shortest value, and the comma behind it."""
_MORE = fault("too_many_faults", (), "More of the arguments do not fit than are named here.")

_ONE = ("items", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems")
_LIST = ("allOf", "anyOf", "prefixItems")
_MAP = ("properties", "patternProperties", "$defs", "dependentSchemas")


@dataclass(frozen=True, slots=True)
class ArgumentSchema:
    validator: jsonschema_rs.Draft202012Validator
    known: frozenset[str]
    unenforced: tuple[str, ...]
    """JSON pointers, within the schema, of patterns left out."""
    text: bytes
    """What the validator was made of, as JSON."""
    parts: SchemaParts
    bytes: int
    """An estimate: the validator's memory is not Python's to measure."""
    cost_of_listing: int
    """Of the error about a value that is not among those that are listed: the longest list counts,
    and an error that lists nothing is 1."""
    reach: Reach
    outline: Outline = field(default_factory=Outline)

    @classmethod
    def of(cls, schema: dict[str, Any]) -> Self:
        """Raises OperationUnusable for a schema that is invalid or refers outside itself."""
        if weight(schema) > MAX_WEIGHT:
            raise _unusable("it is nested too deeply or applies too many subschemas to one value")
        known = frozenset(schema.get("properties", ()))
        needed = assertions(schema)
        try:
            return cls._made(needed, known, ())
        except ValueError:
            relaxed, unenforced = _without_unrunnable_patterns(needed)
        try:
            return cls._made(relaxed, known, unenforced)
        except ValueError as error:
            raise _unusable(str(error).partition("\n")[0][:200]) from error

    @classmethod
    def _made(
        cls, schema: dict[str, Any], known: frozenset[str], unenforced: tuple[str, ...]
    ) -> Self:
        """Raises ValueError as the validator does."""
        validator, text = compiled(schema), orjson.dumps(schema)
        parts = SchemaParts.of(schema, text)
        size = len(text) + BYTES_A_CHARACTER * (len(text) + parts.characters)
        if parts.text is not text:
            size += len(parts.text)
        found = reach(schema)
        made = cls(validator, known, unenforced, text, parts, size, cost_of_listing(schema), found)
        if not made.is_involved:
            return made
        return replace(made, bytes=size + BYTES_A_CHARACTER * len(text))  # the outline's

    def coerced(
        self, arguments: dict[str, Any], *, nulls_only: bool = False
    ) -> tuple[dict[str, Any], list[Changed]]:
        """What arguments that it does not admit are taken for, and what was done to them."""
        root = orjson.loads(self.parts.text)
        cost = max(1, self.reach.steps / MAX_WEIGHT)
        return coerced(root, self.parts, arguments, nulls_only=nulls_only, cost=cost)

    @property
    def is_involved(self) -> bool:
        """Whether to explain one value may take more than its length says."""
        return self.reach.refers_to_itself or self.reach.steps > MAX_WEIGHT

    def is_too_complex(self, values: dict[str, Any], size: int) -> bool:
        """Whether it may take too long to say if these, `size` bytes of JSON, fit: to be asked
        first.
        """
        if self.reach.steps * size <= _UNCOUNTED_STEPS:
            return False
        if self.reach.steps * amount(values) <= _UNCOUNTED_STEPS:
            return False
        return steps(self._read(), values, only_asked=True) > MAX_CHECKED_STEPS

    def admits(self, arguments: Mapping[str, Any]) -> bool:
        return self.validator.is_valid(arguments)

    def faults(
        self,
        values: dict[str, Any],
        arguments: dict[str, Any],
        size: int,
        *,
        all_needed: bool = False,
    ) -> tuple[Fault, ...]:
        """At most MAX_FAULTS, of `values`; they name what the caller wrote, `arguments`, which are
        `size` bytes of JSON.

        Only the first where it would take long to collect all. With `all_needed` a further one then
        says so, for whoever overlooks some of them.
        """
        sources = Sources(self.known, arguments, cache(self._read))
        if not self.is_involved and size > MAX_FULLY_EXPLAINED_BYTES and not all_needed:
            return self._first(values, sources, all_needed=False)
        needed = steps(sources.schema(), values)
        if self.is_involved and needed > MAX_STEPS:
            return self.outline.faults(values, sources)
        counted = needed <= _MAX_FLAT_STEPS or (all_needed and self._may_be_evaluated(size))
        if counted and self._is_soon_explained(values, size, all_needed=all_needed):
            errors = self.validator.iter_errors(values)
            found = (fault for error in errors for fault in faults_of(error, sources))
            return without_doubles(tuple(islice(found, MAX_FAULTS)))
        return self._first(values, sources, all_needed=all_needed)

    def _first(
        self, values: dict[str, Any], sources: Sources, *, all_needed: bool
    ) -> tuple[Fault, ...]:
        try:
            self.validator.validate(values)
        except jsonschema_rs.ValidationError as error:
            first = tuple(islice(faults_of(error, sources), MAX_FAULTS - 1))
            return (*first, _MORE) if all_needed else first
        return ()

    def _may_be_evaluated(self, size: int) -> bool:
        return self.reach.steps * size / _BYTES_AN_ERROR <= MAX_CHECKED_STEPS

    def _read(self) -> Any:
        return orjson.loads(self.text)

    def _is_soon_explained(self, values: dict[str, Any], size: int, *, all_needed: bool) -> bool:
        """The validator collects every error before it yields the first, and copies into each what
        its keyword lists. Counting them takes 3 µs each.
        """
        if size * self.cost_of_listing <= MAX_FULLY_EXPLAINED_BYTES:
            return True
        if size > MAX_FULLY_EXPLAINED_BYTES and not all_needed:
            return False
        where = (each["schemaLocation"] for each in self.validator.evaluate(values).errors())
        costs = (self.cost_of_listing if place.endswith(LISTING) else 1 for place in where)
        return sum(costs) * _BYTES_AN_ERROR <= MAX_FULLY_EXPLAINED_BYTES


def _without_unrunnable_patterns(
    schema: dict[str, Any],
) -> tuple[dict[str, Any], tuple[str, ...]]:
    left_out: list[str] = []
    return _relaxed(schema, (), left_out), tuple(left_out)


def _relaxed(schema: Any, path: tuple[str | int, ...], left_out: list[str]) -> Any:
    if not isinstance(schema, dict):
        return schema
    relaxed = dict(schema)
    if isinstance(pattern := schema.get("pattern"), str) and not _runs(pattern):
        del relaxed["pattern"]
        left_out.append(pointer((*path, "pattern")))
    for keyword, key, part in _parts(schema):
        where = (*path, keyword) if key is None else (*path, keyword, key)
        replaced = _relaxed(part, where, left_out)
        if key is None:
            relaxed[keyword] = replaced
        else:
            if relaxed[keyword] is schema[keyword]:
                relaxed[keyword] = schema[keyword].copy()
            relaxed[keyword][key] = replaced
    return relaxed


def _parts(schema: dict[str, Any]) -> Iterator[tuple[str, str | int | None, Any]]:
    """Subschemas in which a missing pattern can only admit more."""
    for keyword in _ONE:
        if keyword in schema:
            yield keyword, None, schema[keyword]
    for keyword in _LIST:
        if isinstance(schema.get(keyword), list):
            yield from ((keyword, index, part) for index, part in enumerate(schema[keyword]))
    for keyword in _MAP:
        if isinstance(schema.get(keyword), dict):
            yield from ((keyword, name, part) for name, part in schema[keyword].items())


def _runs(pattern: str) -> bool:
    try:
        compiled({"pattern": pattern})
    except ValueError:
        return False
    return True


def _unusable(reason: str) -> OperationUnusable:
    return OperationUnusable(
        f"The operation's argument schema cannot be used: {reason}.",
        hint="Correct the schema of the operation's parameters or body.",
    )
