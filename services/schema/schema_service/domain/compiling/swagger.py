"""Swagger 2.0 where it differs from OpenAPI 3: servers, bodies, media types.

Documents are not rewritten: pointers keep meaning the text that the builder sees.
"""

from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from contracts.operation import PropertyEncoding
from contracts.wire import is_media_type
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.inputs.bodies import MAX_MEDIA_TYPES, Payload
from schema_service.domain.compiling.inputs.media_types import FORM, JSON, MULTIPART, preferred
from schema_service.domain.compiling.inputs.parameters import Declared
from schema_service.domain.compiling.inputs.styles import form_style, inner_delimiters
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server import wanted
from schema_service.domain.compiling.server.choice import Choice, Written
from schema_service.domain.compiling.server.resolving import can_stand_behind
from schema_service.domain.finding import Edit, Finding, Severity

_SCHEMES = ("https", "http")
_SAID_ALREADY = (server_rules.SERVER_FROM_IMPORT.code, server_rules.SERVER_GIVEN.code)
_PARTS = "host (the name of the host), basePath (the path) and schemes: [https]"
_HINTS = {
    server_rules.SERVER_MISSING.code: f"Say where the API is: write {_PARTS}.",
    server_rules.SERVER_FROM_IMPORT.code: f"Where the API is somewhere else, write {_PARTS}.",
    server_rules.SERVER_GIVEN.code: f"To make it part of the document, write {_PARTS}.",
}
_IN_BODY = ("body", "formData")


def servers_of(document: dict[str, Any], source_url: str | None) -> list[dict[str, str]]:
    """`schemes`, `host` and `basePath`, defaulting to where the document came from."""
    source = urlsplit(source_url or "")
    host = document.get("host") or source.netloc
    path = base_path_of(document)
    if not isinstance(host, str) or not host:
        return [{"url": path}] if path else []
    declared = document.get("schemes")
    schemes = [s for s in declared if isinstance(s, str)] if isinstance(declared, list) else []
    best = sorted(schemes or [source.scheme or "https"], key=lambda scheme: scheme != "https")
    slash = "" if not path or path.startswith("/") else "/"
    return [{"url": f"{scheme}://{host}{slash}{path}"} for scheme in best]


def base_path_of(document: dict[str, Any]) -> str:
    base = document.get("basePath")
    return base.strip() if isinstance(base, str) and base.strip() != "/" else ""


def relative_path_of(document: dict[str, Any]) -> str:
    """The base path with its query, where it can stand behind a base URL; else empty."""
    base_path = base_path_of(document).partition("#")[0]
    return base_path if can_stand_behind(base_path) else ""


def host_with_more(document: dict[str, Any]) -> Finding | None:
    """Where `host` is a whole URL, or has a path (Swagger 2.0, host: neither scheme nor path)."""
    host, base = document.get("host"), document.get("basePath")
    if not isinstance(host, str) or "/" not in host.strip():
        return None
    scheme, _, rest = host.strip().rpartition("://")
    name, _, path = rest.partition("/")
    path = f"/{path.strip('/')}" if path.strip("/") else ""
    before = base.strip("/") if isinstance(base, str) else ""
    finding = server_rules.HOST_WITH_MORE.at(
        ("host",), host=host, name=name, path=path or "/", scheme=scheme or "https"
    )
    if not name or (scheme and scheme not in _SCHEMES) or (path and before not in ("", path[1:])):
        return finding
    edits = [Edit("replace", "/host", name)]
    edits += [Edit("add", "/basePath", path)] if path and not before else []
    edits += [Edit("add", "/schemes", [scheme])] if scheme else []
    return finding.repaired_by("Write its parts at their places", *edits)


def said_in(document: dict[str, Any], choice: Choice) -> Choice:
    """A choice of `servers`, which 2.0 does not have, at the members that stand for them."""
    replacing = wanted.in_swagger(base_path_of(document))
    found = [_said_of_server(finding, replacing) for finding in choice.found]
    says_none = not document.get("host") and not document.get("servers")
    host_of_import = choice.url is not None and says_none
    if host_of_import and not any(each.code in _SAID_ALREADY for each in found):
        found.append(_in_its_words(server_rules.SERVER_FROM_IMPORT.at("/host", url=choice.url)))
    written = choice.written and _where_written(choice.written, replacing)
    return replace(choice, found=tuple(found), written=written, place="/host")


def _said_of_server(finding: Finding, replacing: tuple[Edit, ...]) -> Finding:
    if not finding.pointer.startswith("/servers"):
        return finding
    moved = _in_its_words(replace(finding, pointer="/host", repair=None))
    if finding.severity is not Severity.ERROR:
        return moved
    return moved.repaired_by("Write your API's base URL", *replacing)


def _in_its_words(finding: Finding) -> Finding:
    """Without `servers`, which 2.0 does not have."""
    return replace(finding, hint=_HINTS.get(finding.code, finding.hint))


def _where_written(server: Written, replacing: tuple[Edit, ...]) -> Written:
    if server.is_https:
        return replace(server, pointer="/host", replacing=replacing)
    edits = (Edit("add", "/schemes", ["https"]),)
    return replace(server, pointer="/schemes", edits=edits, replacing=replacing)


def split_off_body(parameters: list[Declared]) -> tuple[list[Declared], list[Declared]]:
    """Those that are sent as parameters, and those that make up the body."""
    body = [each for each in parameters if each.location in _IN_BODY]
    return [each for each in parameters if each.location not in _IN_BODY], body


def payload_of(parts: list[Declared], consumes: list[str], path: Path) -> Payload | None:
    """The body parameter's schema, or an object with one member for each form field.

    `path` is the operation's: no two operations have the same form, whatever fields they share.
    """
    if not parts:
        return None
    whole = next((part for part in parts if part.location == "body"), None)
    if whole is None:
        return _form(parts, consumes, path)
    usable = [*islice(filter(is_media_type, consumes), MAX_MEDIA_TYPES)]
    offered = usable or consumes[:1] or [JSON]
    media_type = preferred(offered) or JSON
    description = whole.node.get("description")
    payload = Payload(
        media_type,
        whole.node.get("required") is True,
        whole.node.get("schema", True),
        (*whole.path, "schema"),
        description=description if isinstance(description, str) else "",
    )
    others = [replace(payload, media_type=name) for name in offered if name != media_type]
    return replace(payload, others=tuple(others))


def _form(fields: list[Declared], consumes: list[str], path: Path) -> Payload:
    files = any(field.node.get("type") == "file" for field in fields)
    offered = [name for name in (FORM, MULTIPART) if name in consumes]
    media_type = MULTIPART if files else next(iter(offered), FORM)
    required = [field.name for field in fields if field.node.get("required") is True]
    schema = {
        "type": "object",
        "properties": {field.name: _member(field.node) for field in fields},
        "required": required,
    }
    encoding = {field.name: e for field in fields if (e := _encoding(field.node))}
    inner = {field.name: inner_delimiters(field.node) for field in fields}
    return Payload(
        media_type,
        bool(required),
        schema,
        (*path, "parameters"),
        encoding,
        {name: each for name, each in inner.items() if each},
        sent_by_default=frozenset(required),
    )


def _member(node: dict[str, Any]) -> dict[str, Any]:
    dropped = ("name", "in", "required", "collectionFormat", "allowEmptyValue")
    member = {key: value for key, value in node.items() if key not in dropped}
    return (
        {**member, "type": "string", "format": "binary"} if member.get("type") == "file" else member
    )


def _encoding(node: dict[str, Any]) -> PropertyEncoding | None:
    if node.get("type") != "array":
        return None
    style, explode = form_style(node.get("collectionFormat"))
    return PropertyEncoding(style=style, explode=explode)
