from dataclasses import dataclass

from contracts.ids import ActionId, WorkspaceId
from contracts.requests import ReadAction
from egress.server_url import canonical_origin
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusActions:
    """Asks catalog; its *not found* passes on as it is."""

    bus: Bus

    async def origins(self, workspace_id: WorkspaceId, action_id: ActionId) -> tuple[str, ...]:
        answer = await self.bus.ask(ReadAction(workspace_id=workspace_id, action_id=action_id))
        return tuple(sorted({canonical_origin(origin) for origin in answer.origins}))
