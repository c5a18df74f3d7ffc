"""The flat arguments of an operation: one JSON Schema, and where each argument's value goes."""

from dataclasses import dataclass, field
from typing import Any

from contracts.operation import Body, Parameter
from schema_service.domain import pointers
from schema_service.domain.compiling.inputs.bodies import Payload
from schema_service.domain.compiling.inputs.parameters import Sent
from schema_service.domain.compiling.json_schema.conversion import Compiled, Schema
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.names import Names, argument_name

MAX_MEMBERS = 1_000
"""An object with more members than a model could ever fill stays one argument."""
_MAX_DEPENDENCIES = 10_000
_FLAT = frozenset(
    {"type", "properties", "required", "additionalProperties", "title", "description", "default"}
    | {"examples", "deprecated", "format"}
)
"""An object schema with nothing else can be taken apart into its members."""


@dataclass(slots=True)
class Arguments:
    """`room` is how many bytes of schemas may still be taken; those that do not fit are `cut`."""

    schemas: Schemas
    room: int
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
    cut: list[str] = field(default_factory=list)

    def schema(self) -> dict[str, Any]:
        """Self-contained JSON Schema 2020-12, with the definitions that there is room for."""
        definitions = self.schemas.definitions(self.uses, self.room)
        self.broken = self.broken or definitions.broken
        self.warned = self.warned or definitions.warned
        self.cut += definitions.cut
        result: dict[str, Any] = {"type": "object", "properties": self.properties}
        if self.required:
            result["required"] = self.required
        if self.dependent:
            result["dependentRequired"] = self.dependent
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

    def _only_value(self, schema: Schema, *, required: bool) -> Any:
        """The one permitted value, where leaving the argument out could not mean anything else."""
        schema = self.schemas.followed(schema)
        if not isinstance(schema, dict):
            return pointers.MISSING
        values = [schema["const"]] if "const" in schema else schema.get("enum", ())
        if len(values) != 1:
            return pointers.MISSING
        same = schema.get("default", pointers.MISSING) == values[0]
        return values[0] if required or same else pointers.MISSING


def add_parameter(to: Arguments, parameter: Sent) -> None:
    name = argument_name(parameter.name, parameter.location, to.names)
    to.take(name, parameter.schema, required=parameter.required)
    to.parameters.append(parameter.as_argument(name))


def add_body(to: Arguments, payload: Payload, max_members: int = MAX_MEMBERS) -> None:
    """Members of an object become arguments of their own; anything else is one argument."""
    compiled = to.schemas.compile(payload.schema, payload.path)
    members = to.schemas.resolved(compiled)
    if payload.has_members and _is_flat(members.schema, max_members):
        _taken_apart(to, payload, members.schema, members)
    else:
        _whole(to, payload, compiled)


def _whole(to: Arguments, payload: Payload, compiled: Compiled) -> None:
    name = argument_name("body", "content", to.names)
    to.take(name, compiled, required=payload.required is True)
    to.body = Body(
        media_type=payload.media_type,
        required=payload.required is True,
        argument=name,
        encoding=payload.encoding,
    )


def _taken_apart(to: Arguments, payload: Payload, schema: Any, whole: Compiled) -> None:
    properties: dict[str, Schema] = schema["properties"]
    wanted = schema.get("required", [])
    names: dict[str, str] = {}
    for member in [*properties, *(name for name in wanted if name not in properties)]:
        names[member] = argument_name(member, "body", to.names)
        part = to.schemas.part_of(whole, properties.get(member, True))
        needed = member in wanted and payload.required is not False
        to.take(names[member], part, required=needed)
    if payload.required is False:
        to.dependent = _dependent(names, [names[member] for member in wanted])
    to.extra = schema.get("additionalProperties", False)
    if isinstance(to.extra, dict):
        to.uses.update(to.schemas.part_of(whole, to.extra).uses)
    to.body = Body(
        media_type=payload.media_type,
        required=payload.required is True,
        members={name: member for member, name in names.items()},
        extra_members=to.extra is not False,
        encoding=payload.encoding,
    )


def _dependent(names: dict[str, str], needed: list[str]) -> dict[str, list[str]]:
    """An optional body needs its required members once it has any."""
    if len(names) * len(needed) > _MAX_DEPENDENCIES:
        return {}
    others = {name: [each for each in needed if each != name] for name in names.values()}
    return {name: each for name, each in others.items() if each}


def _is_flat(schema: Schema, max_members: int) -> bool:
    if not isinstance(schema, dict) or not set(schema) <= _FLAT:
        return False
    properties, required = schema.get("properties", {}), schema.get("required", ())
    few = 0 < len(properties) <= max_members and len(required) <= max_members
    return few and schema.get("type", "object") == "object"
