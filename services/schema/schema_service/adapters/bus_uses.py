from dataclasses import dataclass

from contracts.ids import SchemaId
from contracts.principal import Principal
from contracts.requests import FindSchemaUses, SchemaUses
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusUses:
    """Asks catalog, which keeps the GPTs."""

    bus: Bus

    async def uses(self, principal: Principal, schema_id: SchemaId) -> SchemaUses:
        return await self.bus.ask(
            FindSchemaUses(
                workspace_id=principal.workspace_id,
                schema_id=schema_id,
                member_id=principal.member_id,
                role=principal.role,
            )
        )
