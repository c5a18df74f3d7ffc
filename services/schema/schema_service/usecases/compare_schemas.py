from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.json_list import JsonList
from schema_service.ports import Examiner, SchemaStore


@dataclass(frozen=True, slots=True)
class CompareSchemas:
    """What changed for those who call the operations of the older of two schemas."""

    schemas: SchemaStore
    examiner: Examiner

    async def __call__(
        self, workspace_id: WorkspaceId, old_id: SchemaId, new_id: SchemaId
    ) -> JsonList:
        """`Change`s."""
        old = await self._compiled(workspace_id, old_id)
        new = await self._compiled(workspace_id, new_id)
        return await self.examiner.compare(workspace_id, old, new)

    async def _compiled(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> list[bytes]:
        """In document order."""
        schema = await self.schemas.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        names = [operation.name for operation in schema.summaries()]
        return [*(await self.schemas.forms(workspace_id, schema_id, names)).texts.values()]
