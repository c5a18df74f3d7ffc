"""Every operation of a document, compiled on its own: one that is bad never loses the others."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from contracts.operation import Operation
from schema_service.domain import pointers
from schema_service.domain.compiling import rules, swagger
from schema_service.domain.compiling.arguments import Arguments, add_body, add_parameter
from schema_service.domain.compiling.bodies import Payload, payload_of
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.names import MAX_NAME, function_name, generated_operation_id
from schema_service.domain.compiling.parameters import (
    Declared,
    declared,
    fixed_query,
    sent,
    undeclared,
)
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Broken
from schema_service.domain.compiling.security import anonymous, scheme_names
from schema_service.domain.compiling.servers import choose_server, missing
from schema_service.domain.finding import Edit, Finding

_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_LOCATIONS = ("path", "query", "header", "cookie")


@dataclass(slots=True)
class Draft:
    """An operation while it is compiled.

    `blocked` once something makes a call impossible, `warned` once a schema of it is doubtful.
    """

    place: Place
    operation_id: str
    name: str
    consequential: bool
    blocked: bool = False
    warned: bool = False
    found: list[Finding] = field(default_factory=list)
    parameters: list[Declared] = field(default_factory=list)
    operation: Operation | None = None

    def note(self, finding: Finding, *, blocks: bool = False) -> None:
        self.found.append(finding)
        self.blocked = self.blocked or blocks


def compile_operation(place: Place, context: Context) -> Draft:
    draft = _named(place, context)
    server = _server(draft, context)
    if place.path_as_written != place.path:
        _about_path(draft)
    arguments = _arguments(draft, context)
    definitions = context.schemas.definitions(arguments.uses, context.max_bytes)
    if arguments.broken or definitions.broken:
        draft.blocked = True
    draft.warned = arguments.warned or definitions.warned
    for name in definitions.cut[:1]:
        size = f"{context.max_bytes // 1024} kB"
        draft.note(rules.ARGUMENTS_CUT.at(place.pointer, size=size, name=name))
    if not draft.blocked and server is not None:
        schema = arguments.schema(definitions.schemas)
        draft.operation = _finished(draft, context, server, arguments, schema)
    return draft


def _named(place: Place, context: Context) -> Draft:
    declared_id = place.node.get("operationId")
    found: list[Finding] = []
    if isinstance(declared_id, str) and declared_id.strip():
        operation_id = declared_id.strip()
        if operation_id in context.operation_ids:
            operation_id = context.free_operation_id(operation_id)
            finding = rules.OPERATION_ID_REPEATED.at(
                (*place.pointer, "operationId"), found=declared_id, name=operation_id
            )
            found.append(_renamed(finding, place, operation_id))
    else:
        operation_id = generated_operation_id(
            place.method, place.path_as_written, context.declared_ids
        )
        finding = rules.OPERATION_ID_MISSING.at(
            place.pointer, path=place.path, method=place.key, name=operation_id
        )
        found.append(_renamed(finding, place, operation_id))
    name = function_name(operation_id, context.names)
    if len(operation_id) > MAX_NAME:
        found.append(rules.OPERATION_ID_LONG.at(place.pointer, found=operation_id, name=name))
    context.operation_ids.add(operation_id)
    context.names.add(name)
    return Draft(place, operation_id, name, _consequential(place, found), found=found)


def _renamed(finding: Finding, place: Place, operation_id: str) -> Finding:
    pointer = pointers.join((*place.pointer, "operationId"))
    known = "operationId" in place.node
    edit = Edit("replace" if known else "add", pointer, operation_id)
    return finding.repaired_by(f"Name it {operation_id}", edit)


def _consequential(place: Place, found: list[Finding]) -> bool:
    """Absent: only a GET is not (facts of the original, section 4.5)."""
    flag = place.node.get("x-openai-isConsequential")
    default = place.method != "GET"
    if isinstance(flag, bool) or flag is None:
        return default if flag is None else flag
    value = {"true": True, "false": False}.get(str(flag).strip().lower(), default)
    at = (*place.pointer, "x-openai-isConsequential")
    shown = "true" if value else "false"
    found.append(rules.CONSEQUENTIAL_NOT_BOOLEAN.at(at, value=shown))
    return value


def _about_path(draft: Draft) -> None:
    place, written = draft.place, draft.place.path_as_written
    if not written.startswith("/"):
        draft.note(rules.PATH_WITHOUT_SLASH.at(place.item_pointer, path=written))
    if "?" in written or "#" in written:
        draft.note(rules.PATH_NOT_PLAIN.at(place.item_pointer, path=written))
    if any("{" in value for _, value in place.query):
        draft.note(rules.PATH_QUERY_OPEN.at(place.item_pointer, path=written), blocks=True)


def _server(draft: Draft, context: Context) -> str | None:
    for servers, path in draft.place.servers:
        if isinstance(servers, list) and servers:
            choice = choose_server(servers, path, context.server_rules)
            for finding in choice.found:
                draft.note(swagger.said_of_server(finding) if context.is_swagger else finding)
            draft.blocked = draft.blocked or choice.url is None
            return choice.url
    finding = missing(("servers",), context.server_rules)
    draft.note(swagger.said_of_server(finding) if context.is_swagger else finding, blocks=True)
    return None


def _arguments(draft: Draft, context: Context) -> Arguments:
    place, arguments = draft.place, Arguments()
    where = {"path": place.path, "method": place.key}
    declarations = declared(place.parameters, context.references, where)
    for finding in declarations.found:
        draft.note(finding)
    draft.blocked = draft.blocked or declarations.broken
    draft.parameters = declarations.parameters
    plain, payload = _split(draft, declarations.parameters, context)
    for parameter in plain:
        _add(draft, parameter, arguments, context)
    _undeclared(draft, arguments, context)
    _written_query(place, arguments, context)
    if payload:
        if place.method in ("GET", "HEAD"):
            draft.note(rules.BODY_ON_GET.at(place.pointer, method=place.method))
        add_body(arguments, payload, context.schemas)
    return arguments


def _split(
    draft: Draft, parameters: list[Declared], context: Context
) -> tuple[list[Declared], Payload | None]:
    place = draft.place
    if context.is_swagger:
        plain, parts = swagger.split_off_body(parameters)
        return plain, swagger.payload_of(parts, context.media_types(place.node, "consumes"))
    path = (*place.pointer, "requestBody")
    payloads = payload_of(place.node.get("requestBody"), path, context.references)
    for finding in payloads.found:
        draft.note(finding)
    draft.blocked = draft.blocked or payloads.broken
    return parameters, payloads.payload


def _add(draft: Draft, parameter: Declared, to: Arguments, context: Context) -> None:
    if parameter.location not in _LOCATIONS:
        finding = rules.PARAMETER_UNSUPPORTED.at(
            parameter.path, name=parameter.name, location=parameter.location
        )
        draft.note(finding, blocks=parameter.node.get("required") is True)
        return
    if (parameter.location, parameter.name.lower()) in context.credentials:
        finding = rules.PARAMETER_IS_CREDENTIAL.at(parameter.path, name=parameter.name)
        draft.note(finding)
        return
    how, found = sent(parameter, draft.place.path)
    for finding in found:
        draft.note(finding)
    if how:
        add_parameter(to, how, context.schemas)


def _undeclared(draft: Draft, to: Arguments, context: Context) -> None:
    known = {each.name for each in to.parameters if each.location == "path"}
    place = draft.place
    for name in dict.fromkeys(_TEMPLATE.findall(place.path)):
        if name not in known:
            finding = rules.PATH_PARAMETER_UNDECLARED.at(
                place.pointer, path=place.path, method=place.key, name=name
            )
            draft.note(finding)
            add_parameter(to, undeclared(name), context.schemas)


def _written_query(place: Place, to: Arguments, context: Context) -> None:
    """What stands behind the path's question mark goes along with every call."""
    known = {each.name for each in to.parameters if each.location == "query"}
    for name, value in place.query:
        if name not in known:
            add_parameter(to, fixed_query(name, value), context.schemas)


def _finished(
    draft: Draft, context: Context, server: str, arguments: Arguments, schema: dict[str, Any]
) -> Operation:
    place = draft.place
    names, found = scheme_names(place.node, context.document, place.pointer, context.schemes)
    draft.found += found
    operation = Operation(
        operation_id=draft.operation_id,
        name=draft.name,
        method=place.method,
        path=place.path,
        server=server,
        summary=_text(place.node.get("summary")),
        description=_text(place.node.get("description")),
        consequential=draft.consequential,
        parameters=tuple(arguments.parameters),
        body=arguments.body,
        arguments=schema,
        constants=arguments.constants,
        security=names,
        anonymous=anonymous(place.node),
        response_media_types=tuple(_response_media_types(place, context)),
        digest="",
    )
    return operation.model_copy(update={"digest": digest_of(operation)})


def digest_of(operation: Operation) -> str:
    """Of everything but the digest itself, keys sorted."""
    form = operation.model_dump(mode="json", exclude={"digest"})
    return hashlib.sha256(orjson.dumps(form, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _response_media_types(place: Place, context: Context) -> Iterator[str]:
    """Of the successful answers; what else a server sends is accepted too."""
    if context.is_swagger:
        yield from context.media_types(place.node, "produces")
        return
    seen: set[str] = set()
    responses = place.node.get("responses")
    for status, response in responses.items() if isinstance(responses, dict) else ():
        if not (str(status).startswith("2") or status == "default"):
            continue
        target = context.references.follow(response, ())
        value = None if isinstance(target, Broken) else target.value
        content = value.get("content") if isinstance(value, dict) else None
        for name in content if isinstance(content, dict) else ():
            if name not in seen:
                seen.add(name)
                yield str(name)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
