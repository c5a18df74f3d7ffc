from dataclasses import dataclass

from contracts.ids import WorkspaceId
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class ListDomains:
    """The entries of the list, in alphabetical order: up to `limit + 1` with that text in them."""

    rules: RuleStore

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None, text: str
    ) -> list[str]:
        rules = await self.rules.in_force(workspace_id)
        part = text.casefold()
        found = (each for each in rules.domains if part in each and (not after or each > after))
        return [*found][: limit + 1]
