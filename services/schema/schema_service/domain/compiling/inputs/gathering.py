"""All that a call of one operation takes: its parameters and its body, as flat arguments."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.wire import is_media_type
from schema_service.domain import pointers
from schema_service.domain.compiling import body_rules, rules, swagger
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.inputs import defaults
from schema_service.domain.compiling.inputs.arguments import Arguments, add_parameter
from schema_service.domain.compiling.inputs.bodies import Payload, Payloads, payload_of
from schema_service.domain.compiling.inputs.body_arguments import MAX_MEMBERS, add_body
from schema_service.domain.compiling.inputs.misplaced_schemas import is_of_body
from schema_service.domain.compiling.inputs.parameters import (
    Declared,
    Prepared,
    declared,
    described,
    fixed_query,
    open_query,
    prepared,
    undeclared,
)
from schema_service.domain.compiling.inputs.xml_bodies import writable
from schema_service.domain.compiling.json_schema.examples import Example
from schema_service.domain.compiling.kept import ArgumentNames
from schema_service.domain.compiling.path_templates import without_type
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Broken, Path
from schema_service.domain.finding import Edit, Finding, Severity
from schema_service.domain.misspelt import misspelt

MAX_MEDIA_TYPE = 80
"""Characters that a finding shows of what is none."""
MAX_DESCRIBED = 50
"""Path parameters that one repair describes; those that are left have the next."""
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


@dataclass(slots=True)
class Gathered:
    arguments: Arguments
    declared: list[Declared]
    found: list[Finding]
    in_query: dict[str, str]
    """`Place.query_templates`."""
    free: list[str]
    """Templates of the path that no parameter describes so far."""
    about_body: str = ""
    """What the document says of a body whose members became arguments."""
    broken: bool = False
    """Something that a call cannot do without leads nowhere."""


def gather(place: Place, context: Context, kept: ArgumentNames | None = None) -> Gathered:
    """`kept` are the names of arguments that callers know already."""
    where = {"path": place.path_as_written, "method": place.key}
    declarations = declared(place.parameters, context.references, where)
    arguments = Arguments(context.schemas, context.max_bytes, kept or {})
    gathered = Gathered(
        arguments,
        declarations.parameters,
        declarations.found,
        in_query=place.query_templates,
        free=_undescribed(declarations.parameters, place),
        broken=declarations.broken,
    )
    plain, payloads = _split(place, declarations.parameters, context)
    for parameter in plain:
        _add(gathered, parameter, place, context)
    _undeclared(gathered, place)
    _written_query(gathered, place)
    _add_body(gathered, payloads, place, context)
    if not defaults.are_sent(place.node, context.document):
        arguments.defaults.clear()
    return gathered


def _split(
    place: Place, parameters: list[Declared], context: Context
) -> tuple[list[Declared], Payloads]:
    if context.is_swagger:
        plain, parts = swagger.split_off_body(parameters)
        media_types = context.media_types(place.node, "consumes")
        payload = swagger.payload_of(parts, media_types, place.pointer)
        return plain, Payloads(payload, tuple(_second_bodies(parts)))
    path = (*place.pointer, "requestBody")
    payloads = _payloads(place.node.get("requestBody"), path, context)
    plain, parts = swagger.split_off_body(parameters)
    if not parts or place.node.get("requestBody") is not None:
        return parameters, payloads
    return plain, _made_of_parameters(parts, place)


def _payloads(node: Any, path: Path, context: Context) -> Payloads:
    """Those in components and of path items are shared by many operations."""
    target = context.references.follow(node, path)
    if node is None or isinstance(target, Broken):
        return payload_of(node, path, context.references, context.dialect)
    where = target.path if is_of_body(target.path) else path
    known = context.payloads.get(where)
    if known is None:
        known = payload_of(node, path, context.references, context.dialect)
        context.payloads[where] = known
    return known


def _made_of_parameters(parts: list[Declared], place: Place) -> Payloads:
    """An old habit: OpenAPI 3 has `requestBody` for what Swagger 2.0 had parameters for."""
    second = [*_second_bodies(parts)]
    left_out = {finding.pointer for finding in second}
    found = [
        rules.PARAMETER_MAKES_BODY.at(part.path, name=part.name, location=part.location)
        for part in parts
        if pointers.join(part.path) not in left_out
    ]
    return Payloads(swagger.payload_of(parts, [], place.pointer), (*found, *second))


def _second_bodies(parts: list[Declared]) -> Iterator[Finding]:
    """A request has one body (OAS 2.0, parameter object): the first one is sent."""
    first = next((part for part in parts if part.location == "body"), None)
    for part in parts:
        if first is not None and part is not first:
            yield body_rules.BODY_SECOND.at(
                part.path, name=part.name, location=part.location, first=first.name
            )


def _undescribed(parameters: list[Declared], place: Place) -> list[str]:
    described = {each.name for each in parameters if each.location == "path"}
    templates = dict.fromkeys(_TEMPLATE.findall(place.path))
    return [name for name in templates if name not in described]


def _add(to: Gathered, parameter: Declared, place: Place, context: Context) -> None:
    if (parameter.location, parameter.name.lower()) in context.credentials:
        finding = rules.PARAMETER_IS_CREDENTIAL.at(parameter.path, name=parameter.name)
        to.found.append(finding)
        return
    if parameter.location == "path" and f"{{{parameter.name}}}" not in place.path:
        in_query = to.in_query.get(parameter.name)
        if in_query is not None:
            moved = replace(parameter, name=in_query, location="query", shared=False)
            _add(to, moved, place, context)
            return
        _not_in_path(to, parameter, place, context)
        return
    ready = _prepared(parameter, context)
    to.found += ready.found
    to.broken = to.broken or ready.broken
    if ready.sent:
        schema = described(ready.sent.schema, parameter.said)
        add_parameter(to.arguments, replace(ready.sent, schema=schema))


def _not_in_path(to: Gathered, parameter: Declared, place: Place, context: Context) -> None:
    """Left out, unless a template that nothing describes has its name in other letters."""
    where, name = parameter.path, parameter.name
    meant = None
    if len(to.free) <= context.names_left:
        context.names_left -= len(to.free)
        meant = misspelt(name, to.free)
    if meant is None:
        to.found.append(rules.PATH_PARAMETER_UNUSED.at(where, name=name, path=place.path))
        return
    finding = rules.PATH_PARAMETER_MISSPELT.at(where, name=name, path=place.path, meant=meant)
    if not (parameter.shared or place.shared):
        edit = Edit("replace", pointers.join((*where, "name")), meant)
        finding = finding.repaired_by(f"Write {meant} in place of {name}", edit)
    to.found.append(finding)
    to.free.remove(meant)
    _add(to, replace(parameter, name=meant, shared=False), place, context)


def _prepared(parameter: Declared, context: Context) -> Prepared:
    """Once each: those of components and of path items are shared by many operations."""
    key = (parameter.path, parameter.location, parameter.name)
    known = context.prepared.get(key)
    if known is None:
        known = context.prepared[key] = prepared(parameter, context)
    return known


def _undeclared(to: Gathered, place: Place) -> None:
    if "{" not in place.path:
        return
    known = {each.name for each in to.arguments.parameters if each.location == "path"}
    names = [name for name in dict.fromkeys(_TEMPLATE.findall(place.path)) if name not in known]
    where, typed = pointers.join(place.pointer), without_type(place.path)
    for name in names:
        finding = rules.PATH_PARAMETER_UNDECLARED.at(
            where, path=place.path_as_written, method=place.key, name=name
        )
        # one repair for all: the second of two would overwrite the first's
        meant = typed is None or typed[0][1:-1] in known
        if name == names[0] and meant and not place.shared:
            repair = _description_of(names[:MAX_DESCRIBED], place, where)
            finding = finding.repaired_by("Describe its path parameters", *repair)
        to.found.append(finding)
        add_parameter(to.arguments, undeclared(name))


def _description_of(names: list[str], place: Place, operation: str) -> list[Edit]:
    added = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    where = f"{operation}/parameters"
    if isinstance(place.node.get("parameters"), list) and place.node["parameters"]:
        return [Edit("add", f"{where}/-", parameter) for parameter in added]
    return [Edit("add", where, added)]


def _written_query(to: Gathered, place: Place) -> None:
    """What stands behind the path's question mark goes along with every call."""
    known = {each.name for each in to.arguments.parameters if each.location == "query"}
    for name, value in place.query:
        if name not in known:
            inside = value[1:-1]
            templated = inside in to.in_query and value == f"{{{inside}}}"
            sent = open_query(name) if templated else fixed_query(name, value)
            add_parameter(to.arguments, sent)
    if place.query:
        _in_its_place(to.arguments, [name for name, _ in place.query])


def _in_its_place(to: Arguments, written: list[str]) -> None:
    """What the path's query has stands before all other query parameters, as it is written."""
    order = {("query", name): position for position, name in enumerate(dict.fromkeys(written))}
    to.parameters.sort(key=lambda each: order.get((each.location, each.name), len(order)))


def _add_body(to: Gathered, payloads: Payloads, place: Place, context: Context) -> None:
    to.found += payloads.found
    to.broken = to.broken or payloads.broken
    if payloads.payload and not is_media_type(payloads.payload.media_type):
        where = (*place.pointer, "consumes")
        shown = payloads.payload.media_type[:MAX_MEDIA_TYPE]
        to.found.append(body_rules.BODY_MEDIA_UNKNOWN.at(where, media_type=shown))
        to.broken = True
    elif payloads.payload:
        if place.method in ("GET", "HEAD"):
            to.found.append(body_rules.BODY_ON_GET.at(place.pointer, method=place.method))
        ready = writable(payloads.payload, context.references, context.xml_names)
        to.found += ready.found
        to.broken = to.broken or ready.broken
        payload, room = ready.payload, min(MAX_MEMBERS, context.members_left)
        where = payload.path[:-1]
        examples = _examples(where, context)
        found = _body_added(to.arguments, payload, context, room, examples)
        to.found += found
        to.broken = to.broken or any(each.severity is Severity.ERROR for each in found)
        context.members_left -= len(to.arguments.properties)
        if not to.arguments.body_is_whole:
            to.about_body = payload.description


def _examples(where: Path, context: Context) -> list[Example]:
    """Of the media type at that place: once each."""
    media = pointers.look_up(context.document, where)
    if context.is_swagger or not isinstance(media, dict):
        return []
    schemas, place = context.schemas, ("examples", *where)
    return schemas.beside(media, lambda: schemas.examples_of(media, where), place)


def _body_added(
    to: Arguments, payload: Payload, context: Context, room: int, examples: Sequence[Example]
) -> list[Finding]:
    """Operations that take nothing but the same body have the same arguments; one argument has
    the body's description, too. `room` never grows: what was one argument stays one.
    """
    key = None if to.properties or to.kept else _same(payload, context, examples)
    whole = (key, payload.description)
    known = (context.bodies.get(key) or context.bodies.get(whole)) if key else None
    if known is not None and (known.body_is_whole or len(known.properties) <= room):
        to.take_over(known)
        return []
    found = add_body(to, payload, context.dialect, room, examples)
    if key and not found:
        context.bodies[whole if to.body_is_whole else key] = to
    return found


def _same(payload: Payload, context: Context, examples: Sequence[Example]) -> Hashable:
    """Equal for payloads of which the same arguments are made; None where nobody can say. The same
    place is the same media type object, with its encodings and examples.
    """
    if payload.inner_delimiters:
        return None
    place, schema = payload.path, payload.schema
    only_refers = isinstance(schema, dict) and {*schema} == {"$ref"} and payload.items is None
    if only_refers and not (payload.others or payload.encoding or examples):
        target = context.references.follow(schema, place)
        if isinstance(target, Broken):
            return None
        place = (schema["$ref"], *target.path)
    others = tuple((each.path, each.media_type) for each in payload.others)
    return place, payload.media_type, payload.required, others
