from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from contracts.requests import ReadSchema, SchemaBrief
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusSchemas:
    """Asks the schema service; its refusals pass through as they are."""

    bus: Bus

    async def read(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> SchemaBrief:
        return await self.bus.ask(
            ReadSchema(workspace_id=workspace_id, schema_id=schema_id, names=tuple(names))
        )
