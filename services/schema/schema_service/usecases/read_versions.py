from dataclasses import dataclass

from schema_service.domain.operator_rules import listed
from schema_service.domain.stored_schema import SchemaSummary
from schema_service.ports import OriginRules, SchemaStore

MAX_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class ReadVersions:
    """The versions of a document, newest first."""

    schemas: SchemaStore
    origins: OriginRules

    async def __call__(self, schema: SchemaSummary) -> list[SchemaSummary]:
        found = await self.schemas.line(schema.workspace_id, schema.line_id, MAX_VERSIONS)
        return [listed(each, self.origins.refusal) for each in found]
