from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.domain.stored_schema import SchemaSummary
from schema_service.ports import SchemaStore


@dataclass(frozen=True, slots=True)
class ListSchemas:
    schemas: SchemaStore

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[SchemaSummary]:
        return await self.schemas.page(workspace_id, limit, after)
