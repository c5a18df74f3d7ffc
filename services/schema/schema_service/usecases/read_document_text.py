from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.errors import SchemaNotFound
from schema_service.ports import SchemaStore


@dataclass(frozen=True, slots=True)
class ReadDocumentText:
    """The document, byte for byte as it came, and its media type."""

    schemas: SchemaStore

    async def __call__(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> tuple[bytes, str]:
        schema = await self.schemas.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        return await self.schemas.text(workspace_id, schema_id), schema.media_type
