from dataclasses import dataclass

from schema_service.domain.stored_schema import SchemaSummary
from schema_service.ports import SchemaStore

MAX_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class ReadVersions:
    """The versions of a document, newest first."""

    schemas: SchemaStore

    async def __call__(self, schema: SchemaSummary) -> list[SchemaSummary]:
        return await self.schemas.line(schema.workspace_id, schema.line_id, MAX_VERSIONS)
