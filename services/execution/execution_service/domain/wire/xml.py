"""An object as XML, by the `xml` of its schemas (OAS 3.1, 4.8.26; 3.2, 4.26 for `nodeType`).

Escaping is ElementTree's. What it does not check is checked here: names, and characters that no
XML document may hold (XML 1.0, 2.2 and 2.3).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring  # it writes, and never parses

from contracts.operation import Body, XmlName
from execution_service.domain.errors import BodyRefused
from execution_service.domain.wire.percent import literal

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOCAL = "#/$defs/"
_COMBINED = ("allOf", "anyOf", "oneOf")
_OTHERS = ("additionalProperties", "unevaluatedProperties")
_MAX_DEPTH = 5
_IN_PARENT = frozenset({"text", "cdata"})


@dataclass(frozen=True, slots=True)
class XmlWriter:
    root: XmlName
    schema: Mapping[str, Any]
    """Of the whole body."""
    definitions: Mapping[str, Any]

    @classmethod
    def of(cls, body: Body, arguments_schema: Mapping[str, Any], root: XmlName) -> "XmlWriter":
        properties = arguments_schema.get("properties", {})
        definitions = arguments_schema.get("$defs", {})
        if body.members is None:
            return cls(root, {"allOf": [properties.get(body.argument, True)]}, definitions)
        members = {member: properties.get(name, True) for name, member in body.members.items()}
        others = arguments_schema.get("additionalProperties", True)
        return cls(root, {"properties": members, "additionalProperties": others}, definitions)

    def write(self, value: Any) -> bytes:
        """Raises BodyRefused for what XML has no form for."""
        root = Element(_checked_name(self.root.name, self.root.prefix))
        _declare(root, self.root.prefix, self.root.namespace)
        if isinstance(value, list):
            xml = self._xml(self.schema)
            items = self._items(self.schema)
            name = self._xml(items).get("name") or xml.get("name") or self.root.name
            for item in value:
                self._element(root, str(name), item, items)
        else:
            self._fill(root, value, self.schema)
        text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return text

    def _fill(self, element: Element, value: Any, schema: Any) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                self._member(element, name, member, self._member_schema(schema, name))
        elif isinstance(value, list):
            for item in value:
                self._element(element, "item", item, self._items(schema))
        elif value is not None:
            element.text = (element.text or "") + _checked(literal(value))

    def _member(self, parent: Element, name: str, value: Any, schema: Any) -> None:
        """Null is nothing: that is left out."""
        xml = self._xml(schema)
        node, own = xml.get("nodeType"), str(xml.get("name") or name)
        if value is None:
            return
        if isinstance(value, list):
            self._list(parent, name, value, schema)
        elif node == "attribute" or xml.get("attribute") is True:
            prefix = str(xml.get("prefix") or "")
            _declare(parent, prefix, str(xml.get("namespace") or "") if prefix else "")
            parent.set(_checked_name(own, prefix), _checked(literal(value)))
        elif node in _IN_PARENT:
            parent.text = (parent.text or "") + _checked(literal(value))
        elif node == "none":
            self._fill(parent, value, schema)
        else:
            self._element(parent, own, value, schema)

    def _list(self, parent: Element, name: str, value: list[Any], schema: Any) -> None:
        """An element for each item, within one of the list where that is `wrapped`.

        The list's own name is that of the wrapping element, and of its items where they have none.
        """
        xml, items = self._xml(schema), self._items(schema)
        inner = self._xml(items).get("name")
        if xml.get("wrapped") is True or xml.get("nodeType") == "element":
            outer = str(xml.get("name") or name)
            parent = self._begun(parent, outer, xml)
            inner = inner or outer
        for item in value:
            self._element(parent, str(inner or name), item, items)

    def _element(self, parent: Element, name: str, value: Any, schema: Any) -> None:
        if value is not None:
            self._fill(self._begun(parent, name, self._xml(schema)), value, schema)

    def _begun(self, parent: Element, name: str, xml: Mapping[str, Any]) -> Element:
        prefix = str(xml.get("prefix") or "")
        element = SubElement(parent, _checked_name(name, prefix))
        _declare(element, prefix, str(xml.get("namespace") or ""))
        return element

    def _branches(self, schema: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
        """The schema itself, then what it refers to and is combined of."""
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            return
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield from self._branches(self._followed(reference), depth + 1)
        for keyword in _COMBINED:
            for each in schema.get(keyword) or ():
                yield from self._branches(each, depth + 1)

    def _followed(self, reference: str) -> Any:
        return self.definitions.get(reference.removeprefix(_LOCAL))

    def _xml(self, schema: Any) -> Mapping[str, Any]:
        for each in self._branches(schema):
            if isinstance(each.get("xml"), Mapping):
                found: Mapping[str, Any] = each["xml"]
                return found
        return {}

    def _items(self, schema: Any) -> Any:
        return next((e["items"] for e in self._branches(schema) if "items" in e), True)

    def _member_schema(self, schema: Any, name: str) -> Any:
        for each in self._branches(schema):
            if name in each.get("properties", {}):
                return each["properties"][name]
        others = (each.get(keyword) for each in self._branches(schema) for keyword in _OTHERS)
        return next((each for each in others if isinstance(each, Mapping)), True)


def _declare(element: Element, prefix: str, namespace: str) -> None:
    if namespace:
        element.set(f"xmlns:{prefix}" if prefix else "xmlns", _checked(namespace))


def _checked_name(name: str, prefix: str) -> str:
    for part in (name, prefix) if prefix else (name,):
        if not _NAME.fullmatch(part):
            raise BodyRefused(
                f"{part[:80]!r} cannot be the name of an XML element or attribute.",
                hint="Name the body's members with letters, digits, dots and hyphens only.",
            )
    return f"{prefix}:{name}" if prefix else name


def _checked(text: str) -> str:
    if _NO_CHARACTER.search(text):
        raise BodyRefused(
            "The body holds a control character, which XML has no form for.",
            hint="Leave control characters out of the arguments.",
        )
    return text
