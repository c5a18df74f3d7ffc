from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog_service.ports import SignInsChecked
from contracts.ids import ActionId, WorkspaceId
from contracts.requests import ActionProblem, CheckActions, pages_to_check
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusSignIns:
    """Asks auth."""

    bus: Bus

    async def check(
        self, workspace_id: WorkspaceId, origins_of: Mapping[ActionId, Sequence[str]]
    ) -> SignInsChecked:
        found: dict[ActionId, ActionProblem] = {}
        unset: set[ActionId] = set()
        for page in pages_to_check(origins_of):
            checked = await self.bus.ask(CheckActions(workspace_id=workspace_id, actions=page))
            for problem in checked.problems:
                found.setdefault(problem.action_id, problem)
            unset.update(checked.unset)
        return SignInsChecked(tuple(found.values()), frozenset(unset))
