"""Schemas that no value fits. What cannot be decided quickly counts as possible."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from contracts.json_schema import names_in
from schema_service.domain.compiling.json_schema.keywords import TYPES
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS

MAX_LOOKS = 2_000
"""Schemas that are looked at for one operation."""
MAX_DEPTH = 60
MAX_VALUES = 200
"""Of a longer list, one of the values will do."""
_PREFIX = "#/$defs/"
_ORDERED = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
_NO_VALUE = "none of its values is allowed by the rest of its schema"
_NO_TYPE = "the schemas of its allOf want it to be of different types"
_WITHIN_ITSELF = "it needs itself within itself, without end"


@dataclass(slots=True)
class Impossible:
    """Of one operation; `definitions` are its `$defs`."""

    definitions: Mapping[str, Any]
    _possible: set[str] = field(default_factory=set)
    _within: list[str] = field(default_factory=list)
    _left: int = MAX_LOOKS

    def reason(self, schema: Any) -> str | None:
        """Why no value fits; None where one may."""
        self._left -= 1
        if schema is False:
            return "its schema is false"
        if not isinstance(schema, dict) or self._left < 0 or len(self._within) > MAX_DEPTH:
            return None
        return next((each for each in self._reasons(schema) if each), None)

    def _reasons(self, schema: dict[str, Any]) -> Iterator[str | None]:
        if "enum" in schema or "const" in schema:
            yield _no_value(schema)
        if _is_of(schema, "string", "number", "integer", "array"):
            yield _crossed(schema)
        if "$ref" in schema:
            yield self._referred(schema["$ref"])
        yield from map(self.reason, schema.get("allOf", ()))
        if "allOf" in schema and self._types(schema, 0) == frozenset():
            yield _NO_TYPE
        yield from (self._every(schema.get(keyword, [])) for keyword in ("anyOf", "oneOf"))
        yield from map(self.reason, _needed(schema))

    def _types(self, schema: Any, depth: int) -> frozenset[str]:
        """The types (Core, 4.2.1) that a value may have which fits the schema and all that it is
        made of; an integer is a number.
        """
        self._left -= 1
        if not isinstance(schema, dict) or self._left < 0 or depth > MAX_DEPTH:
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

    def _every(self, schemas: list[Any]) -> str | None:
        reasons = [self.reason(each) for each in schemas]
        return reasons[0] if reasons and all(reasons) else None

    def _referred(self, reference: str) -> str | None:
        """A definition that needs itself is impossible; others are decided once if possible."""
        name = reference.removeprefix(_PREFIX)
        if name in self._within:
            return _WITHIN_ITSELF
        if name in self._possible:
            return None
        self._within.append(name)
        reason = self.reason(self.definitions.get(name, True))
        self._within.pop()
        if reason is None:
            self._possible.add(name)
        return reason


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
