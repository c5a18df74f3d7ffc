"""What the schemas of one body say of its XML, each looked at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from execution_service.domain.arguments.applied_schemas import applied_schemas
from execution_service.domain.errors import BodyRefused

MAX_PARTS = 5_000
"""Of one schema; what it is combined of beyond is not looked at."""
MAX_READ = 50_000
"""Parts that all schemas of one call have, which takes a twentieth of a second."""
_OTHERS = ("additionalProperties", "unevaluatedProperties")


@dataclass(slots=True)
class XmlSchema:
    """Of one value. The first part of the schema that says something of it counts."""

    xml: Mapping[str, Any] = field(default_factory=dict)
    items: Any = True
    properties: dict[str, Any] = field(default_factory=dict)
    others: Any = True
    """Of members that nothing names."""

    def member(self, name: str) -> Any:
        return self.properties.get(name, self.others)


@dataclass(slots=True)
class XmlSchemas:
    definitions: Mapping[str, Any]
    known: dict[int, XmlSchema] = field(default_factory=dict)
    """By the schema's identity: schemas stay as long as their operation does."""
    read: int = 0

    def of(self, schema: Any) -> XmlSchema:
        key = id(schema)
        if key not in self.known:
            self.known[key] = self._read(schema)
        return self.known[key]

    def _read(self, schema: Any) -> XmlSchema:
        """Raises BodyRefused beyond MAX_READ."""
        parts = [*applied_schemas(schema, self.definitions, most=MAX_PARTS)]
        self.read += len(parts)
        if self.read > MAX_READ:
            raise BodyRefused(
                "The schema of the body has too many alternatives to be written as XML.",
                hint="Give fewer members, or combine fewer schemas with allOf, anyOf and oneOf.",
            )
        xmls = (each["xml"] for each in parts if isinstance(each.get("xml"), Mapping))
        items = (each["items"] for each in parts if "items" in each)
        others = (each.get(keyword) for each in parts for keyword in _OTHERS)
        found = XmlSchema(next(xmls, {}), next(items, True))
        found.others = next((each for each in others if isinstance(each, Mapping)), True)
        for each in parts:
            for name, member in each.get("properties", {}).items():
                found.properties.setdefault(name, member)
        return found
