"""What does not fit a schema, without what each alternative objects to.

To explain a value that fits none of its alternatives, the validator collects the errors of all of
them, and of those within them: more with every level. Whether it fits is quickly said, and that is
all an outline says of it: `if` asks without collecting (JSON Schema 2020-12, Core, 10.2.2.1), and
counts what it admits as evaluated, as the alternatives do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import jsonschema_rs

from contracts.error_place import path_within
from contracts.json_schema import ONE_SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS
from execution_service.domain.arguments.fault import MAX_FAULTS, Fault, fault, place
from execution_service.domain.arguments.schema_fault import Sources, faults_of
from execution_service.domain.arguments.steps import MAX_STEPS, steps
from execution_service.domain.arguments.validator import compiled

TOO_COMPLEX = fault(
    "too_complex",
    (),
    "The arguments are too complex to be checked against the operation's schema, which has many"
    " alternatives or patterns for each value, or such that lie within one another. Give fewer"
    " values, or nest them less deeply, in one call.",
)
_NOT_SAID = fault(
    "not_fitting",
    (),
    "The arguments do not fit the operation's schema, and too many of its alternatives lie within"
    " one another to say where. Compare them with what the operation wants, the innermost values"
    " first.",
)
_UNIONS = ("anyOf", "oneOf")
_NONE_FITS = (
    "fits none of the forms that it may have, or several where it may have one alone. Too many of"
    " them lie within one another to say what each wants: compare the innermost values first."
)


@dataclass(slots=True)
class Outline:
    """Compiled when the first call asks."""

    _validator: jsonschema_rs.Draft202012Validator | None = field(default=None, compare=False)

    def faults(self, values: dict[str, Any], sources: Sources) -> tuple[Fault, ...]:
        """At least one, at most MAX_FAULTS, of values that the schema does not admit."""
        schema = sources.schema()
        if steps(schema, values, unions=False) > MAX_STEPS:
            return (_NOT_SAID,)
        if self._validator is None:
            self._validator = compiled(_outlined(schema))
        errors = self._validator.iter_errors(values)
        found = (each for error in errors for each in _faults_of(error, sources))
        return tuple(islice(found, MAX_FAULTS)) or (_NOT_SAID,)


def _faults_of(error: jsonschema_rs.ValidationError, sources: Sources) -> Iterator[Fault]:
    if error.schema_path[-1] == "else":
        path = path_within(sources.arguments, error.instance_path)
        yield fault("any_of", path, f"{place(path)} {_NONE_FITS}")
    else:
        yield from faults_of(error, sources)


def _outlined(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    outlined = {key: _part(key, each) for key, each in schema.items() if key not in _UNIONS}
    asked = [{"if": {key: schema[key]}, "else": False} for key in _UNIONS if key in schema]
    if asked:
        outlined["allOf"] = [*outlined.get("allOf", ()), *asked]
    return outlined


def _part(keyword: str, value: Any) -> Any:
    if keyword in ONE_SCHEMA:
        return _outlined(value)
    if keyword in SCHEMA_LISTS:
        return [_outlined(each) for each in value]
    if keyword in SCHEMA_MAPS:
        return {name: _outlined(each) for name, each in value.items()}
    return value
