from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contracts.ids import SchemaId, new_id
from contracts.principal import Principal
from schema_service.domain.errors import RemovalOvertaken, SchemaInUse, SchemaNotFound
from schema_service.domain.stored_schema import Removal
from schema_service.ports import SchemaStore, SchemaUsers


@dataclass(frozen=True, slots=True)
class RemoveSchema:
    """Delete a schema version that no draft and no kept version of a GPT uses.

    It is marked before catalog is asked for its uses the second time, and from then on nobody may
    bind it; catalog stores a binding before it asks schema the second time. So whoever is later
    sees the other (decision 32). The first request avoids marking a schema that is in use. Removing
    what was removed in the last day succeeds.
    """

    schemas: SchemaStore
    users: SchemaUsers
    clock: Callable[[], datetime]

    async def __call__(self, principal: Principal, schema_id: SchemaId) -> None:
        workspace_id = principal.workspace_id
        if await self.schemas.find(workspace_id, schema_id) is None:
            if await self.schemas.removed_lately(workspace_id, schema_id):
                return
            raise SchemaNotFound
        await self._refuse_if_used(principal, schema_id)
        removal = Removal(new_id("rmv"), self.clock())
        await self.schemas.mark_removal(workspace_id, schema_id, removal)
        removed = False
        try:
            await self._refuse_if_used(principal, schema_id)
            removed = await self.schemas.remove(workspace_id, schema_id, removal.token)
        finally:
            if not removed:
                await self.schemas.end_removal(workspace_id, schema_id, removal.token)
        if not removed:
            raise RemovalOvertaken

    async def _refuse_if_used(self, principal: Principal, schema_id: SchemaId) -> None:
        uses = await self.users.uses(principal, schema_id)
        if uses.gpts or uses.others:
            raise SchemaInUse(uses)
