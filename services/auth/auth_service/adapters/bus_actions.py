from collections.abc import Iterable
from dataclasses import dataclass

from auth_service.domain.action_hosts import ActionHosts, KeptSet
from contracts.ids import ActionId, WorkspaceId
from contracts.requests import ReadAction
from egress.server_url import canonical_origin
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusActions:
    """Asks catalog; its *not found* passes on as it is."""

    bus: Bus

    async def hosts(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionHosts:
        answer = await self.bus.ask(ReadAction(workspace_id=workspace_id, action_id=action_id))
        published = answer.published_origins
        return ActionHosts(
            draft=_canonical(answer.origins),
            published=None if published is None else _canonical(published),
            kept=tuple(KeptSet(kept.origin_set, kept.versions) for kept in answer.kept),
            releases_known="kept" in answer.model_fields_set,
            access=answer.access.access if answer.access else None,
            gpt_id=answer.gpt_id,
            gpt_name=answer.gpt_name,
        )


def _canonical(origins: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({canonical_origin(origin) for origin in origins}))
