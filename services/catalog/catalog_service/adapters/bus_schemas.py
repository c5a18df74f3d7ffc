from collections.abc import Sequence
from dataclasses import dataclass

from catalog_service.domain.definition import NO_SERVER_VALUES, ServerValues
from contracts.ids import SchemaId, WorkspaceId
from contracts.requests import OperationBrief, ReadSchema, SchemaBrief, ServerChoice
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusSchemas:
    """Asks the schema service; its refusals pass through as they are."""

    bus: Bus

    async def read(
        self,
        workspace_id: WorkspaceId,
        schema_id: SchemaId,
        names: Sequence[str],
        server: ServerValues = NO_SERVER_VALUES,
    ) -> SchemaBrief:
        """All pages as one: a message holds 128 operations only where their texts are short.

        Each next page begins further on, so they end whatever is answered.
        """
        wanted = ReadSchema(
            workspace_id=workspace_id,
            schema_id=schema_id,
            names=tuple(names),
            server=_choice(server) if server else None,
        )
        page = await self.bus.ask(wanted)
        operations: list[OperationBrief] = [*page.operations]
        origins = {*page.origins}
        while page.next_offset is not None and page.next_offset == len(operations):
            page = await self.bus.ask(wanted.model_copy(update={"offset": page.next_offset}))
            operations += page.operations
            origins |= {*page.origins}
        return page.model_copy(
            update={
                "operations": tuple(operations),
                "origins": tuple(sorted(origins)),
                "next_offset": None,
            }
        )


def _choice(server: ServerValues) -> ServerChoice:
    return ServerChoice(base_url=server.base_url, server_variables=dict(server.variables))
