"""An object as XML, by the `xml` of its schemas (OAS 3.1, 4.8.26; 3.2, 4.26 for `nodeType`).

Escaping is ElementTree's. What it does not check is checked here: names, their prefixes, and
characters that no XML document may hold (XML 1.0, 2.2).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring  # it writes, and never parses

from contracts.operation import Body, XmlName
from contracts.xml_name import XMLNS, QualifiedName, qualified
from execution_service.domain.errors import BodyRefused
from execution_service.domain.wire.percent import literal
from execution_service.domain.wire.xml_prefixes import undeclared
from execution_service.domain.wire.xml_schemas import XmlSchemas

_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
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
        try:
            root = _Writing(XmlSchemas(self.definitions)).root(self.root, value, self.schema)
            prefix = undeclared(root)
            text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        except RecursionError:
            raise BodyRefused(
                "The body is nested too deeply to be written as XML.",
                hint="Nest the arguments less deeply.",
            ) from None
        if prefix is not None:
            raise BodyRefused(
                f"The prefix {prefix[:80]!r} of a name in the body stands for no XML namespace.",
                hint="Name the body's members without a colon, or correct `xml` in the schema.",
            )
        return text


@dataclass(frozen=True, slots=True)
class _Writing:
    """Of one value."""

    schemas: XmlSchemas

    def root(self, name: XmlName, value: Any, schema: Any) -> Element:
        own = _checked_name(name.name, name.prefix)
        root = Element(own.written)
        for prefix, namespace in name.namespaces.items():
            _declare(root, prefix, namespace)
        _declare(root, own.prefix, name.namespace)
        if isinstance(value, list):
            items = self.schemas.of(schema).items
            inner = self.schemas.of(items).xml.get("name")
            item_name = inner or self.schemas.of(schema).xml.get("name") or name.name
            for item in value:
                self._element(root, str(item_name), item, items)
        else:
            self._fill(root, value, schema)
        return root

    def _fill(self, element: Element, value: Any, schema: Any) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                self._member(element, name, member, self.schemas.of(schema).member(name))
        elif isinstance(value, list):
            for item in value:
                self._element(element, "item", item, self.schemas.of(schema).items)
        elif value is not None:
            element.text = (element.text or "") + _checked(literal(value))

    def _member(self, parent: Element, name: str, value: Any, schema: Any) -> None:
        """Null is nothing: that is left out."""
        xml = self.schemas.of(schema).xml
        node, own = xml.get("nodeType"), str(xml.get("name") or name)
        if value is None:
            return
        if isinstance(value, list):
            self._list(parent, name, value, schema)
        elif node == "attribute" or xml.get("attribute") is True:
            attribute = _checked_name(own, str(xml.get("prefix") or ""))
            if attribute.prefix:
                _declare(parent, attribute.prefix, str(xml.get("namespace") or ""))
            parent.set(attribute.written, _checked(literal(value)))
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
        xml, items = self.schemas.of(schema).xml, self.schemas.of(schema).items
        inner = self.schemas.of(items).xml.get("name")
        if xml.get("wrapped") is True or xml.get("nodeType") == "element":
            outer = str(xml.get("name") or name)
            parent = self._begun(parent, outer, xml)
            inner = inner or outer
        for item in value:
            self._element(parent, str(inner or name), item, items)

    def _element(self, parent: Element, name: str, value: Any, schema: Any) -> None:
        if value is not None:
            self._fill(self._begun(parent, name, self.schemas.of(schema).xml), value, schema)

    def _begun(self, parent: Element, name: str, xml: Mapping[str, Any]) -> Element:
        own = _checked_name(name, str(xml.get("prefix") or ""))
        element = SubElement(parent, own.written)
        _declare(element, own.prefix, str(xml.get("namespace") or ""))
        return element


def _declare(element: Element, prefix: str, namespace: str) -> None:
    if namespace:
        element.set(f"{XMLNS}:{prefix}" if prefix else XMLNS, _checked(namespace))


def _checked_name(name: str, prefix: str) -> QualifiedName:
    found = qualified(name, prefix)
    if not found.is_valid:
        raise BodyRefused(
            f"{name[:80]!r} cannot be the name of an XML element or attribute.",
            hint="Name the body's members with letters, digits, dots and hyphens only.",
        )
    return found


def _checked(text: str) -> str:
    if _NO_CHARACTER.search(text):
        raise BodyRefused(
            "The body holds a control character, which XML has no form for.",
            hint="Leave control characters out of the arguments.",
        )
    return text
