"""The flat arguments of an operation: one JSON Schema, and where each argument's value goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from contracts.operation import Body, Parameter
from schema_service.domain import pointers
from schema_service.domain.compiling.inputs.defaults import default_of
from schema_service.domain.compiling.inputs.parameters import Sent, called
from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.names import Names, argument_name
from schema_service.domain.compiling.references import Path


@dataclass(slots=True)
class Arguments:
    """`room` is how many bytes of schemas may still be taken; those that do not fit are `cut`.
    `kept` are names by location and name in the document, which callers know already.
    """

    schemas: Schemas
    room: int
    kept: Mapping[tuple[str, str], str] = field(default_factory=dict)
    properties: dict[str, Schema] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    renamed: dict[str, str] = field(default_factory=dict)
    """Names outside ASCII, and what became of them."""
    required: list[str] = field(default_factory=list)
    dependent: dict[str, list[str]] = field(default_factory=dict)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    """What some values of the arguments need besides: `{"if": …, "then": …}`."""
    constants: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, None] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    body: Body | None = None
    extra: Schema = False
    broken: bool = False
    warned: bool = False
    cut: list[str] = field(default_factory=list)
    broken_at: Path | None = None
    """A component that is broken, where any of these needs one."""

    def __post_init__(self) -> None:
        self.names = Names(self.kept.values())

    @property
    def body_is_whole(self) -> bool:
        """Whether the body is one argument."""
        return self.body is not None and self.body.members is None

    def take_over(self, other: "Arguments") -> None:
        """All that the other one has, in lists of its own."""
        for each in fields(self):
            value = getattr(other, each.name)
            setattr(self, each.name, value.copy() if isinstance(value, dict | list) else value)

    def name(self, wanted: str, location: str) -> str:
        """For a parameter, or a member of the body, that the document calls `wanted`."""
        name = self.kept.get((location, wanted))
        if name is None or name in self.properties:
            name = argument_name(wanted, location, self.names)
        if not wanted.isascii():
            self.renamed[wanted] = name
        return name

    def schema(self) -> dict[str, Any]:
        """Self-contained JSON Schema 2020-12, with the definitions that there is room for."""
        definitions = self.schemas.definitions(self.uses, self.room)
        self.broken = self.broken or definitions.broken
        self.broken_at = definitions.broken_at
        self.warned = self.warned or definitions.warned
        self.cut += definitions.cut
        result: dict[str, Any] = {"type": "object", "properties": self.properties}
        if self.required:
            result["required"] = self.required
        if self.dependent:
            result["dependentRequired"] = self.dependent
        if self.conditions:
            result["allOf"] = self.conditions
        result["additionalProperties"] = self.extra
        if definitions.schemas:
            result["$defs"] = definitions.schemas
        return result

    def take(self, name: str, compiled: Compiled, *, required: bool) -> None:
        self.broken = self.broken or compiled.broken
        self.warned = self.warned or compiled.warned
        if compiled.size > self.room:
            self.properties[name] = True
            self.cut.append(name)
        else:
            self.room -= compiled.size
            self.properties[name] = compiled.schema
            self.uses.update(compiled.uses)
        constant = self._only_value(compiled.schema, required=required)
        if constant is not pointers.MISSING:
            self.constants[name] = constant
        elif required:
            self.required.append(name)

    def send_default(self, name: str, schema: Schema) -> None:
        """Where a call leaves the argument out, and it has more values than one."""
        default = default_of(self.schemas.followed(schema))
        if default is not pointers.MISSING and name not in self.constants:
            self.defaults[name] = default

    def _only_value(self, schema: Schema, *, required: bool) -> Any:
        """The one permitted value, where leaving the argument out could not mean anything else."""
        value, is_default = self.schemas.once(schema, self._one_value, "one value")
        return value if required or is_default else pointers.MISSING

    def _one_value(self, schema: Schema) -> tuple[Any, bool]:
        """`MISSING` where there are others; and whether it is the default as well."""
        schema = self.schemas.followed(schema)
        if not isinstance(schema, dict):
            return pointers.MISSING, False
        values = [schema["const"]] if "const" in schema else schema.get("enum", ())
        if len(values) != 1:
            return pointers.MISSING, False
        return values[0], schema.get("default", pointers.MISSING) == values[0]


def add_parameter(to: Arguments, parameter: Sent) -> None:
    name = to.name(parameter.name, parameter.location)
    to.take(name, called(parameter.schema, parameter.name, name), required=parameter.required)
    to.parameters.append(parameter.as_argument(name))
    if parameter.is_sent_by_default:
        to.send_default(name, parameter.schema.schema)
