"""Whether a body can be written as XML: its elements and attributes need names that XML has, and
prefixes that stand for something (OAS 3.1, 4.8.26; Namespaces in XML 1.0).

It reads the document's own schemas, so that what it finds has its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contracts.xml_name import XML, XMLNS, QualifiedName, qualified
from schema_service.domain.compiling import body_rules
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding

MAX_SCHEMAS = 500
"""Of one body; execution refuses what is wrong with the rest, call by call."""
_COMBINED = ("allOf", "anyOf", "oneOf")
_NAMELESS = ("text", "cdata", "none")
OTHER = "other"
"""Stands for the names of members that only a caller knows."""
ROOT = "root"
"""An element whose name nothing gives."""


class Use(NamedTuple):
    """A name that the document gives to an element or an attribute."""

    name: QualifiedName
    written: str
    path: Path
    is_attribute: bool
    namespace: str


@dataclass(frozen=True, slots=True)
class XmlNames:
    """What a body's names come to. `namespaces` are those, by prefix, that the root declares."""

    bad: Use | None = None
    undeclared: bool = False
    namespaces: dict[str, str] = field(default_factory=dict)

    def as_error(self) -> Finding | None:
        """What blocks an operation whose body can be sent in no other way."""
        if self.bad is None:
            return None
        name = self.bad.written
        if self.undeclared:
            prefix = self.bad.name.prefix
            return body_rules.XML_PREFIX_UNDECLARED.at(self.bad.path, name=name, prefix=prefix)
        return body_rules.XML_NAME_INVALID.at(self.bad.path, name=name)


def xml_names(schema: Any, path: Path, references: References) -> XmlNames:
    """Of a body that is an object or a list; any other is written as the text that it is."""
    uses = [*_Walk(references).of_body(schema, path)]
    bad = next((each for each in uses if not each.name.is_valid), None)
    if bad is not None:
        return XmlNames(bad)
    known = {each.name.prefix: each.namespace for each in reversed(uses) if each.namespace}
    declared = {each.name.local for each in uses if each.name.prefix == XMLNS}
    needed = [each for each in uses if each.name.prefix and not each.namespace]
    needed = [each for each in needed if not _is_always_declared(each)]
    for each in needed:
        if each.name.prefix not in known and each.name.prefix not in declared:
            return XmlNames(each, undeclared=True)
    wanted = {each.name.prefix for each in needed} & known.keys()
    return XmlNames(namespaces={prefix: known[prefix] for prefix in sorted(wanted)})


def root_name(schema: Any, xml: dict[str, Any]) -> str:
    """The name that the schema has, or else that of the component (OAS 3.1, 4.8.26)."""
    name = xml.get("name")
    if isinstance(name, str) and name:
        return name
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    return reference.rsplit("/", 1)[-1] if isinstance(reference, str) else ROOT


def root_xml(schema: Any, path: Path, references: References) -> dict[str, Any]:
    """The `xml` of a body's root: its schema's own, or of what that refers to; of one that is only
    combined of others, and has no name either, the first that one of these has.
    """
    own = schema if isinstance(schema, dict) else {}
    if "xml" not in own and "$ref" in own:
        target = references.follow(schema, path)
        own = {} if isinstance(target, Broken) else target.value
        xml = own.get("xml") if isinstance(own, dict) else None
    else:
        xml = _Walk(references).said(schema, path).xml
    return xml if isinstance(xml, dict) else {}


def _is_always_declared(use: Use) -> bool:
    return use.is_attribute and use.name.prefix in (XML, XMLNS)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the parts of one schema say together; the first that says something counts."""

    parts: list[tuple[dict[str, Any], Path]]

    def first(self, keyword: str) -> tuple[Any, Path]:
        found = ((p[keyword], (*path, keyword)) for p, path in self.parts if keyword in p)
        return next(found, (None, ()))

    @property
    def xml(self) -> dict[str, Any]:
        xml, _ = self.first("xml")
        return xml if isinstance(xml, dict) else {}

    @property
    def is_container(self) -> bool:
        kinds = [p.get("type") for p, _ in self.parts]
        kinds = [k for kind in kinds for k in (kind if isinstance(kind, list) else [kind])]
        named = any("properties" in p for p, _ in self.parts)
        return named or "object" in kinds or "array" in kinds

    @property
    def is_list(self) -> bool:
        return self.first("items")[1] != ()

    @property
    def is_attribute(self) -> bool:
        return self.xml.get("attribute") is True or self.xml.get("nodeType") == "attribute"

    @property
    def is_wrapped(self) -> bool:
        return self.xml.get("wrapped") is True or self.xml.get("nodeType") == "element"

    @property
    def is_never_sent(self) -> bool:
        return self.first("readOnly")[0] is True


@dataclass(slots=True)
class _Walk:
    references: References
    seen: set[Path] = field(default_factory=set)

    def of_body(self, schema: Any, path: Path) -> Iterator[Use]:
        said = self.said(schema, path)
        if not said.is_container:
            return
        name = root_name(schema, said.xml)
        yield self._use(name, said, path)
        if said.is_list:
            items, where = said.first("items")
            yield from self._element(items, where, name)
        yield from self._members(said)

    def said(self, schema: Any, path: Path) -> _Said:
        """The schema, what it refers to, and what it is combined of."""
        parts: list[tuple[dict[str, Any], Path]] = []
        waiting, known = [(schema, path)], set[Path]()
        while waiting and len(known) < MAX_SCHEMAS:
            node, where = waiting.pop(0)
            if not isinstance(node, dict) or where in known:
                continue
            known.add(where)
            parts.append((node, where))
            if "$ref" in node:
                target = self.references.follow(node, where)
                if not isinstance(target, Broken):
                    waiting.append((target.value, target.path))
            for keyword in _COMBINED:
                branches = node.get(keyword)
                for index, each in enumerate(branches if isinstance(branches, list) else ()):
                    waiting.append((each, (*where, keyword, index)))
        return _Said(parts)

    def _members(self, said: _Said) -> Iterator[Use]:
        for part, where in said.parts:
            if where in self.seen or len(self.seen) >= MAX_SCHEMAS:
                continue
            self.seen.add(where)
            properties = part.get("properties")
            for name, each in properties.items() if isinstance(properties, dict) else ():
                yield from self._member(str(name), each, (*where, "properties", name))
            if isinstance(others := part.get("additionalProperties"), dict):
                yield from self._member(OTHER, others, (*where, "additionalProperties"))

    def _member(self, name: str, schema: Any, path: Path) -> Iterator[Use]:
        said = self.said(schema, path)
        if said.is_never_sent:
            return
        if said.is_list and not said.is_attribute:
            own = str(said.xml.get("name") or name)
            if said.is_wrapped:
                yield self._use(own, said, path)
            items, where = said.first("items")
            yield from self._element(items, where, own if said.is_wrapped else name)
        elif said.xml.get("nodeType") not in _NAMELESS:
            yield self._use(str(said.xml.get("name") or name), said, path)
        yield from self._members(said)

    def _element(self, items: Any, path: Path, name: str) -> Iterator[Use]:
        """What each item becomes, where nothing gives it another name."""
        said = self.said(items, path)
        yield self._use(str(said.xml.get("name") or name), said, path)
        yield from self._members(said)

    def _use(self, name: str, said: _Said, path: Path) -> Use:
        texts = {key: said.xml.get(key) for key in ("prefix", "namespace")}
        prefix, namespace = (str(value) if value else "" for value in texts.values())
        written = f"{prefix}:{name}" if prefix and ":" not in name else name
        return Use(qualified(name, prefix), written, path, said.is_attribute, namespace)
