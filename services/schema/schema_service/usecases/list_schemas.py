from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.domain.operator_rules import listed
from schema_service.domain.stored_schema import SchemaSummary
from schema_service.ports import OriginRules, SchemaStore


@dataclass(frozen=True, slots=True)
class ListSchemas:
    schemas: SchemaStore
    origins: OriginRules

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[SchemaSummary]:
        found = await self.schemas.page(workspace_id, limit, after)
        return [listed(each, self.origins.refusal) for each in found]
