"""The flat arguments of an operation: one JSON Schema, and where each argument's value goes."""

from dataclasses import dataclass, field
from typing import Any

from contracts.operation import Body, Parameter
from schema_service.domain import pointers
from schema_service.domain.compiling.inputs.bodies import Payload, is_form, is_json
from schema_service.domain.compiling.inputs.parameters import Sent
from schema_service.domain.compiling.json_schema.conversion import Compiled, Schema
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.names import Names, argument_name

MAX_MEMBERS = 1_000
"""An object with more members than a model could ever fill stays one argument."""
_FLAT = frozenset(
    {"type", "properties", "required", "additionalProperties", "title", "description", "default"}
    | {"examples", "deprecated", "format"}
)
"""An object schema with nothing else can be taken apart into its members."""


@dataclass(slots=True)
class Arguments:
    properties: dict[str, Schema] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    required: list[str] = field(default_factory=list)
    dependent: dict[str, list[str]] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, None] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    body: Body | None = None
    extra: Schema = False
    broken: bool = False
    warned: bool = False

    def schema(self, definitions: dict[str, Schema]) -> dict[str, Any]:
        """Self-contained JSON Schema 2020-12."""
        result: dict[str, Any] = {"type": "object", "properties": self.properties}
        if self.required:
            result["required"] = self.required
        if self.dependent:
            result["dependentRequired"] = self.dependent
        result["additionalProperties"] = self.extra
        if definitions:
            result["$defs"] = definitions
        return result

    def take(self, name: str, compiled: Compiled, *, required: bool) -> None:
        self.properties[name] = compiled.schema
        self.uses.update(compiled.uses)
        self.broken = self.broken or compiled.broken
        self.warned = self.warned or compiled.warned
        constant = _only_value(compiled.schema, required=required)
        if constant is not pointers.MISSING:
            self.constants[name] = constant
        elif required:
            self.required.append(name)


def add_parameter(to: Arguments, parameter: Sent) -> None:
    name = argument_name(parameter.name, parameter.location, to.names)
    to.take(name, parameter.schema, required=parameter.required)
    to.parameters.append(parameter.as_argument(name))


def add_body(to: Arguments, payload: Payload, schemas: Schemas) -> None:
    """Members of an object become arguments of their own; anything else is one argument."""
    compiled = schemas.compile(payload.schema, payload.path)
    members = _members(compiled, payload, schemas)
    if members is None:
        _whole(to, payload, compiled)
    else:
        _taken_apart(to, payload, members)


def _whole(to: Arguments, payload: Payload, compiled: Compiled) -> None:
    name = argument_name("body", "content", to.names)
    to.take(name, compiled, required=payload.required is True)
    to.body = Body(
        media_type=payload.media_type,
        required=payload.required is True,
        argument=name,
        encoding=payload.encoding,
    )


def _taken_apart(to: Arguments, payload: Payload, members: Compiled) -> None:
    schema = members.schema if isinstance(members.schema, dict) else {}
    properties: dict[str, Schema] = schema.get("properties", {})
    wanted = schema.get("required", [])
    names: dict[str, str] = {}
    for member in [*properties, *(name for name in wanted if name not in properties)]:
        name = argument_name(member, "body", to.names)
        names[member] = name
        part = Compiled(properties.get(member, True), members.uses, members.broken, members.warned)
        to.take(name, part, required=member in wanted and payload.required is not False)
    if payload.required is False and wanted:
        needed = [names[member] for member in wanted]
        to.dependent = {name: [n for n in needed if n != name] for name in names.values()}
        to.dependent = {name: others for name, others in to.dependent.items() if others}
    to.extra = schema.get("additionalProperties", False)
    to.body = Body(
        media_type=payload.media_type,
        required=payload.required is True,
        members={name: member for member, name in names.items()},
        extra_members=to.extra is not False,
        encoding=payload.encoding,
    )


def _members(compiled: Compiled, payload: Payload, schemas: Schemas) -> Compiled | None:
    """The object schema to take apart, its own reference followed, or None."""
    if not (is_json(payload.media_type) or is_form(payload.media_type)):
        return None
    schema = compiled.schema
    while isinstance(schema, dict) and set(schema) <= {"$ref", "description"} and "$ref" in schema:
        inner = schemas.definition(schema["$ref"].removeprefix("#/$defs/"))
        broken, warned = compiled.broken or inner.broken, compiled.warned or inner.warned
        compiled = Compiled(inner.schema, inner.uses, broken, warned)
        schema = compiled.schema
    if not isinstance(schema, dict) or not set(schema) <= _FLAT:
        return None
    if not 0 < len(schema.get("properties", ())) <= MAX_MEMBERS:
        return None
    return compiled if schema.get("type", "object") == "object" else None


def _only_value(schema: Schema, *, required: bool) -> Any:
    """The one permitted value, where leaving the argument out could not mean anything else."""
    if not isinstance(schema, dict):
        return pointers.MISSING
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if len(values) != 1:
        return pointers.MISSING
    only = values[0]
    return only if required or schema.get("default", pointers.MISSING) == only else pointers.MISSING
