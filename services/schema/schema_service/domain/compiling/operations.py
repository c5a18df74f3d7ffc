"""Every operation of a document, compiled on its own: one that is bad never loses the others."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import orjson

from contracts.operation import Operation
from contracts.tool_forms.text import cut, joined
from contracts.wire import template_leads_elsewhere
from schema_service.domain.compiling import path_rules, rules, schema_rules, swagger
from schema_service.domain.compiling.answers import answered
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.inputs.arguments import Arguments
from schema_service.domain.compiling.inputs.gathering import Gathered, gather
from schema_service.domain.compiling.inputs.parameters import Declared
from schema_service.domain.compiling.json_schema.impossible import Impossible
from schema_service.domain.compiling.names import MAX_NAME
from schema_service.domain.compiling.naming import MAX_OPERATION_ID, consequential, named
from schema_service.domain.compiling.paths import about_path
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.security import anonymous, scheme_names
from schema_service.domain.compiling.server.choice import (
    Choice,
    Other,
    Written,
    from_import,
)
from schema_service.domain.compiling.server.deciding import decided, placed
from schema_service.domain.compiling.server.kept_query import with_known_query
from schema_service.domain.compiling.server.misplaced import misplaced_servers
from schema_service.domain.compiling.server.query import WrittenUrl
from schema_service.domain.compiling.server.url_findings import missing
from schema_service.domain.compiling.written_once import WrittenOnce
from schema_service.domain.finding import Finding

KIB = 1024
MAX_ABOUT_BODY = 200
"""Characters of a body's description behind that of its operation."""
MAX_RENAMED = 5
"""Arguments of one operation for which a finding names the new name."""


@dataclass(slots=True)
class Draft:
    """An operation and all there is to say about it.

    `operation` is None where it cannot be called, `warned` where a schema of it is doubtful.
    """

    place: Place
    operation_id: str
    name: str
    consequential: bool
    found: list[Finding]
    parameters: list[Declared] = field(default_factory=list)
    server: Written | None = None
    others: tuple[Other, ...] = ()
    """Servers that are called in its place, where the operator allows them."""
    servers_place: str = ""
    warned: bool = False
    operation: Operation | None = None
    unplaced: Operation | None = None
    """What could be called if its server could be: without one."""
    broken_at: Path | None = None
    """A component that blocks it."""


def compile_operation(place: Place, context: Context) -> Draft:
    kept = context.kept.take(place)
    names = named(place, context, kept)
    flag = consequential(place, names.found)
    draft = Draft(place, names.operation_id, names.name, flag, names.found)
    known = context.kept.arguments.get(names.name) if kept else None
    server = with_known_query(_server(place, context, kept.origin if kept else None), known)
    draft.server, draft.servers_place = server.written, server.place
    draft.others = tuple(each for each in server.others if not _leads_elsewhere(each.url, place))
    gathered = gather(replace(place, query=[*server.query, *place.query]), context, known)
    arguments = gathered.arguments
    schema = arguments.schema()
    draft.parameters = gathered.declared
    draft.warned, draft.broken_at = arguments.warned, arguments.broken_at
    paths = [*about_path(place, server.url)]
    too_long = [*_name_too_long(place)]
    draft.found += [*server.found, *(each.finding for each in paths), *too_long, *gathered.found]
    draft.found += [
        rules.ARGUMENT_RENAMED.at(place.pointer, found=found, name=name)
        for found, name in islice(arguments.renamed.items(), MAX_RENAMED)
    ]
    for name in arguments.cut[:1]:
        size = f"{context.max_bytes // KIB} kB"
        draft.found.append(rules.ARGUMENTS_CUT.at(place.pointer, size=size, name=name))
    impossible = [*_impossible(arguments, schema, place, context)]
    draft.found += impossible
    blocked = gathered.broken or arguments.broken or bool(too_long or impossible)
    blocked = blocked or any(each.blocks for each in paths)
    base = server.url or ""  # a path that is unsafe is so below any server
    if _leads_elsewhere(base, place):
        shown = f"{urlsplit(base).path}{place.path}"
        draft.found.append(path_rules.PATH_LEADS_ELSEWHERE.at(place.item_pointer, path=shown))
        blocked = True
    if not blocked:
        finished = _finished(draft, context, server, gathered, schema)
        draft.operation, draft.unplaced = (finished, None) if server.url else (None, finished)
    return draft


def _impossible(
    arguments: Arguments, schema: dict[str, Any], place: Place, context: Context
) -> Iterator[Finding]:
    """Arguments that no call can leave out and none can give."""
    checked = Impossible(schema.get("$defs", {}), context.decided, whole=not arguments.cut)
    for name in [*arguments.required, *arguments.constants]:
        reason = checked.reason(schema["properties"].get(name, True))
        if reason is not None:
            yield schema_rules.ARGUMENT_IMPOSSIBLE.at(place.pointer, name=name, reason=reason)


def _leads_elsewhere(server: str, place: Place) -> bool:
    path = place.path.partition("#")[0].partition("?")[0]
    return template_leads_elsewhere(urlsplit(server).path + path)


def _name_too_long(place: Place) -> Iterator[Finding]:
    declared = place.node.get("operationId")
    if isinstance(declared, str) and len(declared) > MAX_OPERATION_ID:
        where = (*place.pointer, "operationId")
        yield rules.OPERATION_ID_TOO_LONG.at(
            where, found=declared[:MAX_NAME], length=f"{len(declared):,}", limit=MAX_OPERATION_ID
        )


def _server(place: Place, context: Context, kept_origin: str | None) -> Choice:
    """Of the innermost level that names any; each level is looked at once."""
    servers, path = next(
        (each for each in place.servers if isinstance(each[0], list) and each[0]),
        (None, ("servers",)),
    )
    known = context.servers.get((path, kept_origin))
    if known is None:
        known = _chosen(servers, path, context, kept_origin)
        known = context.servers[path, kept_origin] = _said_in(context, known)
    return known


def _chosen(
    servers: list[Any] | None, path: Path, context: Context, kept_origin: str | None
) -> Choice:
    allowed = context.server_rules
    if context.is_swagger and (odd := swagger.host_with_more(context.document)):
        choice = Choice(None, (odd,), relative=swagger.relative_path_of(context.document))
        return placed(replace(choice, template=WrittenUrl.of(choice.relative).plain), path, allowed)
    if servers is not None:
        base_path = swagger.relative_path_of(context.document) if context.is_swagger else None
        return decided(servers, path, allowed, kept_origin, base_path)
    misplaced = None if context.is_swagger else misplaced_servers(context.document)
    if misplaced is not None:
        return placed(Choice(None, (misplaced,)), path, allowed)
    if allowed.source_url is not None:
        return placed(from_import(allowed, path), path, allowed)
    return placed(Choice(None, (missing(path),)), path, allowed)


def _said_in(context: Context, choice: Choice) -> Choice:
    return swagger.said_in(context.document, choice) if context.is_swagger else choice


def _finished(
    draft: Draft, context: Context, server: Choice, gathered: Gathered, schema: dict[str, Any]
) -> Operation:
    place, arguments = draft.place, gathered.arguments
    names, found = scheme_names(place, context)
    draft.found += found
    operation = Operation(
        operation_id=draft.operation_id,
        name=draft.name,
        method=place.method,
        path=place.path,
        server=server.url or "",
        server_template=server.template,
        server_variables=dict(server.variables) if server.template else {},
        listed_servers=server.listed,
        summary=_text(place.node.get("summary")),
        description=_described(place, gathered.about_body),
        consequential=draft.consequential,
        parameters=tuple(arguments.parameters),
        body=arguments.body,
        arguments=schema,
        constants=arguments.constants,
        defaults=arguments.defaults,
        security=names,
        anonymous=anonymous(place.node),
        digest="",
    )
    shared = {"response_media_types": answered(place, context)}
    operation = operation.model_copy(update=shared)
    return operation.model_copy(update={"digest": digest_of(operation, context.written)})


def digest_of(operation: Operation, written: WrittenOnce | None = None) -> str:
    """Of everything but the digest itself, keys sorted, as `written` is to have them."""
    text = (written or WrittenOnce(orjson.OPT_SORT_KEYS)).text_of(operation, without="digest")
    return hashlib.sha256(text).hexdigest()


def _described(place: Place, about_body: str) -> str:
    """With what is said of the body, where no argument is left that has it."""
    own = _text(place.node.get("description"))
    said = cut(about_body, MAX_ABOUT_BODY)
    if not said or said in own or said in _text(place.node.get("summary")):
        return own
    return joined(own.rstrip(), f"Request body: {said}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
