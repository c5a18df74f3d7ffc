"""The arguments with which a call makes the request that a scenario expects."""

import json
import re
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree.ElementTree import Element, fromstring

from contracts.operation import Body, Kind, Location, Operation, Parameter

MISSING: Any = object()
DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}


class Undecided(Exception):
    """The scenario does not say what the operation needs."""


class Arguments:
    def __init__(self, operation: Operation, api: dict[str, Any], in_path: dict[str, str]) -> None:
        self.operation, self.api, self.in_path = operation, api, in_path
        self.schema = operation.arguments
        self.headers = {name.lower(): value for name, value in api["headers"].items()}

    def all(self) -> dict[str, Any]:
        found = {}
        for parameter in self.operation.parameters:
            value = self._parameter(parameter)
            if value is not MISSING and parameter.argument not in self.operation.constants:
                found[parameter.argument] = value
        body = self.operation.body
        if body is not None and self.api["body"] is not None:
            found |= self._of_body(body, self._body(body))
        elif body is not None and body.required:
            raise Undecided("no body is named, and the document wants one")
        return found

    def followed(self, schema: Any) -> dict[str, Any]:
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self.schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        schema = schema if isinstance(schema, dict) else {}
        for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            branch = self.followed(each)
            if branch.get("type") != "null":
                schema = {**branch, **schema}
        return schema

    def of(self, argument: str) -> dict[str, Any]:
        return self.followed(self.schema["properties"][argument])

    def _parameter(self, parameter: Parameter) -> Any:
        schema, name = self.of(parameter.argument), parameter.name
        if parameter.location is Location.PATH:
            return self._unstyled(self.in_path[name], parameter, schema)
        if parameter.location is Location.HEADER:
            value = self.headers.get(name.lower(), MISSING)
        elif parameter.location is Location.COOKIE:
            crumbs = dict(c.partition("=")[::2] for c in self.headers.get("cookie", "").split("; "))
            value = crumbs.get(name, MISSING)
        else:
            value = self._query(parameter, schema)
        if value is MISSING or isinstance(value, list | dict):
            return self._typed(value, schema) if value is not MISSING else MISSING
        return self._split(value, parameter, schema)

    def _query(self, parameter: Parameter, schema: dict[str, Any]) -> Any:
        query = self.api["query"]
        if parameter.name in query or not parameter.explode or not self._is_object(schema):
            return query.get(parameter.name, MISSING)
        fixed = {each.name for each in self.operation.parameters}
        names = schema.get("properties") or query.keys() - fixed
        return {name: query[name] for name in names if name in query}

    def _is_object(self, schema: dict[str, Any]) -> bool:
        return "properties" in schema or schema.get("type") == "object"

    def _split(self, text: Any, parameter: Parameter, schema: dict[str, Any]) -> Any:
        delimiter = parameter.delimiter or DELIMITERS.get(parameter.style, ",")
        is_list = schema.get("type") == "array"
        if not isinstance(text, str) or not (is_list or self._is_object(schema)):
            return self._typed(text, schema)
        steps = text.split(delimiter)
        if is_list:
            whole = parameter.explode and parameter.location is Location.QUERY
            return self._typed([text] if whole else steps, schema)
        pairs = (
            [step.split("=") for step in steps]
            if "=" in text
            else zip(steps[::2], steps[1::2], strict=True)
        )
        return self._typed(dict(pairs), schema)

    def _unstyled(self, text: str, parameter: Parameter, schema: dict[str, Any]) -> Any:
        name = parameter.name
        if parameter.style == "label":
            text = text.removeprefix(".")
            text = text.replace(".", ",") if parameter.explode else text
        elif parameter.style == "matrix":
            text = text.removeprefix(";")
            if parameter.explode:
                text = text.replace(f"{name}=", "").replace(";", ",")
            text = text.removeprefix(f"{name}=")
        return self._split(unquote(text), parameter, schema)

    def _typed(self, value: Any, schema: Any) -> Any:
        """Text as what the schema has in its place."""
        schema = self.followed(schema)
        if isinstance(value, list):
            return [self._typed(each, schema.get("items", {})) for each in value]
        if isinstance(value, dict):
            own = schema.get("properties", {})
            others = others_of(schema)
            return {k: self._typed(v, own.get(k, others)) for k, v in value.items()}
        kinds = schema.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else [*kinds]
        samples = [schema["const"]] if "const" in schema else schema.get("enum", ())
        wants_text = "string" in kinds or any(isinstance(each, str) for each in samples)
        if wants_text or not (kinds or samples):
            return value if isinstance(value, str) or not wants_text else json.dumps(value)
        return json.loads(value) if isinstance(value, str) else value

    def _body(self, body: Body) -> Any:
        sent = self.api["body"]
        if "parts" in sent:
            return self._parts(body, sent)
        if sent["bytes"] is not None:
            return self._bytes(body, sent["bytes"])
        text = sent["text"]
        if text is None:
            raise Undecided("no body")
        essence = sent["contentType"].partition(";")[0]
        if essence.endswith("json"):
            return json.loads(text)
        if essence == "application/x-www-form-urlencoded":
            return self._typed(dict(parse_qsl(text)), self._whole(body))
        if body.xml is not None:
            return FromXml(self).read(fromstring(text), self._whole(body))
        if body.whole.kind is Kind.FILE:
            return b64encode(text.encode()).decode()
        return self._typed(text, self._whole(body))

    def _bytes(self, body: Body, encoded: str) -> Any:
        if body.whole.kind is not Kind.FILE:
            return b64decode(encoded).decode()
        if body.media_type != "image/*" and "*" not in body.media_type:
            return encoded
        return {"base64": encoded, "content_type": self.api["body"]["contentType"]}

    def _whole(self, body: Body) -> dict[str, Any]:
        if body.members is None:
            return self.of(body.argument)
        properties = self.schema["properties"]
        return {
            "properties": {m: properties[a] for a, m in body.members.items()},
            "additionalProperties": self.schema.get("additionalProperties", {}),
        }

    def _parts(self, body: Body, sent: dict[str, Any]) -> dict[str, Any]:
        found = dict(sent["parts"])
        for file in sent["files"]:
            value = {
                "base64": file["buffer"],
                "filename": file["originalname"],
                "content_type": file["mimetype"],
            }
            encoding = body.encoding.get(file["fieldname"])
            if encoding is not None and encoding.kind is Kind.FILES:
                found.setdefault(file["fieldname"], []).append(value)
            else:
                found[file["fieldname"]] = value
        whole = self._whole(body)
        files = {file["fieldname"] for file in sent["files"]}
        return {
            k: v if k in files else self._typed(v, whole["properties"].get(k, {}))
            for k, v in found.items()
        }

    def _of_body(self, body: Body, value: Any) -> dict[str, Any]:
        if body.members is None:
            return {body.argument: value}
        if not isinstance(value, dict):
            raise Undecided("the body is no object")
        by_member = {member: argument for argument, member in body.members.items()}
        return {
            by_member.get(name, name): each
            for name, each in value.items()
            if by_member.get(name, name) not in self.operation.constants
        }


class FromXml:
    """What `domain/wire/xml.py` would write as this element."""

    def __init__(self, arguments: Arguments) -> None:
        self.arguments = arguments

    def read(self, element: Element, schema: Any) -> Any:
        schema = self.arguments.followed(schema)
        if schema.get("type") == "array":
            return [self.read(child, schema["items"]) for child in element]
        if "properties" not in schema:
            if schema.get("type") == "object":
                others = others_of(schema)
                return {bare(child.tag): self.read(child, others) for child in element}
            return self.arguments._typed(element.text or "", schema)
        found = {}
        for name, member in schema["properties"].items():
            value = self._member(element, name, self.arguments.followed(member))
            if value is not MISSING:
                found[name] = value
        return found

    def _member(self, element: Element, name: str, schema: dict[str, Any]) -> Any:
        xml = schema.get("xml", {})
        own = xml.get("name", name)
        if xml.get("attribute") or xml.get("nodeType") == "attribute":
            value = {bare(key): text for key, text in element.attrib.items()}.get(own, MISSING)
            return value if value is MISSING else self.arguments._typed(value, schema)
        if xml.get("nodeType") == "text":
            return element.text
        if schema.get("type") == "array":
            return self._list(element, name, schema)
        children = [child for child in element if bare(child.tag) == own]
        return self.read(children[0], schema) if children else MISSING

    def _list(self, element: Element, name: str, schema: dict[str, Any]) -> Any:
        xml, items = schema.get("xml", {}), self.arguments.followed(schema.get("items", {}))
        inner = items.get("xml", {}).get("name")
        if xml.get("wrapped") or xml.get("nodeType") == "element":
            outer = [child for child in element if bare(child.tag) == xml.get("name", name)]
            if not outer:
                return MISSING
            return [self.read(child, items) for child in outer[0]]
        found = [self.read(c, items) for c in element if bare(c.tag) == (inner or name)]
        return found or MISSING


def others_of(schema: dict[str, Any]) -> Any:
    """The schema of members that have none of their own."""
    return schema.get("additionalProperties", schema.get("unevaluatedProperties", {}))


def bare(tag: str) -> str:
    return re.sub(r"^\{.*\}", "", tag)
