"""The arguments that a model would give for a request that is expected."""

import base64
import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from contracts.operation import Location, Operation, Parameter
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from tests.corpus.fitting import fitting
from tests.spector.scenarios import HOST, Scenario

Json = dict[str, Any]
SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


class NotDescribed(Exception):
    """No document describes the request, or not with a value that is known here."""


def operation_of(scenario: Scenario) -> Operation:
    versions = re.findall(r"(?<=[/:])v\d[^/]*", scenario.path)
    for document in _of_version(scenario.documents, versions):
        raw = json.dumps(document).encode()
        for version in ("", *versions):
            variables = {"endpoint": HOST, "version": version, "apiVersion": version}
            found = examine(read_document(raw), server_variables=variables)
            fitting = [
                each.operation
                for each in found.operations
                if each.operation and _matches(each.operation, scenario)
            ]
            if fitting:
                return min(fitting, key=lambda each: each.path.count("{"))
    raise NotDescribed(f"{scenario.method} {scenario.path}")


def _of_version(documents: tuple[Json, ...], versions: list[str]) -> list[Json]:
    """The document of the version that is called, where there is one for each."""
    exact = [each for each in documents if each["info"]["version"] in versions[:1]]
    return exact or [*documents]


def _matches(operation: Operation, scenario: Scenario) -> bool:
    return operation.method == scenario.method and bool(_in_path(operation, scenario))


def _in_path(operation: Operation, scenario: Scenario) -> re.Match[str] | None:
    template = urlsplit(operation.server).path + operation.path
    names = {each.name: each.argument for each in operation.parameters}
    pattern = re.sub(
        r"\\\{(.+?)\\\}",
        lambda found: f"(?P<p{[*names].index(unescaped(found[1]))}>.+)",
        re.escape(template.partition("?")[0]),
    )
    return re.fullmatch(pattern, scenario.path)


def unescaped(text: str) -> str:
    return text.replace("\\", "")


def arguments_of(operation: Operation, scenario: Scenario) -> Json:
    given = _of_parameters(operation, scenario)
    body = scenario.expected.get("body")
    if body is not None and operation.body is not None:
        given |= _of_body(operation, body)
    for name in operation.arguments.get("required", ()):
        if name not in given and name not in operation.constants:
            schema = operation.arguments["properties"][name]
            definitions = operation.arguments.get("$defs", {})
            given[name] = fitting({**schema, "$defs": definitions}, full=False)
    return given


def _of_parameters(operation: Operation, scenario: Scenario) -> Json:
    found = _in_path(operation, scenario)
    query = dict(scenario.expected.get("query") or {})
    headers = {name.lower(): v for name, v in (scenario.expected.get("headers") or {}).items()}
    given: Json = {}
    for number, each in enumerate(operation.parameters):
        schema = _resolved(operation, operation.arguments["properties"][each.argument])
        if each.location is Location.PATH:
            text = unquote(found[f"p{number}"]) if found else ""
            given[each.argument] = _in_a_path(operation, each, schema, text)
        elif each.location is Location.HEADER and each.name.lower() in headers:
            given[each.argument] = _read(operation, schema, headers[each.name.lower()], ",")
        elif each.location is Location.QUERY:
            if each.name in query:
                separator = SEPARATORS.get(each.style, ",")
                given[each.argument] = _read(operation, schema, query[each.name], separator)
            elif schema.get("type") == "object" and each.explode and query:
                members = {n: v for n, v in query.items() if n != "fixed"}
                given[each.argument] = _object(operation, schema, members)
    return {name: value for name, value in given.items() if name not in operation.constants}


def _in_a_path(operation: Operation, parameter: Parameter, schema: Json, text: str) -> Any:
    """Every list and record in a path of these specifications is the same."""
    if schema.get("type") == "array":
        return ["a", "b"]
    if schema.get("type") == "object":
        return {"a": 1, "b": 2}
    name = re.escape(parameter.name)
    return _read(operation, schema, re.sub(rf"^(;{name}=|\.|/)", "", text), ",")


def _resolved(operation: Operation, schema: Any) -> Json:
    """With what it refers to and its `allOf` written into it."""
    if not isinstance(schema, dict):
        return {}
    made: Json = {}
    for part in schema.get("allOf", ()):
        made |= _resolved(operation, part)
    if "$ref" in schema:
        made |= _resolved(
            operation, operation.arguments["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        )
    return made | {name: each for name, each in schema.items() if name not in ("allOf", "$ref")}


def _object(operation: Operation, schema: Json, members: Json) -> Json:
    known = schema.get("properties", {})
    extra = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
    rest = extra if isinstance(extra, dict) else {}
    return {
        name: _read(operation, _resolved(operation, known.get(name, rest)), value, ",")
        for name, value in members.items()
    }


def _read(operation: Operation, schema: Json, value: Any, separator: str) -> Any:
    if schema.get("type") == "array":
        items = _resolved(operation, schema.get("items"))
        every = value if isinstance(value, list) else str(value).split(separator)
        return [_read(operation, items, each, separator) for each in every]
    if schema.get("type") == "object" and isinstance(value, str):
        parts = value.split(separator)
        return {name: int(each) for name, each in zip(parts[::2], parts[1::2], strict=True)}
    if schema.get("type") in ("integer", "number", "boolean") and isinstance(value, str):
        return json.loads(value)
    return value if isinstance(value, str) or schema.get("type") != "string" else str(value)


def _of_body(operation: Operation, expected: Json) -> Json:
    body = operation.body
    assert body is not None
    if expected.get("kind") == "multipart":
        return _of_parts(operation, expected)
    if body.members is None:
        schema = _resolved(operation, operation.arguments["properties"][body.argument])
        return {body.argument: _whole(operation, schema, expected)}
    value = _content(operation, operation.arguments, expected)
    if not isinstance(value, dict):
        raise NotDescribed(f"{operation.name}: a body that is no object")
    arguments = {name: argument for argument, name in body.members.items()}
    return {arguments.get(name, name): each for name, each in value.items()}


def _whole(operation: Operation, schema: Json, expected: Json) -> Any:
    value, raw = _content(operation, schema, expected), expected.get("rawContent")
    takes = json.dumps(schema)
    if isinstance(raw, dict) and "content_type" in takes:
        return {"base64": value, "content_type": expected["contentType"]}
    if value is raw and "contentEncoding" in takes:
        return base64.b64encode(raw.encode()).decode()
    return value


def _content(operation: Operation, schema: Json, expected: Json) -> Any:
    """Bytes are in base64, except where lines of JSON are text."""
    raw, media_type = expected.get("rawContent"), expected["contentType"]
    if isinstance(raw, dict):
        encoded = raw["base64"]
        return base64.b64decode(encoded).decode() if "jsonl" in media_type else encoded
    if "json" in media_type:
        return json.loads(raw)
    if "xml" in media_type:
        return _value_of(operation, schema, ET.fromstring(raw))
    return raw


def _of_parts(operation: Operation, body: Json) -> Json:
    """Files with name and type, as `contracts.file_value` says."""
    assert operation.body is not None
    arguments = {name: argument for argument, name in (operation.body.members or {}).items()}
    given: Json = {}
    for name, value in (body.get("parts") or {}).items():
        schema = _resolved(operation, operation.arguments["properties"][arguments[name]])
        given[arguments[name]] = str(value) if schema.get("type") == "string" else value
    for file in body.get("files") or ():
        argument = arguments[file["fieldname"]]
        schema = _resolved(operation, operation.arguments["properties"][argument])
        value = {
            "base64": file["buffer"]["base64"],
            "filename": file["originalname"],
            "content_type": file["mimetype"],
        }
        if schema.get("type") == "array":
            given.setdefault(argument, []).append(value)
        else:
            given[argument] = value
    return given


def _value_of(operation: Operation, schema: Json, element: ET.Element) -> Any:
    """What the element stands for by the `xml` members of the schema (OAS 3.1, 4.8.26)."""
    kind = schema.get("type")
    if kind == "array":
        items = _resolved(operation, schema.get("items", {}))
        return [_value_of(operation, items, child) for child in element]
    if kind != "object" and "properties" not in schema:
        return _read(operation, schema, element.text or "", ",")
    if "properties" not in schema:
        return {child.tag: child.text for child in element}
    made: Json = {}
    for name, each in schema["properties"].items():
        found = _member(operation, name, _resolved(operation, each), each, element)
        if found is not None:
            made[name] = found
    return made


def _has_members(element: ET.Element, schema: Json) -> bool:
    return any(child.tag in schema.get("properties", ()) for child in element)


def _member(
    operation: Operation, name: str, schema: Json, written: Json, element: ET.Element
) -> Any:
    xml = {**schema.get("xml", {}), **(written.get("xml") or {})}
    called = xml.get("name", name)
    if xml.get("namespace"):
        called = f"{{{xml['namespace']}}}{called}"
    if xml.get("attribute"):
        text = element.attrib.get(called)
        return None if text is None else _read(operation, schema, text, ",")
    if xml.get("x-ms-text") or xml.get("nodeType") == "text":
        return element.text
    if schema.get("type") == "array" and not xml.get("wrapped"):
        items = _resolved(operation, schema.get("items", {}))
        inner = (items.get("xml") or {}).get("name", called)
        found = element.findall(inner) or element.findall(called)
        if len(found) == 1 and not _has_members(found[0], items):
            found = (
                [*found[0]] if "properties" in items or len(found[0]) else found
            )  # wrapped, although the document does not say so
        return [_value_of(operation, items, child) for child in found] if found else None
    child = element.find(called)
    return None if child is None else _value_of(operation, schema, child)
