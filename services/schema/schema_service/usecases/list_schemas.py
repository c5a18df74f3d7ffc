from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.domain.stored_schema import SchemaSummary
from schema_service.ports import SchemaStore
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules


@dataclass(frozen=True, slots=True)
class ListSchemas:
    schemas: SchemaStore
    apply_operator_rules: ApplyOperatorRules

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None, text: str = ""
    ) -> list[SchemaSummary]:
        found = await self.schemas.page(workspace_id, limit, after, text)
        return await self.apply_operator_rules.in_list(found)
