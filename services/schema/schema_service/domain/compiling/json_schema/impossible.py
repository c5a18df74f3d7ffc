"""Schemas that no value fits. What cannot be decided quickly counts as possible."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import jsonschema_rs

from contracts.json_schema import names_in
from schema_service.domain.compiling.json_schema.keywords import TYPES
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from schema_service.domain.compiling.json_schema.typed import same_as

MAX_LOOKS = 100_000
"""Schemas that are looked at for all operations of a document; what no look is left for is
possible."""
MAX_DEPTH = 8
"""So far below an `allOf` types are compared: references, and schemas within each other."""
VALUES_PER_LOOK = 10
"""Listed values that are compared with the rest of their schema in the time of a look."""
MAX_VALUES = 200
"""Of a longer list, one of the values will do."""
_PREFIX = "#/$defs/"
_ORDERED = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
_NO_VALUE = "none of its values is allowed by the rest of its schema"
_NO_TYPE = "the schemas of its allOf want it to be of different types"
_NO_COMMON = "the schemas of its allOf have no value in common"
_NO_ROOM = (
    "one schema of its allOf requires {}, and additionalProperties: false of another one refuses it"
)
_REFUSES_ALL = "its schema has not: {}, which refuses every value"
_WITHIN_ITSELF = "it needs itself within itself, without end"


@dataclass(slots=True)
class Decided:
    """What is known of the definitions of a document, and how many looks are left."""

    possible: set[str] = field(default_factory=set)
    impossible: dict[str, str] = field(default_factory=dict)
    """With the reason."""
    looks: int = MAX_LOOKS


@dataclass(slots=True)
class Impossible:
    """Of one operation; `definitions` are its `$defs`.

    They are `whole` where none was cut: only then is what is decided true of other operations.
    What is possible as a whole is so where something is cut as well.
    """

    definitions: Mapping[str, Any]
    decided: Decided = field(default_factory=Decided)
    whole: bool = True
    _possible: set[str] = field(init=False)
    _impossible: dict[str, str] = field(init=False)
    _open: dict[str, None] | None = None
    """What is being decided."""
    _collecting: bool = False

    def __post_init__(self) -> None:
        own = self.decided if self.whole else Decided()
        self._possible, self._impossible = own.possible, own.impossible

    def reason(self, schema: Any) -> str | None:
        """Why no value fits; None where one may."""
        self.decided.looks -= 1
        if schema is False:
            return "its schema is false"
        if not isinstance(schema, dict) or self.decided.looks < 0:
            return None
        return next((each for each in self._reasons(schema) if each), None)

    def _reasons(self, schema: dict[str, Any]) -> Iterator[str | None]:
        if "enum" in schema or "const" in schema:
            self.decided.looks -= len(schema.get("enum", ())) // VALUES_PER_LOOK
            yield _no_value(schema)
        if _is_of(schema, "string", "number", "integer", "array"):
            yield _crossed(schema)
        if "$ref" in schema:
            yield self._referred(schema["$ref"].removeprefix(_PREFIX))
        yield from map(self.reason, schema.get("allOf", ()))
        if "not" in schema and (schema["not"] is True or schema["not"] == {}):
            yield _REFUSES_ALL
        if "allOf" in schema and self._types(schema, 0) == frozenset():
            yield _NO_TYPE
        if "allOf" in schema and self._values(schema, 0) == frozenset():
            yield _NO_COMMON
        if "allOf" in schema:
            yield self._closed(schema)
        yield from (self._every(schema.get(keyword, [])) for keyword in ("anyOf", "oneOf"))
        yield from map(self.reason, _needed(schema))

    def _types(self, schema: Any, depth: int) -> frozenset[str]:
        """The types (Core, 4.2.1) that a value may have which fits the schema and all that it is
        made of; an integer is a number.
        """
        self.decided.looks -= 1
        if not isinstance(schema, dict) or self.decided.looks < 0 or depth > MAX_DEPTH:
            return TYPES
        declared = schema.get("type", ())
        types = frozenset([declared] if isinstance(declared, str) else declared) or TYPES
        types = types | {"integer"} if "number" in types else types
        parts = list(schema.get("allOf", ()))
        if "$ref" in schema:
            parts.append(self.definitions.get(schema["$ref"].removeprefix(_PREFIX), True))
        for part in parts:
            types &= self._types(part, depth + 1)
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                each = [self._types(branch, depth + 1) for branch in schema[keyword]]
                types &= frozenset[str]().union(*each)
        return types

    def _values(self, schema: Any, depth: int) -> frozenset[Hashable] | None:
        """Those that the schema and all that it is made of list; None where nothing lists any."""
        self.decided.looks -= 1
        if not isinstance(schema, dict) or self.decided.looks < 0 or depth > MAX_DEPTH:
            return None
        listed = [schema["const"]] if "const" in schema else schema.get("enum")
        found: frozenset[Hashable] | None = None
        if listed is not None and len(listed) <= MAX_VALUES:
            self.decided.looks -= len(listed) // VALUES_PER_LOOK
            found = frozenset(map(same_as, listed))
        parts = list(schema.get("allOf", ()))
        if "$ref" in schema:
            parts.append(self.definitions.get(schema["$ref"].removeprefix(_PREFIX), True))
        for part in parts:
            values = self._values(part, depth + 1)
            found = values if found is None else found if values is None else found & values
        return found

    def _closed(self, schema: dict[str, Any]) -> str | None:
        """Where one of an object's schemas requires a member, and another one has no room for it
        (Applicator, 10.3.2.3: `additionalProperties` knows the properties beside it alone).
        """
        parts = [*self._parts(schema, 0)]
        if not any(part.get("type") == "object" for part in parts):
            return None
        required = {name: None for part in parts for name in part.get("required", ())}
        closed = (part for part in parts if part.get("additionalProperties") is False)
        for part in closed:
            known = part.get("properties", {})
            lost = [name for name in required if name not in known]
            if lost and "patternProperties" not in part:
                return _NO_ROOM.format(lost[0])
        return None

    def _parts(self, schema: Any, depth: int) -> Iterator[dict[str, Any]]:
        """The schema and all that a value has to fit with it."""
        self.decided.looks -= 1
        if not isinstance(schema, dict) or self.decided.looks < 0 or depth > MAX_DEPTH:
            return
        yield schema
        parts = list(schema.get("allOf", ()))
        if "$ref" in schema:
            parts.append(self.definitions.get(schema["$ref"].removeprefix(_PREFIX), True))
        for part in parts:
            yield from self._parts(part, depth + 1)

    def _every(self, schemas: list[Any]) -> str | None:
        reasons = [self.reason(each) for each in schemas]
        return reasons[0] if reasons and all(reasons) else None

    def _referred(self, name: str) -> str | None:
        """Each definition is decided once. While some are being decided, others are collected,
        and then what is not known to be possible counts as impossible.
        """
        if self._open is None:
            self._decide(name)
        if name in self._possible or name in self.decided.possible:
            return None
        if self._collecting:
            assert self._open is not None  # noqa: S101 - it is what is collected
            self._open.setdefault(name)
            return None
        return self._impossible.get(name, None if self._open is None else _WITHIN_ITSELF)

    def _decide(self, name: str) -> None:
        """With all that it needs; those that only need each other without end are impossible."""
        if name in self._possible or name in self._impossible or name in self.decided.possible:
            return
        self._open = {name: None}
        self._collect()
        undecided = list(reversed(self._open))
        changed = True
        while changed:
            left = [each for each in undecided if not self._is_possible(each)]
            changed, undecided = len(left) < len(undecided), left
        for each in undecided:
            self._impossible[each] = self._reason_of(each) or _WITHIN_ITSELF
        self._open = None

    def _collect(self) -> None:
        assert self._open is not None  # noqa: S101 - it has the first
        self._collecting, waiting = True, [*self._open]
        while waiting:
            known = len(self._open)
            self._reason_of(waiting.pop())
            waiting += [*islice(self._open, known, None)]
        self._collecting = False

    def _is_possible(self, name: str) -> bool:
        if self._reason_of(name) is None:
            self._possible.add(name)
            return True
        return False

    def _reason_of(self, name: str) -> str | None:
        return self.reason(self.definitions.get(name, True))


def _needed(schema: dict[str, Any]) -> Iterator[Any]:
    """The schemas of what every value has: required members, the items of a list with some."""
    if _is_of(schema, "object"):
        properties = schema.get("properties", {})
        yield from (properties.get(name, True) for name in schema.get("required", ()))
    if _is_of(schema, "array") and schema.get("minItems", 0) >= 1:
        yield schema.get("items", True)


def _is_of(schema: dict[str, Any], *kinds: str) -> bool:
    """Whether the type is one of these, and no other."""
    declared = schema.get("type", ())
    declared = [declared] if isinstance(declared, str) else declared
    return bool(declared) and all(kind in kinds for kind in declared)


def _crossed(schema: dict[str, Any]) -> str | None:
    for least, most in _ORDERED:
        if least in schema and schema[least] > schema.get(most, schema[least]):
            return f"its {least} is above its {most}"
    return None


def _no_value(schema: dict[str, Any]) -> str | None:
    values = [schema["const"]] if "const" in schema else schema["enum"]
    if len(values) > MAX_VALUES or next(iter(names_in(schema)), None) is not None:
        return None
    try:
        validator = jsonschema_rs.Draft202012Validator(
            schema, offline=True, pattern_options=PATTERN_OPTIONS
        )
    except (jsonschema_rs.ValidationError, ValueError):
        return None
    return None if any(map(validator.is_valid, values)) else _NO_VALUE
