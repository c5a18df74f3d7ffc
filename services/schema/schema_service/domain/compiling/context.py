"""What compiling all operations of one document shares."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import orjson

from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.inputs.arguments import Arguments
from schema_service.domain.compiling.inputs.bodies import Payloads
from schema_service.domain.compiling.inputs.parameters import Prepared
from schema_service.domain.compiling.inputs.xml_names import XmlNames
from schema_service.domain.compiling.json_schema.impossible import Decided
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.kept import Kept
from schema_service.domain.compiling.names import Names
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Path, References
from schema_service.domain.compiling.server.choice import Choice, ServerRules
from schema_service.domain.compiling.written_once import WrittenOnce
from schema_service.domain.finding import Finding


@dataclass(slots=True)
class Context:
    document: dict[str, Any]
    dialect: Dialect
    references: References
    schemas: Schemas
    server_rules: ServerRules
    max_bytes: int
    """How much the schemas of one operation's arguments may take."""
    credentials: frozenset[tuple[str, str]] = frozenset()
    """Location and lower-case name of each parameter that is an API key (OAS 4.8.27)."""
    members_left: int = 60_000
    """How many members of bodies may still become arguments, in all operations together."""
    names_left: int = 20_000
    """With how many templates of paths misspelt parameters may still be compared."""
    schemes: dict[str, Any] = field(default_factory=dict)
    """The document's security schemes, by name."""
    security: tuple[tuple[str, ...], list[Finding]] | None = None
    """Names of the schemes that the document's own `security` lists, with what is wrong there."""
    servers: dict[tuple[Path, str | None], Choice] = field(default_factory=dict)
    """By where they are listed, and by the origin that is kept."""
    kept: Kept = field(default_factory=Kept)
    prepared: dict[tuple[Path, str, str], Prepared] = field(default_factory=dict)
    """By the place, the location and the name of a parameter."""
    payloads: dict[Path, Payloads] = field(default_factory=dict)
    """By where a request body is."""
    bodies: dict[Hashable, Arguments] = field(default_factory=dict)
    """Of operations that take nothing else."""
    answered: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    """The media types of an operation's answers, by where it is."""
    answers: dict[tuple[Path, ...], tuple[str, ...]] = field(default_factory=dict)
    """The same, by where the answers are."""
    xml_names: dict[Path, XmlNames] = field(default_factory=dict)
    """By where the schema of a body is."""
    listed: dict[str, list[str]] = field(default_factory=dict)
    """Swagger's `consumes` and `produces` of the document."""
    decided: Decided = field(default_factory=Decided)
    """Which definitions a value may fit."""
    operation_ids: Names = field(default_factory=Names)
    """All that the document declares, wherever, and all that were made."""
    used_ids: dict[str, Place] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    written: WrittenOnce = field(default_factory=lambda: WrittenOnce(orjson.OPT_SORT_KEYS))
    """The JSON of operations, for their digests."""

    @property
    def is_swagger(self) -> bool:
        return self.dialect is Dialect.SWAGGER_2

    def media_types(self, operation: dict[str, Any], key: str) -> list[str]:
        """Swagger's `consumes` or `produces`: the operation's own, or else the document's."""
        if key in operation:
            return _texts(operation[key])
        listed = self.listed.get(key)
        if listed is None:
            listed = self.listed[key] = _texts(self.document.get(key))
        return listed


def _texts(items: Any) -> list[str]:
    return [each for each in items if isinstance(each, str)] if isinstance(items, list) else []
