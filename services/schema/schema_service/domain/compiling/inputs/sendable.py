"""What of a parameter's schema requests can hold: headers are ASCII, paths have no dot segments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from contracts.json_schema import names_in
from contracts.operation import Location
from schema_service.domain.compiling import schema_rules
from schema_service.domain.compiling.inputs.defaults import default_of, unsendable
from schema_service.domain.compiling.json_schema.compiled import Compiled
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Way:
    """Where a value is sent, and whether it is escaped there: of cookies some are not."""

    location: Location
    is_encoded: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """A parameter's schema without what no request can hold there."""

    compiled: Compiled
    found: tuple[Finding, ...] = ()
    reason: str = ""
    """Why listed values cannot be sent; empty where all can."""
    is_empty: bool = False
    """Whether none of them can."""


def sendable(compiled: Compiled, way: Way, path: Path, schemas: Schemas) -> Left:
    """Without such a default, and without such values of `const` and `enum`."""
    compiled, found = _without_unsendable(compiled, way, path, schemas)
    schema = schemas.followed(compiled.schema)
    if not isinstance(schema, dict) or schema.keys().isdisjoint(("const", "enum")):
        return Left(compiled, tuple(found))
    place = ("sendable", id(schema), way)
    values = schemas.beside(schema, lambda: _values_of(schema, way), place)
    if not values.reason or values.is_empty:
        return Left(compiled, tuple(found), values.reason, is_empty=values.is_empty)
    made = replace(compiled, schema=values.schema, uses=values.uses, _size=None)
    return Left(made, tuple(found), values.reason)


@dataclass(frozen=True, slots=True)
class _Values:
    """A schema with the values of it that can be sent; `reason` is empty where all can."""

    schema: dict[str, Any]
    uses: dict[str, None]
    reason: str
    is_empty: bool


def _values_of(schema: dict[str, Any], way: Way) -> _Values:
    """Once for a schema, however many parameters refer to it."""
    values = [schema["const"]] if "const" in schema else schema["enum"]
    reasons = [unsendable(value, way.location, is_encoded=way.is_encoded) for value in values]
    said = next((each for each in reasons if each), "")
    usable = [value for value, reason in zip(values, reasons, strict=True) if reason is None]
    made = {**schema, "enum": usable}
    return _Values(made, dict.fromkeys(names_in(made)), said, not usable)


def about_values(left: Left, name: str, path: Path, *, always: bool) -> Iterator[Finding]:
    """`always`: whether every call sends the parameter."""
    if left.reason:
        is_lost = left.is_empty and always
        rule = schema_rules.PARAMETER_UNSENDABLE if is_lost else schema_rules.VALUES_UNSENDABLE
        yield rule.at(path, name=name, reason=left.reason)


def _without_unsendable(
    compiled: Compiled, way: Way, path: Path, schemas: Schemas
) -> tuple[Compiled, list[Finding]]:
    """Without a default that no request can hold there."""
    schema = schemas.followed(compiled.schema)
    default = default_of(schema)
    reason = unsendable(default, way.location, is_encoded=way.is_encoded)
    if reason is None or not isinstance(schema, dict):
        return compiled, []
    without = {key: value for key, value in schema.items() if key != "default"}
    finding = schema_rules.DEFAULT_REFUSED.at((*path, "default"), reason=reason)
    uses = schemas.part_of(compiled, without).uses
    return replace(compiled, schema=without, uses=uses, _size=None), [finding]
