from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import SchemaStore


@dataclass(frozen=True, slots=True)
class ReadSchema:
    schemas: SchemaStore

    async def __call__(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema:
        schema = await self.schemas.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        return schema
