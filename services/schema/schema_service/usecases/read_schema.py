from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import SchemaStore
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules


@dataclass(frozen=True, slots=True)
class ReadSchema:
    """A stored document, as the operator's settings now let it be called."""

    schemas: SchemaStore
    apply_operator_rules: ApplyOperatorRules

    async def __call__(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema:
        schema = await self.schemas.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        return await self.apply_operator_rules(schema)
