"""Other formats that builders paste where an OpenAPI document belongs, each with the way in."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from schema_service.domain.reading.json_reader import Unreadable

HEAD_CHARACTERS = 20_000
"""How much of a text is looked at to recognise it."""
_HTTP = re.compile(r"https?://[^\s\"'<>]+")
_PAGE_URL = re.compile(r"url[\"']?\s*:\s*[\"']([^\"'\s]+)[\"']|spec-url=[\"']([^\"'\s]+)[\"']")
_CURL = re.compile(r"(?:[$>]\s+)?curl(?:\.exe)?\s+\S")
_SDL = re.compile(
    r"(?:^|\n)[^\S\n]*+(?:extend\s+)?(?:schema|type\s+\w+(?:\s+implements[^{\n]*)?|interface\s+\w+"
    r"|input\s+\w+|enum\s+\w+)\s*(?:@\w+[^{\n]*)?\{|(?:^|\n)[^\S\n]*+(?:query|mutation)\s*+\w*+\s*+[({]"
)
_PROTO = re.compile(r"(?:^|\n)[^\S\n]*+syntax\s*=\s*[\"']proto[23]")

_WRITE = "Write an OpenAPI document for it"


def foreign_text(text: str) -> Unreadable | None:
    """By how a text begins; None where it may be JSON or YAML."""
    head = text[:HEAD_CHARACTERS].lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        return _markup(head)
    for begins, what, hint in _BEGINNINGS:
        if begins(head):
            return Unreadable(f"this is {what}", 1, 1, hint)
    return None


def _markup(head: str) -> Unreadable:
    lower = head.lower()
    if "wsdl" in lower and "definitions" in lower:
        what = "a WSDL description of a SOAP service"
        return Unreadable(f"this is {what}", 1, 1, f"{_WRITE}: only HTTP APIs can be described.")
    if "<application" in lower and "wadl" in lower:
        return Unreadable("this is a WADL description", 1, 1, "Convert it to OpenAPI first.")
    if "edmx" in lower:
        hint = "Convert it with Microsoft's OpenAPI.NET.OData, and import what that writes."
        return Unreadable("this is OData metadata (EDMX)", 1, 1, hint)
    if "<html" not in lower and "<!doctype html" not in lower:
        hint = "Paste the API's OpenAPI document, which begins with openapi: or swagger:."
        return Unreadable("this is a web page or XML, not JSON or YAML", 1, 1, hint)
    found = _PAGE_URL.search(head)
    url = (found[1] or found[2]) if found else None
    if any(mark in lower for mark in ("swagger-ui", "redoc", "rapidoc", "scalar", "stoplight")):
        shown = f" here it is {url}." if url else " often openapi.json or v3/api-docs."
        hint = f"Import the document that the page loads, not the page:{shown}"
        return Unreadable("this is a web page that shows an API's documentation", 1, 1, hint)
    hint = "Import the URL of the document itself; a page that asks to sign in has none."
    return Unreadable("this is a web page or XML, not JSON or YAML: a page in HTML", 1, 1, hint)


_BEGINNINGS: tuple[tuple[Callable[[str], Any], str, str], ...] = (
    (
        _CURL.match,
        "a curl command",
        (
            "Describe the call in an OpenAPI document: its URL under servers and paths, its -d as "
            "requestBody; credentials belong into the action's authentication."
        ),
    ),
    (
        lambda head: head.startswith("#%RAML"),
        "a RAML document",
        "Convert it to OpenAPI, for example with `oas-raml-converter`, and import the result.",
    ),
    (
        lambda head: re.match(r"FORMAT:\s*1A", head),
        "an API Blueprint",
        "Convert it to OpenAPI, for example with `apib2swagger`, and import the result.",
    ),
    (
        lambda head: "proto" in head and _PROTO.search(head),
        "a Protocol Buffers file",
        "Generate an OpenAPI document from it, for example with `protoc-gen-openapi`.",
    ),
    (
        lambda head: (
            head.startswith(("type ", "schema", "extend ", '"""', "query", "mutation"))
            and _SDL.search(head)
        ),
        "a GraphQL schema or query",
        f"{_WRITE} with one POST operation whose body has `query` and `variables`.",
    ),
    (
        lambda head: re.match(
            r"(?:GET|POST|PUT|PATCH|DELETE|HEAD) +\S+(?: +HTTP/[\d.]+)?\s*\n", head
        ),
        "an HTTP request",
        "Describe the call in an OpenAPI document: its host under servers, its path under paths.",
    ),
    (
        lambda head: _HTTP.fullmatch(head.strip()),
        "an address",
        "Import the document from it as a URL; here belongs the document's text.",
    ),
)

_OF_OPENAPI = frozenset(
    (
        "openapi",
        "swagger",
        "info",
        "servers",
        "paths",
        "webhooks",
        "components",
        "host",
        "basepath",
        "schemes",
        "consumes",
        "produces",
        "securitydefinitions",
    )
)


def foreign_tree(document: Mapping[str, Any]) -> Unreadable | None:
    """By its members; None where it has any of an OpenAPI document and looks like nothing else."""
    for is_it, what, hint in _SHAPES:
        if is_it(document):
            shown = hint.format(url=_document_url(document))
            return Unreadable(f"this is {what}, not an OpenAPI document", hint=shown)
    if any(str(name).lower() in _OF_OPENAPI for name in document):
        return None
    names = ", ".join(map(str, list(document)[:5]))
    reason = f"it has no member of an OpenAPI document, only {names}" if names else "it is empty"
    hint = "An OpenAPI document has openapi, info, servers and paths at its top level."
    return Unreadable(reason, hint=hint)


def foreign_list(items: list[Any]) -> Unreadable:
    """A whole document that is a list."""
    first = items[0] if items and isinstance(items[0], dict) else {}
    if any(name in first for name in ("openapi", "swagger")):
        hint = "Paste one of the documents in it without the brackets around it."
        return Unreadable(
            "it is a list of OpenAPI documents where one object is wanted", 1, 1, hint
        )
    if first.get("type") == "function" or "inputSchema" in first or "input_schema" in first:
        return Unreadable(
            "it is a list where an object is wanted: definitions of tools for a model",
            1,
            1,
            "Import the OpenAPI document of the API behind them; tools are made from it.",
        )
    hint = "An OpenAPI document is an object with openapi, info, servers and paths."
    return Unreadable("it is a list where an object is wanted", 1, 1, hint)


def _document_url(document: Mapping[str, Any]) -> str:
    for runtime in _items(document, "runtimes"):
        url = _member(runtime, "spec", "url") if isinstance(runtime, dict) else None
        if isinstance(url, str) and url:
            return url
    api = document.get("api")
    url = api.get("url") if isinstance(api, dict) else None
    return url if isinstance(url, str) and url else "the address at api.url"


def _member(document: Mapping[str, Any], *path: str) -> Any:
    here: Any = document
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def _items(document: Mapping[str, Any], *path: str) -> list[Any]:
    found = _member(document, *path)
    return found if isinstance(found, list) else []


def _is_plugin(document: Mapping[str, Any]) -> bool:
    named = "name_for_model" in document or "name_for_human" in document
    return named or (_member(document, "api", "type") == "openapi" and "paths" not in document)


def _is_copilot(document: Mapping[str, Any]) -> bool:
    """A plugin manifest of Microsoft 365 Copilot (version 2 and later)."""
    if "paths" in document:
        return False
    said = "json-schemas/copilot/plugin" in str(document.get("$schema"))
    runtimes = [each for each in _items(document, "runtimes") if isinstance(each, dict)]
    return said or any("spec" in each for each in runtimes)


def _is_postman(document: Mapping[str, Any]) -> bool:
    info = _member(document, "info") or _member(document, "collection", "info")
    if not isinstance(info, dict) or "paths" in document:
        return False
    return "_postman_id" in info or "getpostman.com" in str(info.get("schema"))


def _is_insomnia(document: Mapping[str, Any]) -> bool:
    exported = document.get("_type") == "export" and "resources" in document
    return exported or str(document.get("type", "")).endswith("insomnia.rest/5.0")


def _is_tools(document: Mapping[str, Any]) -> bool:
    tools = _items(document, "result", "tools") or _items(document, "tools")
    return bool(tools) and isinstance(tools[0], dict) and "paths" not in document


def _is_json_schema(document: Mapping[str, Any]) -> bool:
    if "paths" in document or "openapi" in document or "swagger" in document:
        return False
    said = "json-schema.org" in str(document.get("$schema"))
    keywords = {"properties", "$defs", "definitions", "oneOf", "anyOf", "allOf", "items"}
    return said or ("info" not in document and bool(keywords & {*document}))


def _is_kubernetes(document: Mapping[str, Any]) -> bool:
    return "apiVersion" in document and "kind" in document and "paths" not in document


def _is_gpt(document: Mapping[str, Any]) -> bool:
    """Alone, or below `gizmo`, with its tools beside it or in it."""
    gizmo = document.get("gizmo")
    held = gizmo if isinstance(gizmo, dict) else document
    is_marked = isinstance(gizmo, dict) or any(
        str(held.get(name, "")).startswith(start)
        for name, start in (("id", "g-"), ("short_url", "g-"))
    )
    return is_marked and "paths" not in document and ("tools" in document or "display" in held)


_SHAPES: tuple[tuple[Callable[[Mapping[str, Any]], Any], str, str], ...] = (
    (
        _is_copilot,
        "a plugin manifest of Microsoft Copilot",
        (
            "Import the document that it names at runtimes[].spec.url: {url}. Authentication is "
            "entered with the action."
        ),
    ),
    (
        _is_plugin,
        "a ChatGPT plugin manifest (ai-plugin.json)",
        (
            "Import the document that it names at api.url: {url}. Name, description and "
            "authentication are entered with the action."
        ),
    ),
    (
        lambda document: "raw_spec" in document or _member(document, "metadata", "raw_spec"),
        "an action exported from a GPT",
        (
            "Its document is the text at raw_spec: paste that text alone. Authentication is "
            "entered with the action."
        ),
    ),
    (
        _is_gpt,
        "the export of a whole GPT",
        (
            "The document of each of its actions is the text at raw_spec, below metadata of one of "
            "its tools: paste that text alone. Instructions and authentication are entered here."
        ),
    ),
    (
        _is_postman,
        "a Postman collection",
        "Convert it to OpenAPI, for example with `postman-to-openapi`, and import the result.",
    ),
    (
        _is_insomnia,
        "an Insomnia export",
        "Export the design document from Insomnia as OpenAPI, or convert it, and import that.",
    ),
    (
        lambda document: isinstance(_member(document, "log", "entries"), list),
        "a HAR recording of a browser",
        (
            "Convert it to OpenAPI, for example with `har-to-openapi`, and look through the "
            "result: recordings hold cookies and tokens."
        ),
    ),
    (
        lambda document: _member(document, "data", "__schema") or "__schema" in document,
        "a GraphQL introspection result",
        f"{_WRITE} with one POST operation whose body has `query` and `variables`.",
    ),
    (
        lambda document: "asyncapi" in document,
        "an AsyncAPI document, which describes messages",
        f"{_WRITE} if the API can be called over HTTP.",
    ),
    (
        lambda document: str(document.get("kind", "")).startswith("discovery#"),
        "a Google API discovery document",
        "Convert it to OpenAPI, for example with `google-discovery-to-swagger`, and import that.",
    ),
    (
        _is_tools,
        "a list of tools for models (as MCP's tools/list answers)",
        "Import the OpenAPI document of the API behind them; tools are made from it.",
    ),
    (
        lambda document: "arazzo" in document,
        "an Arazzo document, which describes workflows",
        "Import the OpenAPI documents at its sourceDescriptions.",
    ),
    (
        lambda document: "overlay" in document and "actions" in document,
        "an OpenAPI overlay, which changes another document",
        "Apply it to that document, and import the result.",
    ),
    (
        lambda document: "openrpc" in document,
        "an OpenRPC document, which describes JSON-RPC",
        f"{_WRITE} with one POST operation whose body has `method` and `params`.",
    ),
    (
        lambda document: "swaggerVersion" in document,
        "a document of Swagger 1, which had several files",
        "Convert it to Swagger 2.0 or OpenAPI 3, and import the result.",
    ),
    (
        _is_kubernetes,
        "a Kubernetes manifest",
        "Paste the API's OpenAPI document, which begins with openapi: or swagger:.",
    ),
    (
        _is_json_schema,
        "a JSON Schema alone, which says nothing of calls",
        "Put it into an OpenAPI document below components.schemas, and describe paths beside it.",
    ),
)
