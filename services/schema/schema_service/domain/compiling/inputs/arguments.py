"""The flat arguments of an operation: one JSON Schema, and where each argument's value goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.operation import Body, Parameter
from schema_service.domain import pointers
from schema_service.domain.compiling.inputs.bodies import Payload
from schema_service.domain.compiling.inputs.parameters import Sent, called, exemplified
from schema_service.domain.compiling.json_schema.conversion import Compiled, Schema
from schema_service.domain.compiling.json_schema.examples import members_of
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
    renamed: dict[str, str] = field(default_factory=dict)
    """Names outside ASCII, and what became of them."""
    required: list[str] = field(default_factory=list)
    dependent: dict[str, list[str]] = field(default_factory=dict)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    """What some values of the arguments need besides: `{"if": …, "then": …}`."""
    constants: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, None] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    body: Body | None = None
    extra: Schema = False
    broken: bool = False
    warned: bool = False
    cut: list[str] = field(default_factory=list)

    def name(self, wanted: str, location: str) -> str:
        """For a parameter, or a member of the body, that the document calls `wanted`."""
        name = argument_name(wanted, location, self.names)
        if not wanted.isascii():
            self.renamed[wanted] = name
        return name

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
    name = to.name(parameter.name, parameter.location)
    to.take(name, called(parameter.schema, parameter.name, name), required=parameter.required)
    to.parameters.append(parameter.as_argument(name))


def add_body(
    to: Arguments,
    payload: Payload,
    max_members: int = MAX_MEMBERS,
    examples: Sequence[Any] = (),
) -> None:
    """Members of an object become arguments of their own; anything else is one argument.

    `examples` are those of the media type.
    """
    merged = to.schemas.merged(payload.schema, payload.path) if payload.has_members else None
    if merged is not None and _is_flat(merged.whole.schema, max_members):
        _taken_apart(to, payload, merged.whole.schema, merged.whole, examples)
        to.conditions += _renamed(merged.needed, to)
        return
    compiled = to.schemas.compile(payload.schema, payload.path)
    members = to.schemas.resolved(compiled)
    if payload.has_members and _is_flat(members.schema, max_members):
        _taken_apart(to, payload, members.schema, members, examples)
    else:
        _whole(to, payload, exemplified(compiled, examples))


def _whole(to: Arguments, payload: Payload, compiled: Compiled) -> None:
    name = argument_name("body", "content", to.names)
    to.take(name, compiled, required=payload.required is True)
    to.body = Body(
        media_type=payload.media_type,
        required=payload.required is True,
        argument=name,
        encoding=payload.encoding,
    )


def _taken_apart(
    to: Arguments, payload: Payload, schema: Any, whole: Compiled, examples: Sequence[Any]
) -> None:
    properties: dict[str, Schema] = schema["properties"]
    wanted = schema.get("required", [])
    examples = [*examples, *schema.get("examples", ())]
    names: dict[str, str] = {}
    for member in [*properties, *(name for name in wanted if name not in properties)]:
        names[member] = to.name(member, "body")
        part = to.schemas.part_of(whole, properties.get(member, True))
        part = called(exemplified(part, members_of(examples, member)), member, names[member])
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


def _renamed(conditions: list[dict[str, Any]], to: Arguments) -> Iterator[dict[str, Any]]:
    """Conditions on members as conditions on the arguments that they became."""
    members = to.body.members if to.body is not None else None
    names = {member: argument for argument, member in (members or {}).items()}
    for each in conditions:
        yield {keyword: _of_arguments(part, names) for keyword, part in each.items()}


def _of_arguments(part: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    renamed: dict[str, Any] = {}
    if "properties" in part:
        renamed["properties"] = {names[name]: each for name, each in part["properties"].items()}
    if "required" in part:
        renamed["required"] = [names[name] for name in part["required"]]
    return renamed


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
